package io.parley.loadtest.measure;

import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// A run, second by second.
public record Series(List<Second> seconds) {

  public Series {
    seconds = List.copyOf(seconds);
  }

  /// The gauges that were read at least once.
  public SortedSet<String> gauges() {
    SortedSet<String> names = new TreeSet<>();
    seconds.forEach(second -> names.addAll(second.gauges().keySet()));
    return names;
  }

  public long offered() {
    return seconds.stream().mapToLong(Second::offered).sum();
  }

  public long achieved() {
    return seconds.stream().mapToLong(Second::achieved).sum();
  }

  /// How often what happened in all.
  public SortedMap<String, Long> counts() {
    SortedMap<String, Long> counts = new TreeMap<>();
    seconds.forEach(
        second -> second.counts().forEach((name, count) -> counts.merge(name, count, Long::sum)));
    return counts;
  }

  public long errors() {
    return seconds.stream().mapToLong(Second::errors).sum();
  }
}
