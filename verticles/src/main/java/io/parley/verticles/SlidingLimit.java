package io.parley.verticles;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;

/// So many things in any second, whoever does them: no more at once after a rest, unlike
/// [RateLimit]. Thread-safe.
final class SlidingLimit {

  /// What leaves evenly may arrive closer together.
  private static final double MARGIN = 1.1;

  private final int most;
  private final long windowNanos;
  private final LongSupplier nanos;
  private final Deque<Long> recent = new ArrayDeque<>();

  SlidingLimit(double perSecond) {
    this(perSecond, System::nanoTime);
  }

  /// @param nanos a clock like [System#nanoTime]
  SlidingLimit(double perSecond, LongSupplier nanos) {
    this.most = (int) Math.max(1, perSecond);
    this.windowNanos = (long) (most / perSecond * MARGIN * Duration.ofSeconds(1).toNanos());
    this.nanos = nanos;
  }

  /// Counts one where it is within the limit.
  synchronized boolean take() {
    boolean allowed = allows();
    if (allowed) {
      count();
    }
    return allowed;
  }

  /// Whether one more would be within the limit.
  synchronized boolean allows() {
    forget();
    return recent.size() < most;
  }

  /// Counts one, whether it was within the limit or not.
  synchronized void count() {
    forget();
    recent.addLast(nanos.getAsLong());
  }

  private void forget() {
    long now = nanos.getAsLong();
    while (!recent.isEmpty() && now - recent.getFirst() >= windowNanos) {
      recent.removeFirst();
    }
  }
}
