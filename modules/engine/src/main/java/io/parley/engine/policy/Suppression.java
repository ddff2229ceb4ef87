package io.parley.engine.policy;

import io.parley.engine.flow.Place;
import java.time.Duration;

/// How long other messages to a person are held back, once a conversation has begun and once the
/// person has bought.
///
/// ```yaml
/// suppression: {window: 12h, after_purchase: 7d}
/// ```
///
/// @param window how long a conversation that begins holds back others, 6 to 12 hours; zero for
///     never
/// @param afterPurchase how long whoever has bought is asked to buy nothing else, at most 90 days;
///     zero for never
public record Suppression(Duration window, Duration afterPurchase) {

  public static final Suppression DEFAULT =
      new Suppression(Duration.ofHours(12), Duration.ofDays(7));

  private static final Duration SHORTEST = Duration.ofHours(6);
  private static final Duration LONGEST = Duration.ofHours(12);
  private static final Duration LONGEST_AFTER_PURCHASE = Duration.ofDays(90);

  static Suppression read(Place place) {
    if (!place.holdsOnly("window", "after_purchase")) {
      return DEFAULT;
    }
    return new Suppression(window(place.get("window")), afterPurchase(place.get("after_purchase")));
  }

  private static Duration window(Place place) {
    return place.duration(
        DEFAULT.window,
        it -> it.isZero() || (it.compareTo(SHORTEST) >= 0 && it.compareTo(LONGEST) <= 0),
        "must be 6h to 12h, or 0 for no window");
  }

  private static Duration afterPurchase(Place place) {
    return place.duration(
        DEFAULT.afterPurchase,
        it -> it.compareTo(LONGEST_AFTER_PURCHASE) <= 0,
        "must be a time of at most 90d, such as 7d or 36h, or 0");
  }
}
