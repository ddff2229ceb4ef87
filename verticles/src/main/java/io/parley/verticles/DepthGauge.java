package io.parley.verticles;

import io.parley.store.DeadLetters;
import io.parley.store.InboundRelay;
import io.parley.store.Inbox;
import io.parley.store.Ingested;
import io.parley.store.Outbox;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads every few seconds how much waits where, and less often where that takes long. Confined to
/// its context.
final class DepthGauge extends VerticleBase {

  private static final Duration PERIOD = Duration.ofSeconds(5);

  /// It rests for so many times as long as it has read, so that it never takes much of a core of
  /// the database.
  private static final int REST = 20;

  private static final Logger LOG = LoggerFactory.getLogger(DepthGauge.class);

  private final Outbox outbox;
  private final Inbox inbox;
  private final Ingested ingested;
  private final InboundRelay relay;
  private final DeadLetters deadLetters;
  private final Metrics metrics;
  private final Rounds rounds =
      new Rounds(this::read, new Complaint(LOG, "the queues' depths cannot be read"));
  private final Readiness readiness;

  /// The destinations of which was said that reports wait for them in vain.
  private final Set<String> told = new HashSet<>();

  private long restsUntil = System.nanoTime();

  DepthGauge(
      Outbox outbox,
      Inbox inbox,
      Ingested ingested,
      InboundRelay relay,
      DeadLetters deadLetters,
      Metrics metrics,
      Readiness readiness) {
    this.outbox = outbox;
    this.inbox = inbox;
    this.ingested = ingested;
    this.relay = relay;
    this.deadLetters = deadLetters;
    this.metrics = metrics;
    this.readiness = readiness;
  }

  @Override
  public Future<?> start() {
    return rounds.every(PERIOD, vertx);
  }

  private Future<?> read() {
    long begun = System.nanoTime();
    return begun - restsUntil < 0
        ? Future.succeededFuture()
        : look().onComplete(_ -> restsUntil = begun + (System.nanoTime() - begun) * REST);
  }

  private Future<?> look() {
    return outbox
        .depths()
        .compose(
            depths ->
                inbox
                    .depth()
                    .compose(
                        kept ->
                            deadLetters
                                .counts()
                                .onSuccess(dead -> metrics.depths(depths, kept, dead)))
                    .compose(_ -> inbox.waiting().onSuccess(metrics::triggersWait))
                    .onSuccess(_ -> readiness.depths(depths).forEach(this::tell)))
        .compose(_ -> ingested.depth().onSuccess(metrics::ingestWaits))
        .compose(_ -> relay.depth().onSuccess(metrics::relayWaits));
  }

  private void tell(String destination, long reports) {
    if (told.add(destination)) {
      LOG.atWarn()
          .addKeyValue("destination", destination)
          .addKeyValue("reports", reports)
          .log("reports wait for a destination that nothing leaves for");
    }
  }
}
