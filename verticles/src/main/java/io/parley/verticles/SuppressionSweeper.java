package io.parley.verticles;

import io.parley.edge.Arrival;
import io.parley.edge.Arrival.Source;
import io.parley.engine.Event;
import io.parley.engine.Reason;
import io.parley.store.Suppressions;
import io.parley.store.Suppressions.Over;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Ends suppression windows that are over and were not ended, whatever became of their timers.
/// Confined to its context.
final class SuppressionSweeper extends VerticleBase {

  private static final Duration PERIOD = Duration.ofMillis(500);

  /// A window's timer is given some time to come first.
  private static final Duration GRACE = Duration.ofSeconds(2);

  private static final int BATCH = 200;
  private static final Logger LOG = LoggerFactory.getLogger(SuppressionSweeper.class);

  private final Suppressions windows;
  private final Dispatcher dispatcher;
  private final Clock clock;
  private final Rounds rounds =
      new Rounds(this::sweep, new Complaint(LOG, "suppression windows cannot be read"));

  SuppressionSweeper(Suppressions windows, Dispatcher dispatcher, Clock clock) {
    this.windows = windows;
    this.dispatcher = dispatcher;
    this.clock = clock;
  }

  @Override
  public Future<?> start() {
    return rounds.every(PERIOD, vertx);
  }

  private Future<?> sweep() {
    return windows.over(clock.instant().minus(GRACE), BATCH).compose(this::end);
  }

  private Future<?> end(List<Over> over) {
    return Future.join(over.stream().map(this::end).toList());
  }

  /// A window of which its conversation knows nothing is ended here: there is nobody to tell.
  private Future<?> end(Over over) {
    Instant until = over.window().until();
    return dispatcher
        .dispatch(
            new Arrival(
                Source.SWEEP,
                over.window().conversation() + ":" + until,
                Optional.empty(),
                over.thread(),
                new Event.SuppressionElapsed(until),
                clock.instant()))
        .compose(
            decision ->
                decision instanceof Decision.Taken taken && isUnknown(taken)
                    ? windows.end(over.window().conversation(), clock.instant(), "unknown")
                    : Future.succeededFuture());
  }

  private static boolean isUnknown(Decision.Taken taken) {
    return taken.repeated() || taken.refusal().equals(Optional.of(Reason.NO_SUPPRESSION.word()));
  }
}
