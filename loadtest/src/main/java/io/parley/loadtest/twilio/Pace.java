package io.parley.loadtest.twilio;

import java.time.Duration;

/// How fast messages leave: each sender sends `segmentsPerSecond`, one message after the other, and
/// carriers take a message and report its delivery after the two delays.
public record Pace(double segmentsPerSecond, Delay untilSent, Delay untilDelivered) {

  /// No wait worth mentioning.
  public static final Pace FAST = new Pace(10_000, Duration.ZERO, Duration.ofMillis(5));

  /// A long code in the United States: one segment per second.
  public static final Pace LONG_CODE =
      new Pace(1, Duration.ofMillis(200), Duration.ofMillis(1_500));

  public Pace {
    if (!(segmentsPerSecond > 0)) {
      throw new IllegalArgumentException("a sender sends something: " + segmentsPerSecond);
    }
  }

  /// With carriers that always take the same time.
  public Pace(double segmentsPerSecond, Duration untilSent, Duration untilDelivered) {
    this(segmentsPerSecond, Delay.always(untilSent), Delay.always(untilDelivered));
  }
}
