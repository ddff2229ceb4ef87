package io.parley.verticles;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Makes calls that block, each on a virtual thread, and answers on the caller's context.
final class BlockingCalls implements AutoCloseable {

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  <T> Future<T> make(Vertx vertx, Callable<T> call) {
    Promise<T> promise = Promise.promise();
    Context context = vertx.getOrCreateContext();
    threads.execute(
        () -> {
          try {
            T result = call.call();
            context.runOnContext(_ -> promise.complete(result));
          } catch (Exception bug) {
            context.runOnContext(_ -> promise.fail(bug));
          }
        });
    return promise.future();
  }

  @Override
  public void close() {
    threads.shutdown();
  }
}
