package io.parley.engine.desk;

import io.parley.engine.flow.Place;
import java.time.Duration;
import java.util.Optional;

/// How soon a conversation is answered, in hours in which somebody is there.
///
/// ```yaml
/// sla: {first: 15m, next: 30m, resolution: 2d, warn: 0.8, escalate: 10}
/// ```
///
/// @param first until an agent's first words
/// @param next until an agent's answer to what the contact wrote after that
/// @param resolution until it is closed
/// @param warn which share of the time has passed when it is warned of; at most 1
/// @param escalate by how much the priority rises once the time is over
public record Promise(
    Optional<Duration> first,
    Optional<Duration> next,
    Optional<Duration> resolution,
    double warn,
    int escalate) {

  /// Nothing is promised.
  public static final Promise NONE =
      new Promise(Optional.empty(), Optional.empty(), Optional.empty(), 0.8, 10);

  /// @param usual what holds for whatever is not said
  static Promise read(Place place, Promise usual) {
    if (!place.holdsOnly("first", "next", "resolution", "warn", "escalate")) {
      return usual;
    }
    return new Promise(
        time(place.get("first"), usual.first),
        time(place.get("next"), usual.next),
        time(place.get("resolution"), usual.resolution),
        share(place.get("warn"), usual.warn),
        Whole.read(place.get("escalate"), usual.escalate, 0, 1_000));
  }

  /// `off` takes back what would hold.
  private static Optional<Duration> time(Place place, Optional<Duration> usual) {
    if (place.text().equals("off")) {
      return Optional.empty();
    }
    Duration told =
        place.duration(
            usual.orElse(Duration.ZERO),
            Duration::isPositive,
            "must be a length of time in which somebody is there, such as 15m or 1h30m, or off");
    return Optional.of(told).filter(Duration::isPositive);
  }

  private static double share(Place place, double usual) {
    if (place.isAbsent()) {
      return usual;
    }
    if (place.value() instanceof Number number
        && number.doubleValue() > 0
        && number.doubleValue() <= 1) {
      return number.doubleValue();
    }
    place.problem("must be a share above 0 and at most 1, such as 0.8");
    return usual;
  }
}
