package io.parley.loadtest;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// How long something took, from the instant at which it was meant to begin.
///
/// @param intended by [System#nanoTime]
record Timing(long intended, long nanos) {

  private static final long WINDOW = Duration.ofSeconds(2).toNanos();

  /// The times of what was meant to begin within a phase.
  ///
  /// @param typical the middle one of the 99th percentiles of the phase's windows of two seconds: a
  ///     machine that does something else for a moment spoils a window, what slows every
  ///     conversation slows all of them
  record Summary(int count, Duration p50, Duration p99, Duration typical) {

    private static Summary of(List<Timing> timings) {
      Map<Long, List<Long>> windows = new TreeMap<>();
      List<Long> all = new ArrayList<>();
      for (Timing timing : timings) {
        all.add(timing.nanos);
        windows.computeIfAbsent(timing.intended / WINDOW, _ -> new ArrayList<>()).add(timing.nanos);
      }
      List<Long> ninetyNinths =
          windows.values().stream().map(window -> percentile(window, 0.99)).toList();
      return new Summary(
          all.size(),
          Duration.ofNanos(percentile(all, 0.5)),
          Duration.ofNanos(percentile(all, 0.99)),
          Duration.ofNanos(percentile(ninetyNinths, 0.5)));
    }

    private static long percentile(List<Long> values, double share) {
      List<Long> sorted = values.stream().sorted().toList();
      return sorted.get((int) (share * (sorted.size() - 1)));
    }

    @Override
    public String toString() {
      return "%6d times, p50 %6.1f ms, p99 %7.1f ms, p99 of a typical two seconds %6.1f ms"
          .formatted(count, millis(p50), millis(p99), millis(typical));
    }

    private static double millis(Duration time) {
      return time.toNanos() / 1e6;
    }
  }

  /// A stretch of time.
  record Phase(long from, long until) {

    boolean holds(long instant) {
      return instant >= from && instant < until;
    }

    double seconds() {
      return (until - from) / 1e9;
    }

    Summary of(List<Timing> timings) {
      return Summary.of(timings.stream().filter(it -> holds(it.intended)).toList());
    }
  }
}
