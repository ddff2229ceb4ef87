package io.parley.engine.hours;

import io.parley.engine.flow.Place;
import java.util.List;

/// What holds of every list in settings.
final class Lists {

  private Lists() {}

  /// Reports what stands at a place and is no list.
  static void check(Place place) {
    if (!place.isAbsent() && !(place.value() instanceof List<?>)) {
      place.problem("must be a list, each item after a dash");
    }
  }
}
