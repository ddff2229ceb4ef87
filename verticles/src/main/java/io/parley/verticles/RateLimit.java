package io.parley.verticles;

import java.util.function.LongSupplier;

/// So many things a second, and as many at once. Confined to its owner's context.
final class RateLimit {

  private static final double NANOS_PER_SECOND = 1e9;

  private final double perSecond;
  private final LongSupplier nanos;
  private double left;
  private long countedAt;

  /// @param perSecond 0 for no limit
  RateLimit(double perSecond) {
    this(perSecond, System::nanoTime);
  }

  /// @param nanos a clock like [System#nanoTime]
  RateLimit(double perSecond, LongSupplier nanos) {
    this.perSecond = perSecond;
    this.nanos = nanos;
    this.left = burst();
    this.countedAt = nanos.getAsLong();
  }

  private double burst() {
    return Math.max(1, perSecond);
  }

  /// Whether one more would be within the limit.
  boolean allows() {
    long now = nanos.getAsLong();
    left = Math.min(burst(), left + (now - countedAt) / NANOS_PER_SECOND * perSecond);
    countedAt = now;
    return perSecond == 0 || left >= 1;
  }

  /// Counts one, whether it was within the limit or not.
  void count() {
    left--;
  }

  /// Counts one where it is within the limit.
  boolean take() {
    boolean allowed = allows();
    if (allowed) {
      count();
    }
    return allowed;
  }
}
