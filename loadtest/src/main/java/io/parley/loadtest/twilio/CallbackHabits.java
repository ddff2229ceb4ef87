package io.parley.loadtest.twilio;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/// How status callbacks are made: which statuses are reported, how late, which share of them twice,
/// and for which share of the messages in reverse order. Shares are 0 to 1, drawn with `seed`.
public record CallbackHabits(
    Set<DeliveryStatus> reported,
    Duration delay,
    double duplicatedShare,
    double reversedShare,
    long seed) {

  /// Every step but `sending`, at once, in order, and once.
  public static final CallbackHabits PROMPT =
      new CallbackHabits(
          EnumSet.complementOf(EnumSet.of(DeliveryStatus.SENDING)), Duration.ZERO, 0, 0, 1);

  public CallbackHabits {
    reported = Set.copyOf(reported);
  }

  public CallbackHabits delayedBy(Duration late) {
    return new CallbackHabits(reported, late, duplicatedShare, reversedShare, seed);
  }

  public CallbackHabits duplicating(double share) {
    return new CallbackHabits(reported, delay, share, reversedShare, seed);
  }

  public CallbackHabits reversing(double share) {
    return new CallbackHabits(reported, delay, duplicatedShare, share, seed);
  }

  public CallbackHabits seeded(long newSeed) {
    return new CallbackHabits(reported, delay, duplicatedShare, reversedShare, newSeed);
  }
}
