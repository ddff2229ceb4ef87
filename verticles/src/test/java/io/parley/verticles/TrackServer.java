package io.parley.verticles;

import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/// A Track API of one path. Answers 200 unless an answer was put in line; keeps what it has taken.
final class TrackServer {

  record Answer(int status, MultiMap headers, String body) {
    static Answer of(int status) {
      return new Answer(status, MultiMap.caseInsensitiveMultiMap(), "{}");
    }
  }

  /// @param nanos when it came, by [System#nanoTime]
  record Request(List<JsonObject> items, int status, long nanos) {}

  private final HttpServer server;
  private final List<Request> requests = new ArrayList<>();
  private final Queue<Function<List<JsonObject>, Answer>> line = new ArrayDeque<>();
  private Function<List<JsonObject>, Answer> usual = _ -> Answer.of(200);

  TrackServer(Vertx vertx) throws TimeoutException {
    server =
        vertx
            .createHttpServer()
            .requestHandler(
                request ->
                    request
                        .body()
                        .onSuccess(
                            body -> {
                              Answer answer = take(body.toJsonObject().getJsonArray("batch"));
                              request.response().headers().addAll(answer.headers());
                              request.response().setStatusCode(answer.status()).end(answer.body());
                            }))
            .listen(0, "127.0.0.1")
            .await(10, TimeUnit.SECONDS);
  }

  String url() {
    return "http://127.0.0.1:" + server.actualPort();
  }

  synchronized void next(Function<List<JsonObject>, Answer> answer) {
    line.add(answer);
  }

  synchronized void usually(Function<List<JsonObject>, Answer> answer) {
    usual = answer;
  }

  private synchronized Answer take(JsonArray batch) {
    List<JsonObject> items = batch.stream().map(JsonObject.class::cast).toList();
    Answer answer = (line.isEmpty() ? usual : line.remove()).apply(items);
    requests.add(new Request(items, answer.status(), System.nanoTime()));
    return answer;
  }

  synchronized List<Request> requests() {
    return List.copyOf(requests);
  }

  /// The items of requests that were answered with 200, in order.
  synchronized List<JsonObject> taken() {
    return requests.stream()
        .filter(request -> request.status() == 200)
        .flatMap(request -> request.items().stream())
        .toList();
  }

  /// What [#taken] is about: the event's name, or `identify`.
  List<String> names() {
    return taken().stream().map(TrackServer::name).toList();
  }

  static String name(JsonObject item) {
    return item.getString("name", item.getString("action"));
  }
}
