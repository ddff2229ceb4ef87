package io.parley.verticles;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps the library at what is in force, whichever node changed it. Confined to its context.
final class FlowWatch extends VerticleBase {

  private static final Duration PERIOD = Duration.ofSeconds(1);
  private static final Logger LOG = LoggerFactory.getLogger(FlowWatch.class);

  private final Rounds rounds;

  FlowWatch(FlowLibrary flows) {
    this.rounds = new Rounds(flows::refresh, new Complaint(LOG, "flows cannot be read"));
  }

  @Override
  public Future<?> start() {
    return rounds.every(PERIOD, vertx);
  }
}
