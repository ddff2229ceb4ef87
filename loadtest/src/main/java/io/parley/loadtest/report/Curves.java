package io.parley.loadtest.report;

import io.parley.loadtest.measure.Distribution;
import io.parley.loadtest.measure.FaultWindow;
import io.parley.loadtest.measure.Second;
import io.parley.loadtest.measure.Series;
import io.parley.loadtest.measure.Spread;
import io.parley.loadtest.measure.Stretch;
import io.parley.loadtest.report.Chart.Shade;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;

/// The values of lines. A long run has more seconds than a chart has room: some are drawn as one.
///
/// @param each how many seconds are drawn as one
record Curves(List<Second> seconds, int each) {

  private static final int MAX_POINTS = 360;
  private static final int PERCENTILE_POINTS = 160;

  static Curves of(Series series) {
    List<Second> seconds = series.seconds();
    return new Curves(seconds, Math.max(1, Math.ceilDiv(seconds.size(), MAX_POINTS)));
  }

  /// The middle of what is drawn as one.
  List<Double> xs() {
    List<Double> xs = new ArrayList<>();
    for (int i = 0; i < seconds.size(); i += each) {
      xs.add(seconds.get(i).number() + each / 2.0);
    }
    return xs;
  }

  int length() {
    return seconds.isEmpty() ? 1 : seconds.getLast().number() + 1;
  }

  /// The greatest of each.
  List<Double> most(ToDoubleFunction<Second> value) {
    return curve(value, values -> values.stream().mapToDouble(it -> it).max().orElse(Double.NaN));
  }

  /// The mean of each.
  List<Double> mean(ToDoubleFunction<Second> value) {
    return curve(
        value, values -> values.stream().mapToDouble(it -> it).average().orElse(Double.NaN));
  }

  private List<Double> curve(
      ToDoubleFunction<Second> value, ToDoubleFunction<List<Double>> together) {
    List<Double> curve = new ArrayList<>();
    for (int i = 0; i < seconds.size(); i += each) {
      curve.add(
          together.applyAsDouble(
              seconds.subList(i, Math.min(seconds.size(), i + each)).stream()
                  .map(value::applyAsDouble)
                  .filter(it -> !it.isNaN())
                  .toList()));
    }
    return curve;
  }

  /// A time of a stretch in milliseconds, the greatest of each.
  List<Double> latency(Stretch stretch, Function<Spread, Duration> statistic) {
    return most(
        second -> {
          Spread spread = second.latency(stretch);
          return spread.count() == 0 ? Double.NaN : millis(statistic.apply(spread));
        });
  }

  static double millis(Duration time) {
    return time.toNanos() / 1e6;
  }

  static double greatest(List<Double> values) {
    return values.stream().mapToDouble(it -> it).filter(it -> it >= 0).max().orElse(0);
  }

  static double least(List<Double> values) {
    return values.stream().mapToDouble(it -> it).filter(it -> it > 0).min().orElse(1);
  }

  static List<Shade> shades(List<FaultWindow> faults) {
    return faults.stream()
        .map(
            fault ->
                new Shade(
                    fault.from().toNanos() / 1e9,
                    fault.until().toNanos() / 1e9,
                    fault.on() + ": " + fault.what()))
        .toList();
  }

  /// The percentiles at which the curves of all stretches are drawn, closer towards 100.
  static List<Double> percentiles(long count) {
    double decades = Axis.nines(count);
    List<Double> percentiles = new ArrayList<>();
    for (int i = 0; i <= PERCENTILE_POINTS; i++) {
      percentiles.add(100 - 100 * Math.pow(10, -decades * i / PERCENTILE_POINTS));
    }
    return percentiles;
  }

  /// In milliseconds at each of the percentiles; beyond the last value there is none.
  static List<Double> percentiles(Distribution distribution, List<Double> percentiles) {
    Histogram micros = distribution.micros();
    long count = micros.getTotalCount();
    return percentiles.stream()
        .map(
            percentile ->
                count == 0 || (1 - percentile / 100) * count < 0.1
                    ? Double.NaN
                    : micros.getValueAtPercentile(percentile) / 1000.0)
        .toList();
  }
}
