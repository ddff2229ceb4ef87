package io.parley.verticles;

import io.parley.edge.Arrival;
import io.parley.store.Inbox;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tries again what could not become a turn, and brings triggers that have waited for the end of a
/// handoff. Confined to its context.
final class InboxSweeper extends VerticleBase {

  private static final Duration PERIOD = Duration.ofSeconds(1);

  /// What ends elsewhere is seen so late at the most.
  private static final Duration RELEASED_EVERY = Duration.ofSeconds(5);

  private static final Duration LEASE = Duration.ofSeconds(30);
  private static final int BATCH = 50;
  private static final Logger LOG = LoggerFactory.getLogger(InboxSweeper.class);

  private final Inbox inbox;
  private final Dispatcher dispatcher;
  private final Rounds rounds =
      new Rounds(this::sweep, new Complaint(LOG, "the inbox cannot be swept"));
  private final Rounds releases =
      new Rounds(
          this::release,
          new Complaint(LOG, "triggers that wait for a handoff cannot be looked for"));

  InboxSweeper(Inbox inbox, Dispatcher dispatcher) {
    this.inbox = inbox;
    this.dispatcher = dispatcher;
  }

  @Override
  public Future<?> start() {
    return rounds
        .every(PERIOD, vertx)
        .compose(
            _ -> vertx.eventBus().localConsumer(Bus.INBOX_WAITS, _ -> rounds.more()).completion())
        .compose(_ -> releases.every(RELEASED_EVERY, vertx))
        .compose(
            _ ->
                vertx
                    .eventBus()
                    .localConsumer(Bus.HANDOFF_OVER, _ -> releases.more())
                    .completion());
  }

  private Future<?> release() {
    return inbox
        .release()
        .onSuccess(
            released -> {
              if (released > 0) {
                rounds.more();
              }
            });
  }

  private Future<?> sweep() {
    return inbox
        .lease(BATCH, LEASE)
        .compose(
            kept -> {
              // One after the other: events of one conversation keep the order that they arrived
              // in.
              Future<Void> all = Future.succeededFuture();
              for (Inbox.Kept each : kept) {
                all = all.compose(_ -> retry(each));
              }
              return all;
            });
  }

  private Future<Void> retry(Inbox.Kept kept) {
    Optional<Arrival.Source> source = Arrival.Source.parse(kept.source());
    if (source.isEmpty()) {
      LOG.atError()
          .addKeyValue("source", kept.source())
          .addKeyValue("source_id", kept.sourceId())
          .log("event parked, its source is not known; parley inbox retry tries it again");
      return inbox.park(kept.source(), kept.sourceId(), "unknown source " + kept.source());
    }
    Arrival arrival =
        new Arrival(
            source.get(),
            kept.sourceId(),
            kept.alias(),
            kept.thread(),
            kept.event(),
            kept.receivedAt());
    return dispatcher
        .retry(arrival)
        .compose(
            decision ->
                decision instanceof Decision.Taken taken && taken.repeated()
                    ? inbox.drop(kept.source(), kept.sourceId())
                    : Future.succeededFuture());
  }
}
