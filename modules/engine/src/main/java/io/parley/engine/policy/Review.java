package io.parley.engine.policy;

import io.parley.engine.flow.Place;
import java.time.Duration;

/// Which replies are kept for people to look at, so that the tags grow from what is really written:
/// those that mean nothing that the tagger knows, and those of which it is not sure.
///
/// @param retention how long; nothing is kept where it is zero
/// @param below a reply whose top tag scores less counts as not understood, 0 to 1
public record Review(Duration retention, double below) {

  public static final Review DEFAULT = new Review(Duration.ofDays(30), 0.6);

  private static final Duration LONGEST = Duration.ofDays(3660);

  static Review read(Place place) {
    if (!place.holdsOnly("retention", "below")) {
      return DEFAULT;
    }
    return new Review(retention(place.get("retention")), below(place.get("below")));
  }

  private static Duration retention(Place place) {
    return place.duration(
        DEFAULT.retention,
        it -> it.compareTo(LONGEST) <= 0,
        "must be a duration of at most ten years, such as 30d or 12h, or 0");
  }

  private static double below(Place place) {
    if (place.isAbsent()) {
      return DEFAULT.below;
    }
    if (place.value() instanceof Number number
        && number.doubleValue() >= 0
        && number.doubleValue() <= 1) {
      return number.doubleValue();
    }
    place.problem("must be a number from 0 to 1, such as 0.6");
    return DEFAULT.below;
  }
}
