package io.parley.engine.policy;

import io.parley.engine.flow.Place;
import java.time.DateTimeException;
import java.time.Duration;

/// Which triggers come too late or too often to begin a flow.
///
/// ```yaml
/// trigger:
///   stale_after: PT24H        # the default
///   max_snapshot_age: PT72H   # the default
/// frequency: {window: P1D}    # without it, caps are Customer.io's alone
/// ```
///
/// @param staleAfter a trigger that comes outside hours is refused where they open later than this
///     after what set it off; one that comes within hours is never stale
/// @param maxSnapshotAge how old the description of a cart may be (`commerce.cart_snapshot_at`)
/// @param window how long after a trigger another one with the same `controls.frequency_cap_key` is
///     refused for the same person; zero for never
public record TriggerRules(Duration staleAfter, Duration maxSnapshotAge, Duration window) {

  public static final TriggerRules DEFAULT =
      new TriggerRules(Duration.ofHours(24), Duration.ofHours(72), Duration.ZERO);

  /// What counts may be kept so long.
  private static final Duration LONGEST = Duration.ofDays(365);

  static TriggerRules read(Place trigger, Place frequency) {
    trigger.holdsOnly("stale_after", "max_snapshot_age");
    frequency.holdsOnly("window");
    return new TriggerRules(
        duration(trigger.get("stale_after"), DEFAULT.staleAfter),
        duration(trigger.get("max_snapshot_age"), DEFAULT.maxSnapshotAge),
        duration(frequency.get("window"), DEFAULT.window));
  }

  private static Duration duration(Place place, Duration fallback) {
    if (place.isAbsent()) {
      return fallback;
    }
    try {
      Duration duration = Duration.parse(place.text().strip());
      if (!duration.isNegative() && duration.compareTo(LONGEST) <= 0) {
        return duration;
      }
    } catch (DateTimeException _) {
      // Said below, with what else may be wrong.
    }
    place.problem("must be a duration of at most a year, such as PT24H or P3D");
    return fallback;
  }
}
