package io.parley.loadtest.twilio;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// How long a step of a carrier takes, drawn anew for each message: log-normal, by its median and
/// its 99th percentile, as carriers' times have a long tail. Always the same where the two are
/// equal.
public record Delay(Duration median, Duration p99) {

  public static final Delay NONE = always(Duration.ZERO);

  /// The 99th percentile of the standard normal distribution.
  private static final double DEVIATIONS_OF_P99 = 2.326_347_874;

  public Delay {
    if (median.isNegative() || p99.compareTo(median) < 0) {
      throw new IllegalArgumentException("a p99 of %s below %s".formatted(p99, median));
    }
  }

  public static Delay always(Duration time) {
    return new Delay(time, time);
  }

  Duration draw(RandomGenerator random) {
    if (median.equals(p99) || median.isZero()) {
      return median;
    }
    double spread = Math.log((double) p99.toNanos() / median.toNanos()) / DEVIATIONS_OF_P99;
    return Duration.ofNanos((long) (median.toNanos() * Math.exp(spread * random.nextGaussian())));
  }
}
