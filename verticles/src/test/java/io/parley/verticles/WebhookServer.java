package io.parley.verticles;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// A brand's own server, as `DESTINATIONS.md` tells to write one: verifies the signature and its
/// age, takes no body above its limit, keeps each event once by its id.
final class WebhookServer {

  private static final int MAX_BODY_BYTES = 100_000;
  private static final long FRESH_SECONDS = 300;

  /// @param retryAfter in seconds; empty text for none
  record Answer(int status, String retryAfter, String body) {
    static Answer of(int status) {
      return new Answer(status, "", "");
    }
  }

  /// @param names of the events that it carried; none of a body that was not looked into
  record Request(int status, List<String> names, long nanos) {}

  private final HttpServer server;
  private final List<String> secrets;
  private final Map<String, JsonObject> events = new LinkedHashMap<>();
  private final List<Request> requests = new ArrayList<>();
  private final Queue<Function<List<JsonObject>, Answer>> line = new ArrayDeque<>();
  private Function<List<JsonObject>, Answer> usual = _ -> Answer.of(204);
  private int repeats;

  /// @param secrets any of which a signature may be by
  WebhookServer(Vertx vertx, String... secrets) {
    this.secrets = List.of(secrets);
    server =
        Service.await(vertx.createHttpServer().requestHandler(this::heard).listen(0, "127.0.0.1"));
  }

  String url() {
    return "http://127.0.0.1:" + server.actualPort() + "/parley";
  }

  /// What the next request is answered; by 2xx it is taken.
  synchronized void next(Function<List<JsonObject>, Answer> answer) {
    line.add(answer);
  }

  synchronized void usually(Function<List<JsonObject>, Answer> answer) {
    usual = answer;
  }

  private void heard(HttpServerRequest request) {
    String signature = Optional.ofNullable(request.getHeader("Parley-Signature")).orElse("");
    request
        .body()
        .onSuccess(
            body -> {
              Answer answer = take(signature, body.toString());
              if (!answer.retryAfter().isEmpty()) {
                request.response().putHeader("Retry-After", answer.retryAfter());
              }
              if (answer.status() >= 300 && answer.status() < 400) {
                request.response().putHeader("Location", url());
              }
              request.response().setStatusCode(answer.status()).end(answer.body());
            });
  }

  private synchronized Answer take(String signature, String body) {
    if (!isGenuine(signature, body)) {
      return noted(Answer.of(401), List.of());
    }
    if (body.getBytes(StandardCharsets.UTF_8).length > MAX_BODY_BYTES) {
      return noted(Answer.of(413), List.of());
    }
    List<JsonObject> told = events(new JsonObject(body));
    Answer answer = (line.isEmpty() ? usual : line.remove()).apply(told);
    if (answer.status() < 300) {
      told.forEach(this::keep);
    }
    return noted(answer, told);
  }

  private Answer noted(Answer answer, List<JsonObject> told) {
    List<String> names = told.stream().map(it -> it.getString("name")).toList();
    requests.add(new Request(answer.status(), names, System.nanoTime()));
    return answer;
  }

  private static List<JsonObject> events(JsonObject body) {
    JsonArray events = body.getJsonArray("events", new JsonArray().add(body));
    return events.stream().map(JsonObject.class::cast).toList();
  }

  /// Keeps an event, also of a request that is to be answered as failed.
  void keep(JsonObject event) {
    if (events.putIfAbsent(event.getString("id"), event) != null) {
      repeats++;
    }
  }

  private boolean isGenuine(String signature, String body) {
    Map<String, List<String>> parts = new LinkedHashMap<>();
    for (String part : signature.split(",", -1)) {
      String[] pair = part.split("=", 2);
      parts.computeIfAbsent(pair[0], _ -> new ArrayList<>()).add(pair[pair.length - 1]);
    }
    long at = Long.parseLong(parts.getOrDefault("t", List.of("0")).getFirst());
    return Math.abs(Instant.now().getEpochSecond() - at) <= FRESH_SECONDS
        && secrets.stream()
            .map(secret -> hmac(secret, at + "." + body))
            .anyMatch(
                ours ->
                    parts.getOrDefault("v1", List.of()).stream()
                        .anyMatch(theirs -> MessageDigest.isEqual(bytes(ours), bytes(theirs))));
  }

  private static String hmac(String secret, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(bytes(secret), "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(bytes(text)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  synchronized List<Request> requests() {
    return List.copyOf(requests);
  }

  /// How many events came that were there already.
  synchronized int repeats() {
    return repeats;
  }

  /// Each once, in the order in which they came first.
  synchronized List<JsonObject> events() {
    return List.copyOf(events.values());
  }

  /// The names of the events of a person, in order.
  Stream<String> of(String person) {
    return events().stream()
        .filter(it -> person.equals(it.getJsonObject("person").getString("id")))
        .map(it -> it.getString("name"));
  }
}
