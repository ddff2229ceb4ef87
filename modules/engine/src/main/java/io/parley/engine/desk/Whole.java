package io.parley.engine.desk;

import io.parley.engine.flow.Place;

/// Whole numbers in the desk's file.
final class Whole {

  private Whole() {}

  /// @param usual what holds where nothing stands there
  static int read(Place place, int usual, int least, int most) {
    if (place.isAbsent()) {
      return usual;
    }
    if ((place.value() instanceof Long || place.value() instanceof Integer)
        && place.value() instanceof Number number
        && number.longValue() >= least
        && number.longValue() <= most) {
      return number.intValue();
    }
    place.problem("must be a whole number from " + least + " to " + most);
    return usual;
  }
}
