package io.parley.verticles;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;

/// Reads a request's body as the bytes that came, since signatures are over those; refuses one that
/// is longer than the limit with 413, and counts it.
final class RawBody implements Handler<RoutingContext> {

  private static final String KEY = "parley.raw-body";

  private final String edge;
  private final int maxBodyBytes;
  private final Metrics metrics;

  /// @param edge whose bodies they are, as the metrics name it
  RawBody(String edge, int maxBodyBytes, Metrics metrics) {
    this.edge = edge;
    this.maxBodyBytes = maxBodyBytes;
    this.metrics = metrics;
  }

  /// The body that was read.
  static byte[] of(RoutingContext context) {
    return context.<Buffer>get(KEY).getBytes();
  }

  @Override
  public void handle(RoutingContext context) {
    Buffer body = Buffer.buffer();
    context
        .request()
        .handler(
            chunk -> {
              if (body.length() <= maxBodyBytes) {
                body.appendBuffer(chunk);
              }
            });
    context.request().exceptionHandler(failure -> context.fail(400, failure));
    context
        .request()
        .endHandler(
            _ -> {
              if (body.length() > maxBodyBytes) {
                metrics.edgeRefused(edge, "too_large");
                context.fail(413);
                return;
              }
              context.put(KEY, body);
              context.next();
            });
  }
}
