package io.parley.loadtest.measure;

import io.parley.loadtest.measure.Measuring.Measured;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Whether the figures speak of Parley at all. They do not where the harness was the limit.
///
/// @param doubts why not, each a sentence; none where the run is valid
public record Validity(List<String> doubts) {

  public Validity {
    doubts = List.copyOf(doubts);
  }

  /// Whether the harness kept up with what it was meant to do.
  ///
  /// @param lagAllowed how late it may begin what it does, in 99 of 100 cases
  public static Validity of(Measured measured, Duration lagAllowed) {
    return Optional.ofNullable(measured.stretches().get(Stretch.GENERATOR_LAG.key()))
        .map(lag -> lag.at(99))
        .filter(lag -> lag.compareTo(lagAllowed) > 0)
        .map(
            lag ->
                "the harness was up to %d ms late (p99), %d ms are allowed: let fewer come, or give it a larger machine"
                    .formatted(lag.toMillis(), lagAllowed.toMillis()))
        .map(doubt -> new Validity(List.of(doubt)))
        .orElseGet(() -> new Validity(List.of()));
  }

  public boolean isValid() {
    return doubts.isEmpty();
  }
}
