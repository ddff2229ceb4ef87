package io.parley.edge;

import io.parley.engine.Effect;
import java.time.Duration;
import java.util.Optional;

/// Takes reports of what came of conversations: by requests, as [OutcomeSink], or into files, as
/// [OutcomeFiles].
public sealed interface OutcomeTaker permits OutcomeSink, OutcomeFiles {

  /// What asks [#takes] about reports of a person's attributes, which have no name of their own.
  String IDENTIFY = "identify";

  /// The name of the taker's outbox rows: `customerio`.
  String destination();

  /// Whether outcomes of this name go to the taker. No outbox row need be written for the others.
  default boolean takes(String outcome) {
    return true;
  }

  /// Whether this outcome goes to the taker, of those whose names do.
  default boolean takes(Effect.ReportOutcome report) {
    return takes(report.name());
  }

  /// Whether what is taken is put to use in advertising, so that it is asked before each report
  /// leaves whether the person may still be told of.
  default boolean isActivation() {
    return false;
  }

  /// How old an outcome may be when it is delivered to have its full effect there; empty for any
  /// age. What comes later is delivered all the same, and counted.
  default Optional<Duration> freshFor() {
    return Optional.empty();
  }

  /// How many effects are taken at once at most.
  int maxBatchSize();
}
