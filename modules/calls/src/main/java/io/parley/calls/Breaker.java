package io.parley.calls;

import java.time.Duration;

/// Whether a host is asked: after so many failures in a row it is left alone for a while, and then
/// asked once, to see. Times are nanoseconds of one steady clock.
public sealed interface Breaker {

  /// When a host is left alone.
  ///
  /// @param failures in a row
  /// @param pause until it is tried again
  record Habit(int failures, Duration pause) {}

  /// All is well, or has begun not to be.
  record Closed(int failures) implements Breaker {}

  /// The host is left alone.
  record Open(long until) implements Breaker {}

  /// One request is under way, to see; no other leaves meanwhile.
  record Probing() implements Breaker {}

  /// Of a host that nothing is held against.
  static Breaker well() {
    return new Closed(0);
  }

  /// Whether a request may leave now; the one that may is then [#asked].
  default boolean admits(long now) {
    return switch (this) {
      case Closed _ -> true;
      case Open(var until) -> now - until >= 0;
      case Probing() -> false;
    };
  }

  /// A request that was admitted leaves.
  default Breaker asked() {
    return this instanceof Open ? new Probing() : this;
  }

  /// The host answered as one that works.
  default Breaker answered() {
    return well();
  }

  /// The host gave no answer, or one that says that it does not work.
  default Breaker failed(long now, Habit habit) {
    return switch (this) {
      case Closed(var failures) when failures + 1 < habit.failures() -> new Closed(failures + 1);
      case Closed _, Probing() -> new Open(now + habit.pause().toNanos());
      case Open open -> open;
    };
  }

  /// The request told nothing of the host; of a probe, the next one is to.
  default Breaker untold(long now) {
    return this instanceof Probing ? new Open(now) : this;
  }
}
