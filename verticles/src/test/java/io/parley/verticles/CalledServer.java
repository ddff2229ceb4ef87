package io.parley.verticles;

import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A web server that flows call, on all of this machine's loopback addresses. Answers each path as
/// it was told to, else 404; keeps what it was asked.
final class CalledServer {

  /// @param url path and query
  record Asked(String method, String url, MultiMap headers, String body) {}

  /// Answers a request, or does not.
  interface Answering {
    void answer(HttpServerRequest request, Asked asked);
  }

  private final HttpServer server;
  private final Map<String, Answering> answers = new HashMap<>();
  private final List<Asked> asked = new ArrayList<>();

  CalledServer(Vertx vertx) {
    try {
      server =
          vertx
              .createHttpServer()
              .requestHandler(
                  request -> request.body().onSuccess(body -> take(request, body.toString())))
              .listen(0, "0.0.0.0")
              .await(10, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }

  String url(String path) {
    return url("127.0.0.1", path);
  }

  String url(String host, String path) {
    return "http://" + host + ":" + server.actualPort() + path;
  }

  synchronized void on(String path, Answering answering) {
    answers.put(path, answering);
  }

  void answers(String path, int status, String contentType, String body) {
    on(
        path,
        (request, _) -> {
          if (!contentType.isEmpty()) {
            request.response().putHeader("Content-Type", contentType);
          }
          request.response().setStatusCode(status).end(body);
        });
  }

  void redirects(String path, int status, String location) {
    on(
        path,
        (request, _) ->
            request.response().setStatusCode(status).putHeader("Location", location).end());
  }

  private void take(HttpServerRequest request, String body) {
    Asked one = new Asked(request.method().name(), request.uri(), request.headers(), body);
    Answering answering;
    synchronized (this) {
      asked.add(one);
      answering =
          answers.getOrDefault(
              request.path(), (it, _) -> it.response().setStatusCode(404).end("nothing here"));
    }
    answering.answer(request, one);
  }

  synchronized List<Asked> asked() {
    return List.copyOf(asked);
  }

  /// What was asked of one path.
  List<Asked> asked(String path) {
    return asked().stream().filter(it -> it.url().split("\\?", 2)[0].equals(path)).toList();
  }
}
