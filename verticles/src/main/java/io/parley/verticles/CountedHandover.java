package io.parley.verticles;

import io.parley.engine.Effect;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Counts each handover against a limit that others share, and waits for none of them.
record CountedHandover(Handover handover, SlidingLimit limit) implements Handover {

  @Override
  public Future<Handed> hand(List<Effect.Outgoing> reports) {
    limit.count();
    return handover.hand(reports);
  }

  @Override
  public int maxBatchSize() {
    return handover.maxBatchSize();
  }

  @Override
  public String outcome() {
    return handover.outcome();
  }

  @Override
  public Optional<Duration> freshFor() {
    return handover.freshFor();
  }

  @Override
  public void close() {
    handover.close();
  }
}
