package io.parley.verticles;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Profiles, transactional e-mails and broadcasts of an App API: one key; ten requests in any
/// second, a hundred e-mails, one trigger of a broadcast in ten; nobody where a plus sign or an at
/// sign was not encoded; a second e-mail where one is asked for twice.
final class AppFunctionServer {

  static final String KEY = "app-key";

  /// What becomes of an e-mail whose answer is lost.
  enum Loss {
    /// It is taken, and the connection is cut.
    CUT,
    /// It is taken, and never answered.
    SILENT,
    /// It is taken, and a proxy says otherwise.
    BAD_GATEWAY
  }

  private final Vertx vertx;
  private HttpServer server;
  private final Map<String, JsonObject> people = new HashMap<>();
  private final Map<String, Deque<Long>> recent = new HashMap<>();
  private final Map<String, Long> triggered = new HashMap<>();
  private final Deque<Loss> losses = new ArrayDeque<>();
  private final List<String> requests = new ArrayList<>();
  private final List<JsonObject> emails = new ArrayList<>();
  private final List<String> broadcasts = new ArrayList<>();
  private int refusals;
  private int overLimit;

  AppFunctionServer(Vertx vertx) {
    this.vertx = vertx;
    this.server = listen(0);
  }

  private HttpServer listen(int port) {
    return Service.await(
        vertx
            .createHttpServer()
            .requestHandler(
                request -> request.body().onSuccess(body -> answer(request, body.toString())))
            .listen(port, "127.0.0.1"));
  }

  /// Nobody listens any more.
  void goDown() {
    Service.await(server.close());
  }

  void comeBack() {
    server = listen(server.actualPort());
  }

  String url() {
    return "http://127.0.0.1:" + server.actualPort();
  }

  /// @param name type and identifier: `id person-42`
  synchronized void knows(String name, JsonObject attributes) {
    people.put(name, attributes);
  }

  synchronized void refuseNext() {
    refusals++;
  }

  synchronized void loseNext(Loss loss) {
    losses.add(loss);
  }

  synchronized List<String> requests() {
    return List.copyOf(requests);
  }

  synchronized List<JsonObject> emails() {
    return List.copyOf(emails);
  }

  /// The broadcasts that were triggered, each with the ids that it is for.
  synchronized List<String> broadcasts() {
    return List.copyOf(broadcasts);
  }

  /// How often more was asked than may be.
  synchronized int overLimit() {
    return overLimit;
  }

  private synchronized void answer(HttpServerRequest request, String body) {
    requests.add(request.method() + " " + request.uri());
    String path = request.path();
    boolean isEmail = path.equals("/v1/send/email");
    boolean isBroadcast = path.endsWith("/triggers");
    if (!("Bearer " + KEY).equals(request.getHeader("Authorization"))) {
      request.response().setStatusCode(401).end();
    } else if (refusals > 0) {
      refusals--;
      request.response().setStatusCode(429).putHeader("Retry-After", "1").end();
    } else if (!isBroadcast && isTooOften(isEmail ? "email" : "general", isEmail ? 100 : 10)) {
      overLimit++;
      request.response().setStatusCode(429).end();
    } else if (isEmail) {
      email(request, new JsonObject(body));
    } else if (isBroadcast) {
      broadcast(request, path.split("/", -1)[3], new JsonObject(body));
    } else {
      profile(request, path.split("/", -1)[3], request.getParam("id_type", "id"));
    }
  }

  private boolean isTooOften(String what, int perSecond) {
    long now = System.nanoTime();
    Deque<Long> times = recent.computeIfAbsent(what, _ -> new ArrayDeque<>());
    times.removeIf(it -> now - it > 1_000_000_000L);
    if (times.size() >= perSecond) {
      return true;
    }
    times.add(now);
    return false;
  }

  private void email(HttpServerRequest request, JsonObject email) {
    Object message = email.getValue("transactional_message_id");
    if (!(message instanceof Number) || email.getJsonObject("identifiers").size() != 1) {
      request
          .response()
          .setStatusCode(400)
          .end("{\"meta\": {\"error\": \"transactional message not found\"}}");
      return;
    }
    emails.add(email);
    switch (losses.poll()) {
      case CUT -> request.connection().close();
      case SILENT -> {}
      case BAD_GATEWAY -> request.response().setStatusCode(502).end();
      case null ->
          request
              .response()
              .end(
                  "{\"delivery_id\": \"RPILAg-%d\", \"queued_at\": 1500111111}"
                      .formatted(emails.size()));
    }
  }

  private void broadcast(HttpServerRequest request, String id, JsonObject body) {
    long now = System.nanoTime();
    Long before = triggered.get(id);
    if (before != null && now - before < 10_000_000_000L) {
      overLimit++;
      request.response().setStatusCode(429).end();
      return;
    }
    triggered.put(id, now);
    broadcasts.add(id + " " + body.getJsonArray("ids", new JsonArray()).encode());
    request.response().end("{\"id\": %d}".formatted(broadcasts.size()));
  }

  private void profile(HttpServerRequest request, String part, String type) {
    JsonObject attributes =
        part.contains("+") || part.contains("@")
            ? null
            : people.get(type + " " + URLDecoder.decode(part, StandardCharsets.UTF_8));
    if (attributes == null) {
      request.response().setStatusCode(404).end("{\"errors\": [{\"detail\": \"not found\"}]}");
      return;
    }
    request
        .response()
        .putHeader("Content-Type", "application/json; charset=utf-8")
        .end(
            new JsonObject()
                .put(
                    "customer",
                    new JsonObject()
                        .put("id", attributes.getString("id"))
                        .put("attributes", attributes)
                        .put("unsubscribed", false))
                .encode());
  }
}
