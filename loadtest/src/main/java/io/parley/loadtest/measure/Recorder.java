package io.parley.loadtest.measure;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;

/// Takes the times and the counts of a run while it is under way. Thread-safe and without waiting:
/// a time costs some tens of nanoseconds.
///
/// A time belongs to the second in which it was over, which is the one in which it could be known.
public final class Recorder {

  /// How the names of errors begin among the counts.
  public static final String ERROR = "error: ";

  private static final long LONGEST_MICROS = 3_600_000_000L;
  private static final int DIGITS = 3;

  private final Map<Stretch, org.HdrHistogram.Recorder> stretches = new EnumMap<>(Stretch.class);
  private final Map<Stretch, Histogram> whole = new EnumMap<>(Stretch.class);
  private final Map<Stretch, Histogram> interval = new EnumMap<>(Stretch.class);
  private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();
  private final LongAdder offered = new LongAdder();
  private final LongAdder achieved = new LongAdder();

  public Recorder() {
    for (Stretch stretch : Stretch.values()) {
      org.HdrHistogram.Recorder recorder = new org.HdrHistogram.Recorder(1, LONGEST_MICROS, DIGITS);
      stretches.put(stretch, recorder);
      whole.put(stretch, new Histogram(1, LONGEST_MICROS, DIGITS));
      interval.put(stretch, recorder.getIntervalHistogram()); // It takes back only its own.
    }
  }

  /// @param intendedNanoTime when it was meant to begin, by [System#nanoTime]
  /// @param nowNanoTime when it was over
  public void record(Stretch stretch, long intendedNanoTime, long nowNanoTime) {
    long micros = Math.max(0, nowNanoTime - intendedNanoTime) / 1000;
    recorder(stretch).recordValue(Math.min(micros, LONGEST_MICROS));
  }

  /// A conversation is meant to begin now.
  public void offered() {
    offered.increment();
  }

  /// Parley has taken on a conversation.
  public void achieved() {
    achieved.increment();
  }

  /// Something went wrong that no fault of the profile explains, such as `trigger 500`. The names
  /// must be few.
  public void error(String what) {
    count(ERROR + what);
  }

  /// Something happened, such as `reply typos`. The names must be few.
  public void count(String what) {
    counts.computeIfAbsent(what, _ -> new LongAdder()).increment();
  }

  /// Closes a second: what was recorded since the last call.
  synchronized Second take(int number) {
    SortedMap<String, Spread> latencies = new TreeMap<>();
    for (Stretch stretch : Stretch.values()) {
      Histogram last = recorder(stretch).getIntervalHistogram(of(interval, stretch));
      interval.put(stretch, last);
      if (last.getTotalCount() > 0) {
        of(whole, stretch).add(last);
        latencies.put(stretch.key(), Spread.of(last));
      }
    }
    SortedMap<String, Long> happened = new TreeMap<>();
    counts.forEach(
        (name, count) -> {
          long times = count.sumThenReset();
          if (times > 0) {
            happened.put(name, times);
          }
        });
    return new Second(
        number,
        offered.sumThenReset(),
        achieved.sumThenReset(),
        latencies,
        happened,
        new TreeMap<>());
  }

  /// The times of the second that was closed last.
  synchronized Histogram last(Stretch stretch) {
    return of(interval, stretch);
  }

  /// All that was timed until the last call of [#take], by [Stretch#key].
  public synchronized SortedMap<String, Distribution> distributions() {
    SortedMap<String, Distribution> distributions = new TreeMap<>();
    whole.forEach(
        (stretch, micros) -> {
          if (micros.getTotalCount() > 0) {
            distributions.put(stretch.key(), Distribution.of(micros));
          }
        });
    return distributions;
  }

  private org.HdrHistogram.Recorder recorder(Stretch stretch) {
    return of(stretches, stretch);
  }

  private static <T> T of(Map<Stretch, T> map, Stretch stretch) {
    return Objects.requireNonNull(map.get(stretch));
  }
}
