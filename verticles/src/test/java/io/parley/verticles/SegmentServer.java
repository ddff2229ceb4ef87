package io.parley.verticles;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Segment's tracking API, as far as it is documented: the write key by Basic, the limits on bytes
/// and calls, a rate, and each message taken once by its id.
final class SegmentServer {

  private static final int MAX_BODY_BYTES = 500 * 1024;
  private static final int MAX_CALL_BYTES = 32 * 1024;
  private static final int MAX_CALLS = 2_500;
  private static final int MAX_ID_LENGTH = 99;

  private final HttpServer server;
  private final String authorization;
  private final Map<String, JsonObject> calls = new LinkedHashMap<>();
  private final List<Integer> statuses = new ArrayList<>();
  private String refused = "";
  private int perSecond = 1_000;
  private long second;
  private int inSecond;

  SegmentServer(Vertx vertx, String writeKey) {
    this.authorization =
        "Basic "
            + Base64.getEncoder().encodeToString((writeKey + ":").getBytes(StandardCharsets.UTF_8));
    server =
        Service.await(vertx.createHttpServer().requestHandler(this::heard).listen(0, "127.0.0.1"));
  }

  String url() {
    return "http://127.0.0.1:" + server.actualPort();
  }

  /// How many requests a second are taken.
  synchronized void allow(int requests) {
    perSecond = requests;
  }

  /// Any batch with a call about this person is refused.
  synchronized void refuse(String person) {
    refused = person;
  }

  private void heard(HttpServerRequest request) {
    String credentials = Optional.ofNullable(request.getHeader("Authorization")).orElse("");
    request
        .body()
        .onSuccess(
            body -> {
              int status = take(request.path(), credentials, body.toString());
              HttpServerResponse response = request.response().setStatusCode(status);
              if (status == 429) {
                response.putHeader("Retry-After", "1");
              }
              response.end("{\"success\":%b}".formatted(status == 200));
            });
  }

  private synchronized int take(String path, String credentials, String body) {
    int status = status(path, credentials, body);
    statuses.add(status);
    if (status == 200) {
      calls(body).forEach(call -> calls.putIfAbsent(call.getString("messageId"), call));
    }
    return status;
  }

  private int status(String path, String credentials, String body) {
    if (!path.equals("/v1/batch")) {
      return 404;
    }
    if (!credentials.equals(authorization)) {
      return 401;
    }
    if (isTooFast()) {
      return 429;
    }
    if (bytes(body) > MAX_BODY_BYTES) {
      return 400;
    }
    List<JsonObject> told;
    try {
      told = calls(body);
    } catch (DecodeException _) {
      return 400;
    }
    return told.size() <= MAX_CALLS && told.stream().allMatch(this::isRight) ? 200 : 400;
  }

  private boolean isTooFast() {
    long now = System.nanoTime() / 1_000_000_000L;
    inSecond = now == second ? inSecond + 1 : 1;
    second = now;
    return inSecond > perSecond;
  }

  private boolean isRight(JsonObject call) {
    return bytes(call.encode()) <= MAX_CALL_BYTES
        && call.getString("messageId", "").matches(".{1," + MAX_ID_LENGTH + "}")
        && (call.containsKey("userId") || call.containsKey("anonymousId"))
        && !call.getString("userId", "").equals(refused);
  }

  private static List<JsonObject> calls(String body) {
    return new JsonObject(body).getJsonArray("batch").stream().map(JsonObject.class::cast).toList();
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  /// What requests were answered, in order.
  synchronized List<Integer> statuses() {
    return List.copyOf(statuses);
  }

  /// Each once, in the order in which they came first.
  synchronized List<JsonObject> calls() {
    return List.copyOf(calls.values());
  }

  /// The events of a person, in order; `identify` for what is no event.
  Stream<String> of(String person) {
    return calls().stream()
        .filter(it -> person.equals(it.getString("userId")))
        .map(it -> it.getString("event", it.getString("type")));
  }
}
