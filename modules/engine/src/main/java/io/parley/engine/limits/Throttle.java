package io.parley.engine.limits;

import io.parley.engine.flow.Durations;
import io.parley.engine.flow.Place;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// How many messages of a conversation one contact gets. The hour and the day slide: no 60 minutes
/// hold more than `perHour`. It holds back what a flow sends by itself; answers count, and leave.
///
/// ```yaml
/// throttle: {per_hour: 3, per_day: 6, spacing: 1m}
/// ```
///
/// @param perHour messages in any hour; 0 for any number
/// @param perDay messages in any 24 hours; 0 for any number. Florida and Oklahoma allow 3
///     solicitations on one matter (one secondary source)
/// @param minimumSpacing between two messages
public record Throttle(int perHour, int perDay, Duration minimumSpacing) {

  /// No limits; who enters a flow, and how often, is Customer.io's to limit.
  public static final Throttle NONE = new Throttle(0, 0, Duration.ZERO);

  public Throttle {
    if (perHour < 0 || perDay < 0 || minimumSpacing.isNegative()) {
      throw new IllegalArgumentException("limits are never negative");
    }
  }

  public static Throttle read(Place place) {
    place.holdsOnly("per_hour", "per_day", "spacing");
    return new Throttle(
        count(place.get("per_hour")), count(place.get("per_day")), spacing(place.get("spacing")));
  }

  private static int count(Place place) {
    if (place.isAbsent()) {
      return 0;
    }
    if (place.literal().matches("[1-9]|[1-4]\\d|50")) {
      return Integer.parseInt(place.literal());
    }
    place.problem("must be a whole number from 1 to 50; without it there is no limit");
    return 0;
  }

  private static Duration spacing(Place place) {
    return place.duration(Duration.ZERO, _ -> true, "must be a duration such as 1m or 90s");
  }

  /// The limits in words: `at most 3 an hour, at most 6 a day, 1m apart`.
  public String line() {
    return Stream.of(
            perHour == 0 ? "" : "at most " + perHour + " an hour",
            perDay == 0 ? "" : "at most " + perDay + " a day",
            minimumSpacing.isZero() ? "" : Durations.print(minimumSpacing) + " apart")
        .filter(part -> !part.isEmpty())
        .collect(Collectors.joining(", "));
  }

  /// When the next message may go; empty where it may at once.
  ///
  /// @param sends when the last ones went or will go, in any order
  public Optional<Instant> nextAllowed(List<Instant> sends, Instant now) {
    List<Instant> sorted = sends.stream().sorted().toList();
    return Stream.of(
            after(sorted, perHour, Duration.ofHours(1)),
            after(sorted, perDay, Duration.ofDays(1)),
            after(sorted, 1, minimumSpacing))
        .flatMap(Optional::stream)
        .filter(now::isBefore)
        .max(Instant::compareTo);
  }

  /// When the `limit`-th last message is a window ago, so that one more makes no more than `limit`.
  private static Optional<Instant> after(List<Instant> sorted, int limit, Duration window) {
    return limit == 0 || sorted.size() < limit
        ? Optional.empty()
        : Optional.of(sorted.get(sorted.size() - limit).plus(window));
  }
}
