package io.parley.loadtest.profile;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// How long somebody takes, drawn anew each time.
public sealed interface Thinking {

  /// Longer than this nobody thinks, whatever is drawn.
  Duration LONGEST = Duration.ofHours(12);

  Duration draw(RandomGenerator random);

  /// Always as long.
  record Always(Duration time) implements Thinking {
    @Override
    public Duration draw(RandomGenerator random) {
      return time;
    }
  }

  /// Anything between, as likely as anything else.
  record Between(Duration from, Duration to) implements Thinking {
    @Override
    public Duration draw(RandomGenerator random) {
      return from.plusNanos((long) (random.nextDouble() * to.minus(from).toNanos()));
    }
  }

  /// Exponential: mostly short, now and then long.
  record About(Duration mean) implements Thinking {
    @Override
    public Duration draw(RandomGenerator random) {
      return atMost(random.nextExponential() * (double) mean.toNanos());
    }
  }

  /// Log-normal, as people's reply times are: half are shorter than the median, one in a hundred
  /// longer than `p99`.
  record Usually(Duration median, Duration p99) implements Thinking {

    /// Of the standard normal distribution.
    private static final double NINETY_NINTH = 2.3263478740408408;

    @Override
    public Duration draw(RandomGenerator random) {
      double sigma = Math.log((double) p99.toNanos() / median.toNanos()) / NINETY_NINTH;
      return atMost((double) median.toNanos() * Math.exp(sigma * random.nextGaussian()));
    }
  }

  private static Duration atMost(double nanos) {
    return Duration.ofNanos((long) Math.min(nanos, (double) LONGEST.toNanos()));
  }
}
