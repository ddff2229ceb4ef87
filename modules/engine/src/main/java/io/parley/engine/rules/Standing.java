package io.parley.engine.rules;

import java.time.Instant;
import java.util.Optional;

/// Where a person stands in an audience.
///
/// @param event when what puts the person on its list happened; empty where nothing does
/// @param enteredAt since when the person is a member; empty where they are none
/// @param cohort the arm of the experiment that the person was in then
/// @param leftAt when an event happened that took the person off the list: an older one puts nobody
///     back
public record Standing(
    Optional<Instant> event,
    Optional<Instant> enteredAt,
    Optional<String> cohort,
    Optional<Instant> leftAt) {

  /// Of whom nothing is known.
  public static final Standing NONE =
      new Standing(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  public boolean isMember() {
    return enteredAt.isPresent();
  }

  /// Of two of one person: what happened later holds.
  public Standing or(Standing other) {
    boolean later =
        other.event.isPresent() && (event.isEmpty() || event.get().isBefore(other.event.get()));
    return new Standing(
        later ? other.event : event,
        enteredAt.isPresent() ? enteredAt : other.enteredAt,
        later ? other.cohort : cohort,
        later(leftAt, other.leftAt));
  }

  static Optional<Instant> later(Optional<Instant> one, Optional<Instant> other) {
    return one.isEmpty() || other.filter(one.get()::isBefore).isPresent() ? other : one;
  }
}
