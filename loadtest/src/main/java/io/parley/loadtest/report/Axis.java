package io.parley.loadtest.report;

import io.parley.loadtest.measure.Gauge.Unit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;
import java.util.function.DoubleUnaryOperator;

/// One direction of a chart.
///
/// @param place where a value is drawn: 0 at the beginning, 1 at the end
/// @param words how a value is written
record Axis(DoubleUnaryOperator place, List<Tick> ticks, DoubleFunction<String> words) {

  private static final int[] SECONDS = {
    1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400
  };

  Axis {
    ticks = List.copyOf(ticks);
  }

  /// A mark with a word.
  ///
  /// @param at 0 to 1
  record Tick(double at, String label) {}

  /// Time since the run began.
  ///
  /// @param seconds how long it lasted
  static Axis time(int seconds) {
    int all = Math.max(1, seconds);
    int step = SECONDS[SECONDS.length - 1];
    for (int candidate : SECONDS) {
      if (all / candidate <= 6) {
        step = candidate;
        break;
      }
    }
    List<Tick> ticks = new ArrayList<>();
    for (int second = 0; second <= all; second += step) {
      ticks.add(new Tick((double) second / all, clock(second)));
    }
    return new Axis(value -> value / all, ticks, value -> clock((int) value));
  }

  static String clock(int seconds) {
    return seconds < 3600
        ? "%d:%02d".formatted(seconds / 60, seconds % 60)
        : "%d:%02d:%02d".formatted(seconds / 3600, seconds / 60 % 60, seconds % 60);
  }

  /// From 0 to a round number above the greatest.
  static Axis linear(double greatest, Unit unit) {
    double top = greatest > 0 ? greatest : 1;
    double step = step(top / 3, unit);
    double end = Math.ceil(top / step - 1e-9) * step;
    List<Tick> ticks = new ArrayList<>();
    for (int i = 0; i * step <= end * 1.0001; i++) {
      ticks.add(new Tick(i * step / end, Written.of(unit, i * step)));
    }
    return new Axis(value -> value / end, ticks, value -> Written.of(unit, value));
  }

  /// 1, 2 or 5 times a power of ten; rows are whole.
  private static double step(double about, Unit unit) {
    double power = Math.pow(10, Math.floor(Math.log10(about)));
    double times = about / power;
    double step = power * (times <= 1 ? 1 : times <= 2 ? 2 : times <= 5 ? 5 : 10);
    return unit == Unit.ROWS ? Math.max(1, step) : step;
  }

  /// Milliseconds, each decade as high as the next.
  static Axis latency(double least, double greatest) {
    double from = Math.pow(10, Math.floor(Math.log10(Math.max(0.01, least))));
    double until = Math.max(from * 10, upwards(greatest));
    double decades = Math.log10(until / from);
    List<Tick> ticks = new ArrayList<>();
    for (double decade = from; decade <= until * 1.0001; decade *= 10) {
      int[] steps = decades < 2.4 ? new int[] {1, 2, 5} : new int[] {1};
      for (int times : steps) {
        double value = decade * times;
        if (value <= until * 1.0001) {
          ticks.add(new Tick(Math.log10(value / from) / decades, millis(value)));
        }
      }
    }
    return new Axis(
        value -> Math.clamp(Math.log10(Math.max(value, from) / from) / decades, 0, 1),
        ticks,
        Axis::millis);
  }

  /// 1, 2 or 5 times a power of ten, the first that is no less.
  private static double upwards(double value) {
    double power = Math.pow(10, Math.floor(Math.log10(Math.max(0.01, value))));
    double times = value / power;
    return power * (times <= 1 ? 1 : times <= 2 ? 2 : times <= 5 ? 5 : 10);
  }

  private static String millis(double value) {
    return Written.time(Duration.ofNanos(Math.round(value * 1e6)));
  }

  /// The axis of HdrHistogram's plots: as much room from 90 to 99 % as from 99 to 99.9 %.
  ///
  /// @param count of the values; beyond what they can tell nothing is drawn
  static Axis percentiles(long count) {
    double decades = nines(count);
    List<Tick> ticks = new ArrayList<>();
    ticks.add(new Tick(0, "0"));
    for (int nines = 1; nines <= decades; nines++) {
      ticks.add(new Tick(nines / decades, percentile(100 - 100 / Math.pow(10, nines))));
    }
    return new Axis(
        percentile -> Math.min(1, -Math.log10(Math.max(1e-9, 1 - percentile / 100)) / decades),
        ticks,
        value -> "p" + percentile(value));
  }

  /// How many nines that many values can tell of.
  static double nines(long count) {
    return Math.clamp(Math.ceil(Math.log10((double) Math.max(10, count))), 2, 5);
  }

  private static String percentile(double value) {
    return String.format(Locale.ROOT, "%.4f", value).replaceFirst("\\.?0+$", "");
  }
}
