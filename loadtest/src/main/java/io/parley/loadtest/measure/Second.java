package io.parley.loadtest.measure;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What happened within a second, and how everything stood at its end.
///
/// @param number 0 is the first one of the run
/// @param offered conversations that were meant to begin in it
/// @param achieved conversations that Parley took on in it
/// @param latencies of what was over in it; a stretch without times is absent
/// @param counts how often what happened, by the names given to [Recorder#count]; what is an error
///     begins with `error: `
/// @param gauges by the names of [Gauge#name]; what could not be read is absent
public record Second(
    int number,
    long offered,
    long achieved,
    SortedMap<String, Spread> latencies,
    SortedMap<String, Long> counts,
    SortedMap<String, Double> gauges) {

  public Second {
    latencies = new TreeMap<>(latencies);
    counts = new TreeMap<>(counts);
    gauges = new TreeMap<>(gauges);
  }

  Second with(SortedMap<String, Double> read) {
    return new Second(number, offered, achieved, latencies, counts, read);
  }

  public Spread latency(Stretch stretch) {
    return latencies.getOrDefault(stretch.key(), Spread.NONE);
  }

  /// Not a number where it could not be read.
  public double gauge(String name) {
    @Nullable Double value = gauges.get(name);
    return value == null ? Double.NaN : value;
  }

  public long errors() {
    return counts.entrySet().stream()
        .filter(it -> it.getKey().startsWith(Recorder.ERROR))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }
}
