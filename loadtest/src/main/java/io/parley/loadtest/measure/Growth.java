package io.parley.loadtest.measure;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Turns what only grows into what came within a second. Confined to its probe.
final class Growth {

  private record Reading(double value, long nanoTime) {}

  private final Map<String, Reading> last = new HashMap<>();

  /// @return not a number at the first reading, and where the counter began anew
  double perSecond(String name, double value, long nanoTime) {
    @Nullable Reading before = last.put(name, new Reading(value, nanoTime));
    if (before == null || value < before.value || nanoTime <= before.nanoTime) {
      return Double.NaN;
    }
    return (value - before.value) / ((nanoTime - before.nanoTime) / 1e9);
  }

  /// By how much it grew since the last reading; not a number as above.
  double since(String name, double value) {
    @Nullable Reading before = last.put(name, new Reading(value, 0));
    return before == null || value < before.value ? Double.NaN : value - before.value;
  }
}
