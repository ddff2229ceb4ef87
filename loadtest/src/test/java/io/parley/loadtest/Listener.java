package io.parley.loadtest;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The server of somebody who is told of outcomes by the signed webhook, and takes whatever comes.
/// Safe for any thread.
final class Listener implements AutoCloseable {

  private final Vertx vertx = Vertx.vertx();
  private final HttpServer server;
  private final Queue<Timing> delays = new ConcurrentLinkedQueue<>();
  private final Queue<String> ids = new ConcurrentLinkedQueue<>();

  Listener() throws TimeoutException {
    server =
        vertx
            .createHttpServer()
            .requestHandler(this::take)
            .listen(0, "127.0.0.1")
            .await(10, TimeUnit.SECONDS);
  }

  String url() {
    return "http://127.0.0.1:" + server.actualPort() + "/parley";
  }

  private void take(HttpServerRequest request) {
    request
        .body()
        .onSuccess(
            body -> {
              body.toJsonObject().getJsonArray("events").stream()
                  .map(JsonObject.class::cast)
                  .forEach(this::told);
              request.response().setStatusCode(204).end();
            });
  }

  private void told(JsonObject event) {
    long nanos = Duration.between(Instant.parse(event.getString("at")), Instant.now()).toNanos();
    delays.add(new Timing(System.nanoTime() - nanos, nanos));
    ids.add(event.getString("id"));
  }

  /// How long after it happened each outcome was told.
  List<Timing> delays() {
    return new ArrayList<>(delays);
  }

  /// Of all that was told, in order.
  List<String> ids() {
    return new ArrayList<>(ids);
  }

  @Override
  public void close() {
    vertx.close().await();
  }
}
