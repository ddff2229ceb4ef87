package io.parley.engine.rules;

import io.parley.engine.flow.Place;
import java.util.ArrayList;
import java.util.List;

/// An event, a page, a screen or the change of a trait that moves people into an audience or out of
/// it, under conditions.
///
/// ```yaml
/// {track: Cart Abandoned, where: {properties.total: {at_least: 50}}}
/// ```
record Cue(When when, Where where) {

  boolean happens(Occasion occasion) {
    return when.happens(occasion) && where.holds(occasion);
  }

  /// One, or a list of them.
  static List<Cue> readAll(Place place) {
    if (!(place.value() instanceof List<?>)) {
      return List.of(read(place));
    }
    List<Cue> cues = new ArrayList<>();
    place.items().forEach(item -> cues.add(read(item)));
    if (cues.isEmpty()) {
      place.problem("must name at least one, such as {track: Checkout Started}");
    }
    return cues;
  }

  private static Cue read(Place place) {
    return new Cue(When.read(place, "where"), Where.read(place.get("where")));
  }
}
