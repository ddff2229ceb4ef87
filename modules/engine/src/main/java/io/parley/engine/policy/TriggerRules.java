package io.parley.engine.policy;

import io.parley.engine.flow.Place;
import java.time.Duration;

/// Which triggers come too late or too often to begin a flow.
///
/// ```yaml
/// trigger:
///   stale_after: 24h        # the default
///   max_snapshot_age: 72h   # the default
/// frequency: {window: 1d}   # without it, caps are Customer.io's alone
/// ```
///
/// @param staleAfter a trigger that comes outside hours is refused where they open later than this
///     after what set it off, and one that waits for the end of a handoff where that is later; one
///     that comes within hours is never stale
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

  private static Duration duration(Place place, Duration usual) {
    return place.duration(
        usual,
        it -> it.compareTo(LONGEST) <= 0,
        "must be a duration of at most a year, such as 24h or 3d");
  }
}
