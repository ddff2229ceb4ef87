package io.parley.verticles;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The HTTP server: each edge mounts its own routes. Confined to its context.
final class WebVerticle extends VerticleBase {

  /// An edge with answers that would never end by themselves.
  interface Lasting {

    /// Ends them, and refuses new ones; called on the server's context.
    void end();
  }

  /// Longer than an event may take.
  private static final Duration DRAIN = Duration.ofSeconds(5);

  private static final Logger LOG = LoggerFactory.getLogger(WebVerticle.class);

  private final String host;
  private final AtomicInteger port;
  private final List<Consumer<Router>> edges;
  private Optional<HttpServer> server = Optional.empty();

  /// @param port the port to listen on; where it is 0, the one that was taken is put there
  WebVerticle(String host, AtomicInteger port, List<Consumer<Router>> edges) {
    this.host = host;
    this.port = port;
    this.edges = List.copyOf(edges);
  }

  @Override
  public Future<?> start() {
    Router router = Router.router(vertx);
    edges.forEach(edge -> edge.accept(router));
    router.route().failureHandler(WebVerticle::failed);
    for (int status : new int[] {404, 405}) {
      router.errorHandler(status, context -> answer(context, status, explanation(status)));
    }
    router.errorHandler(400, WebVerticle::unreadable);
    return vertx
        .createHttpServer(
            new HttpServerOptions().setIdleTimeout(120).setDecompressionSupported(false))
        .requestHandler(router)
        .listen(port.get(), host)
        .onSuccess(
            listening -> {
              server = Optional.of(listening);
              port.set(listening.actualPort());
            });
  }

  /// Takes no new request, and answers those that are under way.
  @Override
  public Future<?> stop() {
    edges.stream().filter(Lasting.class::isInstance).map(Lasting.class::cast).forEach(Lasting::end);
    return server
        .map(listening -> listening.shutdown(DRAIN.toSeconds(), TimeUnit.SECONDS))
        .orElse(Future.succeededFuture());
  }

  /// What is no request at all, such as a path that cannot be decoded: no route ever sees it.
  private static void unreadable(RoutingContext context) {
    LOG.atDebug().setCause(context.failure()).log("a request could not be read");
    answer(context, 400, explanation(400));
  }

  private static void failed(RoutingContext context) {
    int status = context.statusCode() < 400 ? 500 : context.statusCode();
    if (status >= 500) {
      LOG.atError()
          .addKeyValue("path", context.normalizedPath())
          .setCause(context.failure())
          .log("a request failed");
    }
    answer(context, status, explanation(status));
  }

  private static String explanation(int status) {
    return switch (status) {
      case 404 -> "there is nothing at this path";
      case 405 -> "this path does not take this method";
      case 413 -> "the body is too large";
      case 400 -> "the request could not be read";
      default -> "the request could not be handled; nothing was stored";
    };
  }

  /// Every refusal has this shape: `{"status":"error","message":"..."}`.
  static void answer(RoutingContext context, int status, String message) {
    answer(context, status, new JsonObject().put("status", "error").put("message", message));
  }

  static void answer(RoutingContext context, int status, JsonObject body) {
    if (context.response().ended() || context.response().closed()) {
      return;
    }
    context
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", "application/json; charset=utf-8")
        .end(body.toBuffer());
  }
}
