package io.parley.engine.rules;

import io.parley.engine.flow.Place;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Which time after an event people are members for: from `from`, which belongs to it, to `until`,
/// which does not. So of two windows of one event, of which the one ends where the other begins,
/// everybody is in one at any time and nobody in both.
///
/// @param until empty for ever
public record Window(Duration from, Optional<Duration> until) {

  static final Window ALWAYS = new Window(Duration.ZERO, Optional.empty());

  private static final Duration LONGEST = Duration.ofDays(730);

  /// Where a moment lies.
  public sealed interface Phase {
    /// Before the window.
    record Ahead(Instant begins) implements Phase {}

    /// In it.
    record Inside(Optional<Instant> ends) implements Phase {}

    /// After it.
    record Over() implements Phase {}
  }

  /// @param event when it happened that the window is reckoned from
  public Phase at(Instant event, Instant now) {
    Instant begins = begins(event);
    if (now.isBefore(begins)) {
      return new Phase.Ahead(begins);
    }
    Optional<Instant> ends = ends(event);
    return ends.isPresent() && !now.isBefore(ends.get())
        ? new Phase.Over()
        : new Phase.Inside(ends);
  }

  Instant begins(Instant event) {
    return event.plus(from);
  }

  Optional<Instant> ends(Instant event) {
    return until.map(event::plus);
  }

  static Window read(Place place) {
    if (place.isAbsent()) {
      return ALWAYS;
    }
    place.holdsOnly("from", "until");
    Duration from =
        place
            .get("from")
            .duration(
                Duration.ZERO,
                it -> it.compareTo(LONGEST) <= 0,
                "must be a duration of at most 730d, such as 0, 24h or 60d");
    Optional<Duration> until =
        Optional.of(place.get("until"))
            .filter(it -> !it.isAbsent())
            .map(
                it ->
                    it.duration(
                        LONGEST,
                        length -> length.compareTo(LONGEST) <= 0,
                        "must be a duration of at most 730d, such as 24h or 30d"));
    if (place.isObject() && until.filter(it -> it.compareTo(from) <= 0).isPresent()) {
      place.problem("is empty: until must be later than from, since until no more belongs to it");
    }
    return new Window(from, until);
  }
}
