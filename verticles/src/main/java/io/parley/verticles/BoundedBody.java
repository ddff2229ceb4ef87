package io.parley.verticles;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.codec.spi.BodyStream;
import org.jspecify.annotations.Nullable;

/// The beginning of an answer's body, as a text: what another system says shall not fill our
/// memory. The rest is read and forgotten.
final class BoundedBody implements BodyStream<String> {

  private final int maxBytes;
  private final Buffer body = Buffer.buffer();
  private final Promise<String> result = Promise.promise();

  BoundedBody(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  @Override
  public Future<Void> write(Buffer chunk) {
    int room = maxBytes - body.length();
    if (room > 0) {
      body.appendBuffer(chunk, 0, Math.min(room, chunk.length()));
    }
    return Future.succeededFuture();
  }

  @Override
  public Future<Void> end() {
    result.tryComplete(body.toString());
    return Future.succeededFuture();
  }

  @Override
  public Future<String> result() {
    return result.future();
  }

  @Override
  public void handle(Throwable failure) {
    result.tryFail(failure);
  }

  @Override
  public BoundedBody exceptionHandler(@Nullable Handler<Throwable> handler) {
    return this;
  }

  @Override
  public BoundedBody setWriteQueueMaxSize(int maxSize) {
    return this;
  }

  @Override
  public boolean writeQueueFull() {
    return false;
  }

  @Override
  public BoundedBody drainHandler(@Nullable Handler<@Nullable Void> handler) {
    return this;
  }
}
