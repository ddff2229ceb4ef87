package io.parley.bench;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.atomic.AtomicInteger;

/// A bare Vert.x HTTP server that answers each request with its body: the least that an answer over
/// HTTP costs.
///
/// Orders: `port`.
public final class Echo {

  private Echo() {}

  /// Takes no arguments.
  public static void main(String[] arguments) throws Exception {
    Vertx vertx = Vertx.vertx();
    AtomicInteger port = new AtomicInteger();
    vertx
        .deployVerticle(
            () -> new Server(port),
            new DeploymentOptions().setInstances(Runtime.getRuntime().availableProcessors()))
        .await();
    Orders.obey(_ -> new JsonObject().put("port", port.get()));
    vertx.close().await();
    System.exit(0);
  }

  /// One of an event loop's own.
  private static final class Server extends VerticleBase {
    private static final int FREE_AND_SHARED_BY_ALL = -1;

    private final AtomicInteger port;

    Server(AtomicInteger port) {
      this.port = port;
    }

    @Override
    public Future<?> start() {
      return vertx
          .createHttpServer()
          .requestHandler(request -> request.bodyHandler(body -> request.response().end(body)))
          .listen(FREE_AND_SHARED_BY_ALL, "127.0.0.1")
          .onSuccess(server -> port.set(server.actualPort()));
    }
  }
}
