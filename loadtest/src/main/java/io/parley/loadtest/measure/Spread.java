package io.parley.loadtest.measure;

import java.time.Duration;
import org.HdrHistogram.Histogram;

/// How times are spread. Exact to a thousandth; all zero where there were none.
public record Spread(
    long count,
    Duration mean,
    Duration p50,
    Duration p90,
    Duration p99,
    Duration p999,
    Duration max) {

  public static final Spread NONE =
      new Spread(
          0,
          Duration.ZERO,
          Duration.ZERO,
          Duration.ZERO,
          Duration.ZERO,
          Duration.ZERO,
          Duration.ZERO);

  /// @param micros holds microseconds
  static Spread of(Histogram micros) {
    if (micros.getTotalCount() == 0) {
      return NONE;
    }
    return new Spread(
        micros.getTotalCount(),
        Duration.ofNanos(Math.round(micros.getMean() * 1000)),
        at(micros, 50),
        at(micros, 90),
        at(micros, 99),
        at(micros, 99.9),
        micros(micros.getMaxValue()));
  }

  private static Duration at(Histogram micros, double percentile) {
    return micros(micros.getValueAtPercentile(percentile));
  }

  static Duration micros(long micros) {
    return Duration.ofNanos(micros * 1000);
  }
}
