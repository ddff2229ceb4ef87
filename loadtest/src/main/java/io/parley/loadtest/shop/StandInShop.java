package io.parley.loadtest.shop;

import io.parley.loadtest.standin.Ledger;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// A server on 127.0.0.1 that answers every request with `{"stock": 3}`, unless it is told to leave
/// one without an answer. Safe for any thread.
public final class StandInShop {

  private final Ledger<Asked> asked = new Ledger<>();
  private final AtomicLong count = new AtomicLong();
  private final Set<String> silent = ConcurrentHashMap.newKeySet();
  private volatile int port;

  private StandInShop() {}

  /// Starts the server; it ends with the Vert.x instance.
  public static Future<StandInShop> start(Vertx vertx) {
    StandInShop shop = new StandInShop();
    return vertx
        .createHttpServer()
        .requestHandler(request -> request.body().onSuccess(_ -> shop.take(request)))
        .listen(0, "127.0.0.1")
        .map(HttpServer::actualPort)
        .map(
            listening -> {
              shop.port = listening;
              return shop;
            });
  }

  /// Such as `http://127.0.0.1:40123`.
  public String baseUrl() {
    return "http://127.0.0.1:" + port;
  }

  /// Leaves the next request of that path without an answer, which then takes until its end.
  public void ignoreOnce(String path) {
    silent.add(path);
  }

  /// All requests, oldest first.
  public List<Asked> asked() {
    return asked.all();
  }

  private void take(HttpServerRequest request) {
    String call = request.getHeader("Idempotency-Key");
    Asked one = new Asked(request.method().name(), request.path(), call == null ? "" : call);
    asked.put(Long.toString(count.incrementAndGet()), one);
    if (!silent.remove(one.path())) {
      request
          .response()
          .putHeader("Content-Type", "application/json")
          .end(new JsonObject().put("stock", 3).encode());
    }
  }
}
