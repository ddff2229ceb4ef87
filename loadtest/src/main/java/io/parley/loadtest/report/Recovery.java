package io.parley.loadtest.report;

import io.parley.loadtest.measure.FaultWindow;
import io.parley.loadtest.measure.RunResult;
import io.parley.loadtest.measure.Second;
import io.parley.loadtest.measure.Stretch;
import io.parley.loadtest.report.RunFigure.Measured;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// How long after a fault it is until all is as it was before the first one.
///
/// A second is as before when it has no error, when at least half of the conversations that were
/// offered in it and in the one before were taken on, when the median of each stretch is no more
/// than twice the usual one (or 20 ms above it), and when what waits to leave is no more than twice
/// the usual (or 50 rows above it). All is well once three such seconds follow each other. Faults
/// between which it does not come so far are taken as one.
final class Recovery {

  private static final int STEADY = 3;
  private static final double FACTOR = 2;
  private static final double SLACK_MILLIS = 20;
  private static final double SLACK_ROWS = 50;

  /// What is watched: the stretches in which a customer waits.
  private static final List<Stretch> FELT =
      List.of(
          Stretch.TRIGGER_ACCEPTED,
          Stretch.FIRST_MESSAGE,
          Stretch.REPLY_ACKNOWLEDGED,
          Stretch.NEXT_MESSAGE);

  private final List<Second> seconds;
  private final Map<Stretch, Double> usualMillis = new EnumMap<>(Stretch.class);
  private final double usualOutbox;

  private Recovery(List<Second> seconds, List<Second> before) {
    this.seconds = seconds;
    for (Stretch stretch : FELT) {
      usualMillis.put(
          stretch,
          median(
              before.stream()
                  .filter(it -> it.latency(stretch).count() > 0)
                  .map(it -> millis(it.latency(stretch).p50()))
                  .toList()));
    }
    this.usualOutbox =
        median(before.stream().map(Recovery::outbox).filter(it -> !it.isNaN()).toList());
  }

  /// The longest of the run's faults.
  static Measured of(RunResult result) {
    if (result.faults().isEmpty()) {
      return new Measured(Double.NaN, "no fault was in force");
    }
    List<FaultWindow> faults =
        result.faults().stream().sorted(Comparator.comparing(FaultWindow::from)).toList();
    List<Second> seconds = result.series().seconds();
    double first = seconds(faults.getFirst().from());
    Recovery recovery =
        new Recovery(seconds, seconds.stream().filter(it -> it.number() + 1 <= first).toList());
    List<Double> took = recovery.took(faults);
    if (took.contains(Double.POSITIVE_INFINITY)) {
      return new Measured(Double.POSITIVE_INFINITY, "not within the run");
    }
    double longest = took.stream().mapToDouble(it -> it).max().orElse(0);
    return new Measured(longest * 1000, Written.length(Duration.ofMillis((long) (longest * 1000))));
  }

  private List<Double> took(List<FaultWindow> faults) {
    List<Double> took = new ArrayList<>();
    for (int i = 0; i < faults.size(); i++) {
      double end = seconds(faults.get(i).until());
      double well = well(end);
      boolean hitAgain =
          i + 1 < faults.size() && seconds(faults.get(i + 1).from()) < Math.max(well, end);
      if (!hitAgain) {
        took.add(Math.max(0, well - end));
      }
    }
    return took;
  }

  /// When all is well after that instant, in seconds of the run; infinite where it is never.
  private double well(double after) {
    int steady = 0;
    for (Second second : seconds) {
      if (second.number() + 1 <= after) {
        continue;
      }
      steady = isAsBefore(second) ? steady + 1 : 0;
      if (steady == STEADY) {
        return second.number() + 1.0 - STEADY;
      }
    }
    boolean endsWell = steady > 0;
    return endsWell ? seconds.getLast().number() + 1.0 - steady : Double.POSITIVE_INFINITY;
  }

  private boolean isAsBefore(Second second) {
    if (second.errors() > 0 || !keepsUp(second)) {
      return false;
    }
    for (Stretch stretch : FELT) {
      double usual = usualMillis.getOrDefault(stretch, Double.NaN);
      double now = millis(second.latency(stretch).p50());
      if (!Double.isNaN(usual) && now > Math.max(FACTOR * usual, usual + SLACK_MILLIS)) {
        return false;
      }
    }
    double waits = outbox(second);
    return Double.isNaN(waits)
        || Double.isNaN(usualOutbox)
        || waits <= Math.max(FACTOR * usualOutbox, usualOutbox + SLACK_ROWS);
  }

  private boolean keepsUp(Second second) {
    List<Second> lately =
        seconds.stream()
            .filter(it -> it.number() == second.number() || it.number() == second.number() - 1)
            .toList();
    long offered = lately.stream().mapToLong(Second::offered).sum();
    long achieved = lately.stream().mapToLong(Second::achieved).sum();
    return offered <= 1 || 2 * achieved >= offered;
  }

  /// Rows that wait to leave; not a number where they could not be counted.
  static double outbox(Second second) {
    return second.gauges().entrySet().stream()
        .filter(it -> it.getKey().startsWith("queue/outbox "))
        .mapToDouble(Map.Entry::getValue)
        .reduce(Double::sum)
        .orElse(second.gauges().containsKey("queue/dead letters") ? 0 : Double.NaN);
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.isEmpty() ? Double.NaN : sorted.get(sorted.size() / 2);
  }

  private static double millis(Duration time) {
    return time.toNanos() / 1e6;
  }

  private static double seconds(Duration time) {
    return time.toNanos() / 1e9;
  }
}
