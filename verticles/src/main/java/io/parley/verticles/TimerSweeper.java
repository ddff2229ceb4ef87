package io.parley.verticles;

import io.parley.edge.Arrival;
import io.parley.edge.Arrival.Source;
import io.parley.engine.Event;
import io.parley.store.Timers;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings timers that ran out to their conversations. Confined to its context.
final class TimerSweeper extends VerticleBase {

  private static final Duration PERIOD = Duration.ofMillis(250);
  private static final Duration LEASE = Duration.ofSeconds(30);

  /// Timers that are brought at once: few at first, since a service that has just started takes
  /// them slowly and customers wait behind them; twice as many each time that all were needed.
  private static final int FIRST = 32;

  private static final int MOST = 512;

  private static final Logger LOG = LoggerFactory.getLogger(TimerSweeper.class);

  private final Timers timers;
  private final Dispatcher dispatcher;
  private final Clock clock;
  private final Rounds rounds =
      new Rounds(this::sweep, new Complaint(LOG, "timers cannot be read"));
  private int atOnce = FIRST;

  TimerSweeper(Timers timers, Dispatcher dispatcher, Clock clock) {
    this.timers = timers;
    this.dispatcher = dispatcher;
    this.clock = clock;
  }

  @Override
  public Future<?> start() {
    return rounds.every(PERIOD, vertx);
  }

  private Future<?> sweep() {
    return timers.lease(clock.instant(), atOnce, LEASE).compose(this::fire);
  }

  private Future<?> fire(List<Timers.Due> due) {
    if (due.size() == atOnce) {
      atOnce = Math.min(2 * atOnce, MOST);
      rounds.more();
    }
    return Future.join(due.stream().map(this::fire).toList());
  }

  private Future<Decision> fire(Timers.Due due) {
    return dispatcher.dispatch(
        new Arrival(
            Source.TIMER,
            due.timer().toString(),
            Optional.empty(),
            due.thread(),
            new Event.TimerFired(due.timer()),
            clock.instant()));
  }
}
