package io.parley.bench;

import java.time.Duration;

/// How large a run is.
///
/// @param factor of all counts of conversations; 1 is what the figures are agreed for
/// @param rounds how often each contestant has its turn
/// @param round how long a round lasts
record Scale(double factor, int rounds, Duration round) {

  /// Large enough to run every line, and no more.
  static final Scale SMOKE = new Scale(0.002, 1, Duration.ofMillis(300));

  /// A count of conversations at this scale.
  int of(int full) {
    return Math.max(16, (int) Math.round(full * factor));
  }

  /// How many are under way at once at this scale: 1,024, if there are conversations for them.
  int inFlight() {
    return Math.clamp(of(10_000) / 4, 4, 1_024);
  }

  /// How many conversations come to life at once. More would wait for the database longer than a
  /// cold process lets them.
  int warmingUp() {
    return Math.min(inFlight(), 32);
  }
}
