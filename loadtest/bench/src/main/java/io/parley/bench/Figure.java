package io.parley.bench;

import java.util.Optional;

/// A figure that a measure found.
///
/// @param unit `turns/s`, `us`, `x` for a ratio
/// @param note what else is to be known of it: the rounds' spread, a percentile
/// @param target what it is to be, where that is agreed
record Figure(String name, double value, String unit, String note, Optional<Target> target) {

  /// What a figure is to be.
  ///
  /// @param atLeast what must be reached
  /// @param aim what is hoped for
  record Target(Better better, double atLeast, double aim) {

    static Target more(double atLeast, double aim) {
      return new Target(Better.MORE, atLeast, aim);
    }

    static Target less(double atMost, double aim) {
      return new Target(Better.LESS, atMost, aim);
    }

    private boolean reached(double bound, double value) {
      return better == Better.MORE ? value >= bound : value <= bound;
    }
  }

  enum Better {
    MORE,
    LESS
  }

  static Figure of(String name, double value, String unit) {
    return new Figure(name, value, unit, "", Optional.empty());
  }

  Figure noting(String words) {
    return new Figure(name, value, unit, words, target);
  }

  Figure towards(Target wanted) {
    return new Figure(name, value, unit, note, Optional.of(wanted));
  }

  /// `aim met`, `met`, `missed`; empty where nothing is agreed.
  String verdict() {
    return target
        .map(
            it ->
                it.reached(it.aim(), value)
                    ? "aim met"
                    : it.reached(it.atLeast(), value) ? "met" : "missed")
        .orElse("");
  }
}
