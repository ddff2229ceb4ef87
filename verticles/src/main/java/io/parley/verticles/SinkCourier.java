package io.parley.verticles;

import io.parley.edge.OutcomeSink;
import io.parley.edge.OutcomeSink.Verdict;
import io.parley.engine.Effect;
import io.parley.engine.EffectId;
import io.parley.store.LastCheck.Doubt;
import io.parley.store.Outbox;
import io.parley.store.Outbox.Leased;
import io.parley.verticles.Handover.Handed;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Delivers reports to one destination: leases, hands over, and does as the verdicts say. One
/// handover at a time, so that each person's reports arrive in order; an outage pauses the courier
/// and grows nothing but its own queue. Confined to its context.
final class SinkCourier extends VerticleBase {

  private static final Duration PERIOD = Duration.ofMillis(500);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);

  /// As many reports ask a destination that was down whether it is up again: enough for a sign of
  /// life, and next to nothing to lease, to compose and to give back while it is not.
  private static final int FEELER = 20;

  /// A destination may ask for more, and is asked again after this all the same.
  private static final Duration LONGEST_ASKED = Duration.ofHours(1);

  /// What is kept of a report that may not leave any more, with the reason behind it.
  private static final String DROPPED = "dropped: ";

  private static final String DID_NOT_FIT = "did not fit the batch";
  private static final Logger LOG = LoggerFactory.getLogger(SinkCourier.class);

  private final Destination told;
  private final String destination;
  private final Function<Vertx, Handover> opening;
  private final Outbox outbox;
  private final ActivationGate gate;
  private final Pace pace;
  private final Metrics metrics;
  private final Readiness readiness;

  /// The destination does not take reports.
  private final Complaint outage;

  /// Reports cannot be read, or their verdicts not be stored.
  private final Complaint broken;

  private Handover handover;
  private Optional<Staleness> staleness = Optional.empty();
  private boolean atWork;
  private boolean again;
  private boolean closing;
  private final Promise<Void> drained = Promise.promise();
  private long pausedUntil = System.nanoTime();
  private int failures;
  private int batchLimit;

  /// @param requestsPerSecond handovers, at most
  /// @param requestTimeout how long one may take at most; then it will be repeated
  /// @param gathering how long is waited for more reports where there was room for them
  /// @param longestPause how long it is left alone at most while it is down and does not ask for
  ///     more
  record Pace(
      double requestsPerSecond,
      Duration requestTimeout,
      Duration gathering,
      Duration longestPause) {

    /// Unless somebody says otherwise.
    static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    Pace(double requestsPerSecond, Duration requestTimeout) {
      this(requestsPerSecond, requestTimeout, Duration.ZERO, LONGEST_PAUSE);
    }

    private Duration between() {
      return Duration.ofNanos((long) (1e9 / requestsPerSecond));
    }
  }

  /// @param opening what hands over, once the courier starts
  @SuppressWarnings("NullAway.Init") // the handover is opened when the verticle starts
  SinkCourier(
      Destination told,
      Function<Vertx, Handover> opening,
      Outbox outbox,
      ActivationGate gate,
      Metrics metrics,
      Readiness readiness) {
    this.told = told;
    this.destination = told.name();
    this.opening = opening;
    this.outbox = outbox;
    this.gate = gate;
    this.pace = told.pace();
    this.metrics = metrics;
    this.readiness = readiness;
    this.outage = new Complaint(LOG, "reports to " + destination + " wait");
    this.broken = new Complaint(LOG, "reports to " + destination + " cannot be worked off");
  }

  @Override
  public Future<?> start() {
    handover = opening.apply(vertx);
    staleness = handover.freshFor().map(fresh -> new Staleness(destination, fresh, metrics));
    batchLimit = handover.maxBatchSize();
    vertx.setPeriodic(PERIOD.toMillis(), _ -> work());
    return vertx.eventBus().localConsumer(Bus.REPORTS_WAIT).handler(_ -> work()).completion();
  }

  /// Waits for the answer to what has left, and for its verdicts to be stored.
  @Override
  public Future<?> stop() {
    closing = true;
    completeDrained();
    return drained.future().onComplete(_ -> handover.close());
  }

  private void completeDrained() {
    if (closing && !atWork) {
      drained.tryComplete();
    }
  }

  /// What a courier that died has leased waits for as long, and everything behind it, so a lease is
  /// short: a request and as much again for the database. A repeat is ignored by its id.
  private Duration lease() {
    return pace.requestTimeout.multipliedBy(2);
  }

  private void work() {
    if (atWork) {
      again = true;
      return;
    }
    if (closing || System.nanoTime() - pausedUntil < 0) {
      return;
    }
    atWork = true;
    again = false;
    outbox
        .leaseReports(destination, batchLimit, lease())
        .compose(this::deliver)
        .onComplete(
            delivered -> {
              atWork = false;
              completeDrained();
              if (delivered.failed()) {
                broken.failed(delivered.cause());
                pause(FIRST_PAUSE);
                return;
              }
              broken.worked();
              if (delivered.result() || again) {
                vertx.runOnContext(_ -> work());
              }
            });
  }

  /// Answers whether more may be waiting.
  private Future<Boolean> deliver(List<Leased> leased) {
    if (leased.isEmpty()) {
      return Future.succeededFuture(false);
    }
    long begun = System.nanoTime();
    return gate.doubts(told, leased)
        .compose(doubts -> drop(leased, doubts))
        .compose(
            kept ->
                kept.isEmpty()
                    ? Future.succeededFuture(true)
                    : handover
                        .hand(kept.stream().map(Leased::effect).toList())
                        .compose(handed -> settle(handed, kept, begun)));
  }

  /// Takes what may not leave any more out of the queue, and answers the rest. Of who was erased
  /// nothing is kept, since the row is gone.
  private Future<List<Leased>> drop(List<Leased> leased, Map<EffectId, Doubt> doubts) {
    Future<Void> done = Future.succeededFuture();
    for (Doubt doubt : Doubt.values()) {
      List<Leased> rows = leased.stream().filter(row -> doubts.get(row.id()) == doubt).toList();
      if (!rows.isEmpty()) {
        metrics.dropped(destination, doubt.word(), rows.size());
        done = done.compose(_ -> outbox.delivered(rows, DROPPED + doubt.word()));
      }
    }
    return done.map(_ -> leased.stream().filter(row -> !doubts.containsKey(row.id())).toList());
  }

  private static Leased taken(Map<EffectId, Leased> rows, Effect.Outgoing effect) {
    Leased row = rows.remove(effect.id());
    if (row == null) {
      throw new IllegalStateException("an answer about a report that was not handed over");
    }
    return row;
  }

  private Future<Boolean> settle(Handed handed, List<Leased> leased, long begun) {
    Map<EffectId, Leased> rows = new LinkedHashMap<>();
    leased.forEach(row -> rows.put(row.id(), row));
    Future<Void> done = Future.succeededFuture();
    for (Map.Entry<Effect.Outgoing, String> hopeless : handed.undeliverable().entrySet()) {
      Leased row = taken(rows, hopeless.getKey());
      done = done.compose(_ -> bury(row, hopeless.getValue()));
    }
    List<Leased> delivered = new ArrayList<>();
    List<Leased> retried = new ArrayList<>();
    Duration pause = Duration.ZERO;
    String why = "";
    for (int i = 0; i < handed.verdicts().size(); i++) {
      Leased row = taken(rows, handed.reports().get(i));
      switch (handed.verdicts().get(i)) {
        case Verdict.Delivered() -> delivered.add(row);
        case Verdict.Retry(var reason, var after) -> {
          retried.add(row);
          why = reason;
          pause = after.orElseGet(this::nextPause);
        }
        case Verdict.Refused(var reason) -> done = done.compose(_ -> bury(row, reason));
      }
    }
    List<Leased> left = List.copyOf(rows.values());
    if (!handed.reports().isEmpty()) {
      rest(handed, left.isEmpty() && leased.size() < batchLimit, begun);
      if (retried.isEmpty()) {
        recover();
      } else {
        postpone(handed, why, pause);
      }
    }
    metrics.report(destination, handover.outcome(), delivered.size());
    match(handed, delivered);
    staleness.ifPresent(it -> it.look(delivered));
    metrics.report(destination, "retried", retried.size());
    String because = why;
    return done.compose(_ -> unless(left, () -> outbox.giveBack(left, Duration.ZERO, DID_NOT_FIT)))
        .compose(_ -> unless(retried, () -> outbox.retry(retried, because)))
        .compose(_ -> unless(delivered, () -> outbox.delivered(delivered, handover.outcome())))
        .map(_ -> retried.isEmpty());
  }

  /// Counts by what a network is told of people, those among them of whom nothing is known that it
  /// could find them by.
  private void match(Handed handed, List<Leased> delivered) {
    if (!(told.taker() instanceof OutcomeSink sink) || !sink.isActivation()) {
      return;
    }
    for (Leased row : delivered) {
      metrics.knownBy(destination, String.join("+", sink.knownBy(row.effect())));
    }
    for (Effect.Outgoing unsent : handed.undeliverable().keySet()) {
      if (sink.knownBy(unsent).isEmpty()) {
        metrics.knownBy(destination, "");
      }
    }
    handed.receipt().ifPresent(receipt -> metrics.receipt(destination, receipt));
  }

  private static Future<Void> unless(List<Leased> rows, Supplier<Future<Void>> storing) {
    return rows.isEmpty() ? Future.succeededFuture() : storing.get();
  }

  private Future<Void> bury(Leased row, String reason) {
    metrics.report(destination, "refused", 1);
    return outbox.bury(row, reason);
  }

  /// @param all whether nothing is known to wait
  private void rest(Handed handed, boolean all, long begun) {
    boolean gathers = all && !handed.blamesTheWhole();
    Duration rest =
        gathers && pace.gathering.compareTo(pace.between()) > 0 ? pace.gathering : pace.between();
    pause(rest.minusNanos(System.nanoTime() - begun));
  }

  private void recover() {
    failures = 0;
    batchLimit = handover.maxBatchSize();
    outage.worked();
    readiness.mended(destination);
  }

  /// A batch that is refused whole without a word about its items is halved until the one at fault
  /// stands alone; anything else is an outage, which pauses the courier and which it asks about
  /// with few reports.
  private void postpone(Handed handed, String why, Duration pause) {
    failures++;
    if (handed.blamesTheWhole()) {
      batchLimit = Math.max(1, handed.reports().size() / 2);
      again = true;
      return;
    }
    batchLimit = Math.min(batchLimit, FEELER);
    outage.failed(why);
    readiness.troubled(destination, handed.trouble());
    pause(pause.compareTo(LONGEST_ASKED) > 0 ? LONGEST_ASKED : pause);
  }

  private Duration nextPause() {
    long millis = FIRST_PAUSE.toMillis() << Math.min(failures, 10);
    long bounded = Math.min(millis, pace.longestPause.toMillis());
    return Duration.ofMillis(bounded / 2 + ThreadLocalRandom.current().nextLong(bounded / 2 + 1));
  }

  private void pause(Duration pause) {
    pausedUntil = Math.max(pausedUntil, System.nanoTime() + pause.toNanos());
    vertx.setTimer(Math.max(1, pause.toMillis()), _ -> work());
  }
}
