package io.parley.verticles;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.Supplier;

/// Work that is done over and over, one round at a time: at once, then every period, and whenever
/// more is known to wait. A round that fails is complained of until one goes well. Confined to its
/// context.
final class Rounds {

  private final Supplier<? extends Future<?>> round;
  private final Complaint trouble;
  private final Promise<Void> ended = Promise.promise();
  private boolean underWay;
  private boolean again;
  private boolean ending;

  Rounds(Supplier<? extends Future<?>> round, Complaint trouble) {
    this.round = round;
    this.trouble = trouble;
  }

  /// Goes on until the context's verticle is undeployed.
  Future<?> every(Duration period, Vertx vertx) {
    vertx.setPeriodic(0, period.toMillis(), _ -> go());
    return Future.succeededFuture();
  }

  /// There is more to do: another round now, or when the one under way is over.
  void more() {
    again = underWay;
    go();
  }

  /// No round begins any more; completes when the one under way is over.
  Future<Void> end() {
    ending = true;
    if (!underWay) {
      ended.tryComplete();
    }
    return ended.future();
  }

  private void go() {
    if (underWay || ending) {
      return;
    }
    underWay = true;
    Future.succeededFuture()
        .<Void>compose(_ -> round.get().mapEmpty())
        .onComplete(
            done -> {
              underWay = false;
              if (done.failed()) {
                trouble.failed(done.cause());
              } else {
                trouble.worked();
              }
              if (ending) {
                ended.tryComplete();
              } else if (again && done.succeeded()) {
                again = false;
                go();
              }
            });
  }
}
