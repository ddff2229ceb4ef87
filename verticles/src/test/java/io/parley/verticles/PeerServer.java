package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.function.Function;
import java.util.function.Predicate;

/// The web server of a stand-in: answers one request at a time by the stand-in's own rules, and now
/// and then as it is told to.
final class PeerServer {

  /// @param path without the query
  /// @param headers by lower-case name
  record Asked(String method, String path, String query, Map<String, String> headers, String body) {

    JsonObject json() {
      return new JsonObject(body);
    }

    /// The values of a form, each name's in order.
    Map<String, List<String>> form() {
      return pairs(body);
    }

    String parameter(String name) {
      return pairs(query).getOrDefault(name, List.of("")).getFirst();
    }

    private static Map<String, List<String>> pairs(String text) {
      Map<String, List<String>> pairs = new HashMap<>();
      for (String pair : text.split("&", -1)) {
        String[] parts = pair.split("=", 2);
        pairs
            .computeIfAbsent(
                URLDecoder.decode(parts[0], StandardCharsets.UTF_8), _ -> new ArrayList<>())
            .add(parts.length > 1 ? URLDecoder.decode(parts[1], StandardCharsets.UTF_8) : "");
      }
      return pairs;
    }
  }

  record Answered(int status, String body, Map<String, String> headers) {
    static Answered of(int status, String body) {
      return new Answered(status, body, Map.of());
    }

    static Answered of(int status, JsonObject body) {
      return of(status, body.encode());
    }
  }

  /// What becomes of a request that a test has a mind for.
  ///
  /// @param isWorkedOff whether it is done all the same, and only its answer lost
  private record Mishap(Predicate<Asked> which, Answered answer, boolean isWorkedOff) {}

  private final Function<Asked, Answered> rules;
  private final HttpServer server;
  private final List<Asked> asked = new ArrayList<>();
  private final Queue<Mishap> mishaps = new ArrayDeque<>();
  private boolean isDown;

  PeerServer(Vertx vertx, Function<Asked, Answered> rules) {
    this.rules = rules;
    server =
        Service.await(vertx.createHttpServer().requestHandler(this::heard).listen(0, "127.0.0.1"));
  }

  String url() {
    return "http://127.0.0.1:" + server.actualPort();
  }

  private void heard(HttpServerRequest request) {
    Map<String, String> headers = new HashMap<>();
    request
        .headers()
        .forEach(entry -> headers.put(entry.getKey().toLowerCase(Locale.ROOT), entry.getValue()));
    String query = request.query() == null ? "" : request.query();
    request
        .body()
        .onSuccess(
            body -> {
              Answered answer =
                  answer(
                      new Asked(
                          request.method().name(),
                          request.path(),
                          query,
                          headers,
                          body.toString()));
              answer.headers().forEach(request.response()::putHeader);
              request.response().setStatusCode(answer.status()).end(answer.body());
            });
  }

  private synchronized Answered answer(Asked request) {
    asked.add(request);
    if (isDown) {
      return Answered.of(503, "");
    }
    Mishap mishap = mishaps.peek();
    if (mishap == null || !mishap.which().test(request)) {
      return rules.apply(request);
    }
    mishaps.remove();
    if (mishap.isWorkedOff()) {
      Answered lost = rules.apply(request);
      assertThat(lost.status()).as("it is worked off").isLessThan(300);
    }
    return mishap.answer();
  }

  /// The next such request is answered so, and not worked off.
  synchronized void refuseNext(Predicate<Asked> which, Answered answer) {
    mishaps.add(new Mishap(which, answer, false));
  }

  /// The next such request is worked off, and answered as if it had not been.
  synchronized void loseNextAnswer(Predicate<Asked> which) {
    mishaps.add(new Mishap(which, Answered.of(502, ""), true));
  }

  synchronized void goDown() {
    isDown = true;
  }

  synchronized void comeBack() {
    isDown = false;
  }

  synchronized List<Asked> asked() {
    return List.copyOf(asked);
  }

  synchronized long count(Predicate<Asked> which) {
    return asked.stream().filter(which).count();
  }
}
