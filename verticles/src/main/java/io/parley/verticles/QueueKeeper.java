package io.parley.verticles;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps the queue of conversations that wait for a person, a round after the other, and at once
/// when something was done in a handoff. Confined to its context.
final class QueueKeeper extends VerticleBase {

  private static final Duration PERIOD = Duration.ofMillis(500);
  private static final Logger LOG = LoggerFactory.getLogger(QueueKeeper.class);

  private final QueueRound round;
  private final Rounds rounds =
      new Rounds(this::keep, new Complaint(LOG, "the queue of handoffs cannot be kept"));

  QueueKeeper(QueueRound round) {
    this.round = round;
  }

  @Override
  public Future<?> start() {
    vertx.eventBus().localConsumer(Bus.HANDOFFS_MOVED, _ -> rounds.more());
    return rounds.every(PERIOD, vertx);
  }

  @Override
  public Future<?> stop() {
    return rounds.end();
  }

  private Future<?> keep() {
    return round
        .run()
        .onSuccess(
            more -> {
              if (more) {
                rounds.more();
              }
            });
  }
}
