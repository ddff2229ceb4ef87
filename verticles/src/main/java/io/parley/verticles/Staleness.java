package io.parley.verticles;

import io.parley.engine.Effect;
import io.parley.store.Outbox.Leased;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells of outcomes that were delivered too late to have their full effect at a destination: one
/// line of log a batch, and a count.
///
/// @param freshFor how old an outcome may be
record Staleness(String destination, Duration freshFor, Metrics metrics) {

  private static final Logger LOG = LoggerFactory.getLogger(Staleness.class);

  void look(List<Leased> delivered) {
    Instant oldest = Instant.now().minus(freshFor);
    List<Leased> stale = delivered.stream().filter(it -> isBefore(oldest, it.effect())).toList();
    if (stale.isEmpty()) {
      return;
    }
    metrics.report(destination, "stale", stale.size());
    LOG.atWarn()
        .addKeyValue("destination", destination)
        .addKeyValue("outcomes", stale.size())
        .addKeyValue("first", stale.getFirst().id())
        .log("outcomes were delivered too late to start campaigns by them");
  }

  /// What is true of a person is as good when it comes late.
  private static boolean isBefore(Instant oldest, Effect effect) {
    return effect instanceof Effect.ReportOutcome outcome && outcome.at().isBefore(oldest);
  }
}
