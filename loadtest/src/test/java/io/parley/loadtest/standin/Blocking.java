package io.parley.loadtest.standin;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.vertx.core.Future;
import java.util.concurrent.TimeoutException;

/// Waits for futures on a test's own thread.
public final class Blocking {

  private static final int PATIENCE_SECONDS = 10;

  private Blocking() {}

  public static <T> T now(Future<T> future) {
    try {
      return future.await(PATIENCE_SECONDS, SECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError("nothing within " + PATIENCE_SECONDS + " s", e);
    }
  }
}
