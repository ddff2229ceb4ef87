package io.parley.verticles;

import io.parley.store.Ingested;
import io.parley.store.Ingested.Waiting;
import io.parley.verticles.IngestedCalls.Outcome;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Works off calls about persons: those of one person one after the other, different persons' at
/// once. Confined to its context.
final class IngestSweeper extends VerticleBase {

  private static final Duration PERIOD = Duration.ofMillis(500);
  private static final Duration LEASE = Duration.ofSeconds(30);

  /// A person's calls are given back after this time, so that no lease ends while one is worked
  /// off.
  private static final Duration TURN = Duration.ofSeconds(15);

  /// Few enough that turns find a connection of the pool beside them.
  private static final int BATCH = 32;

  /// For how long a repeat is known as one. Segment's own promise is a day.
  private static final Duration NAMES_KEPT = Duration.ofDays(7);

  private static final Duration FORGETTING = Duration.ofHours(1);
  private static final Logger LOG = LoggerFactory.getLogger(IngestSweeper.class);

  private final Ingested ingested;
  private final IngestedCalls calls;
  private final Clock clock;
  private final Metrics metrics;
  private final Rounds rounds =
      new Rounds(this::sweep, new Complaint(LOG, "calls about persons cannot be worked off"));
  private final Rounds forgetting =
      new Rounds(this::forget, new Complaint(LOG, "names of calls cannot be forgotten"));

  IngestSweeper(Ingested ingested, IngestedCalls calls, Clock clock, Metrics metrics) {
    this.ingested = ingested;
    this.calls = calls;
    this.clock = clock;
    this.metrics = metrics;
  }

  @Override
  public Future<?> start() {
    return rounds
        .every(PERIOD, vertx)
        .compose(_ -> forgetting.every(FORGETTING, vertx))
        .compose(
            _ ->
                vertx
                    .eventBus()
                    .localConsumer(Bus.INGESTED_WAITS, _ -> rounds.more())
                    .completion());
  }

  private Future<?> forget() {
    return ingested.forgetNames(clock.instant().minus(NAMES_KEPT));
  }

  private Future<?> sweep() {
    return ingested
        .lease(BATCH, LEASE)
        .compose(
            leased -> {
              if (leased.size() == BATCH) {
                rounds.more();
              }
              return work(leased);
            });
  }

  private Future<?> work(List<Waiting> leased) {
    Map<String, List<Waiting>> bySubject = new LinkedHashMap<>();
    for (Waiting each : leased) {
      bySubject.computeIfAbsent(each.entry().subject(), _ -> new ArrayList<>()).add(each);
    }
    return Future.join(bySubject.values().stream().map(each -> new Queue(each).work()).toList());
  }

  /// The calls of one person. Confined to the sweeper's context.
  private final class Queue {

    private final List<Waiting> waiting;
    private final List<Long> done = new ArrayList<>();
    private final long begun = System.nanoTime();

    Queue(List<Waiting> waiting) {
      this.waiting = waiting;
    }

    Future<Void> work() {
      return next(0).eventually(() -> ingested.done(done));
    }

    private Future<Void> next(int index) {
      if (index == waiting.size()) {
        return Future.succeededFuture();
      }
      if (System.nanoTime() - begun > TURN.toNanos()) {
        return giveBack(index);
      }
      return worked(waiting.get(index))
          .transform(
              outcome ->
                  outcome.succeeded()
                      ? settle(waiting.get(index), outcome.result()).compose(_ -> next(index + 1))
                      : failed(waiting.get(index), outcome.cause())
                          .compose(_ -> giveBack(index + 1)));
    }

    private Future<Outcome> worked(Waiting each) {
      try {
        return calls.work(each);
      } catch (RuntimeException bug) {
        return Future.failedFuture(bug);
      }
    }

    private Future<Void> giveBack(int from) {
      return ingested.release(
          waiting.subList(from, waiting.size()).stream().map(Waiting::seq).toList());
    }

    private Future<Void> settle(Waiting each, Outcome outcome) {
      return switch (outcome) {
        case Outcome.Done _ -> {
          metrics.ingestWorked("done");
          done.add(each.seq());
          yield Future.succeededFuture();
        }
        case Outcome.Gone _ -> {
          metrics.ingestWorked("gone");
          yield Future.succeededFuture();
        }
        case Outcome.Unfit(String why) -> {
          metrics.ingestWorked("parked");
          parked(each, why);
          yield ingested.park(each.seq(), why);
        }
      };
    }

    private Future<Void> failed(Waiting each, Throwable failure) {
      String why = String.valueOf(failure.getMessage());
      return ingested
          .failed(each.seq(), why)
          .map(
              parked -> {
                metrics.ingestWorked(parked ? "parked" : "failed");
                if (parked) {
                  parked(each, why);
                } else {
                  LOG.atWarn()
                      .addKeyValue("source", each.entry().source())
                      .addKeyValue("message_id", each.entry().messageId())
                      .addKeyValue("why", why)
                      .log("a call about a person is tried again");
                }
                return null;
              });
    }

    private static void parked(Waiting each, String why) {
      LOG.atError()
          .addKeyValue("source", each.entry().source())
          .addKeyValue("message_id", each.entry().messageId())
          .addKeyValue("why", why)
          .log("a call about a person is parked; parley ingested retry tries it again");
    }
  }
}
