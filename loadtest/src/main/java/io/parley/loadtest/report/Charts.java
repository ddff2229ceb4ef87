package io.parley.loadtest.report;

import io.parley.loadtest.measure.Distribution;
import io.parley.loadtest.measure.Gauge;
import io.parley.loadtest.measure.Gauge.Group;
import io.parley.loadtest.measure.RunResult;
import io.parley.loadtest.measure.Second;
import io.parley.loadtest.measure.Series;
import io.parley.loadtest.measure.Spread;
import io.parley.loadtest.measure.Stretch;
import io.parley.loadtest.report.Chart.Line;
import io.parley.loadtest.report.Chart.Look;
import io.parley.loadtest.report.Chart.Shade;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The charts of one run.
final class Charts {

  /// More lines than these nobody can tell apart: the rest are left out, the least first.
  private static final int MAX_LINES = 7;

  /// They keep their colour in every chart.
  private static final List<String> PROCESSES = List.of("parley", "postgres", "generator");

  private final RunResult result;
  private final Curves curves;
  private final Axis time;
  private final List<Shade> shades;

  Charts(RunResult result) {
    this.result = result;
    this.curves = Curves.of(result.series());
    this.time = Axis.time(curves.length());
    this.shades = Curves.shades(result.faults());
  }

  Chart traffic() {
    Series series = result.series();
    List<Double> offered = curves.mean(Second::offered);
    List<Double> achieved = curves.mean(Second::achieved);
    List<Double> errors = curves.mean(Second::errors);
    List<Line> lines = new ArrayList<>();
    lines.add(new Line("achieved", 0, Look.FILLED, achieved, Written.count(series.achieved())));
    lines.add(new Line("offered", 7, Look.DASHED, offered, Written.count(series.offered())));
    if (series.errors() > 0) {
      lines.add(new Line("errors", 4, Look.STRONG, errors, Written.count(series.errors())));
    }
    double top = Stream.of(offered, achieved, errors).mapToDouble(Curves::greatest).max().orElse(1);
    return new Chart(
        "Conversations per second",
        "Customers come when they are meant to, however slow the answers are.",
        time,
        Axis.linear(top, Gauge.Unit.ROWS),
        curves.xs(),
        lines,
        shades);
  }

  /// The medians and the 99th percentiles of a stretch, second by second.
  Optional<Chart> latency(Stretch stretch) {
    List<Double> p50 = curves.latency(stretch, Spread::p50);
    List<Double> p90 = curves.latency(stretch, Spread::p90);
    List<Double> p99 = curves.latency(stretch, Spread::p99);
    return result
        .timed(stretch)
        .map(Distribution::spread)
        .map(
            spread ->
                new Chart(
                    stretch.title(),
                    stretch.meaning(),
                    time,
                    Axis.latency(Curves.least(p50), Curves.greatest(p99)),
                    curves.xs(),
                    List.of(
                        new Line("p99", 1, Look.STRONG, p99, Written.time(spread.p99())),
                        new Line("p90", 3, Look.FAINT, p90, Written.time(spread.p90())),
                        new Line("p50", 0, Look.FILLED, p50, Written.time(spread.p50()))),
                    shades));
  }

  /// What percentile of each stretch took how long, in the shape of HdrHistogram's plots.
  Optional<Chart> percentiles() {
    List<Stretch> timed =
        Stream.of(Stretch.values()).filter(it -> result.timed(it).isPresent()).toList();
    long most =
        result.stretches().values().stream().mapToLong(it -> it.spread().count()).max().orElse(0);
    List<Double> percentiles = Curves.percentiles(most);
    List<Line> lines = new ArrayList<>();
    double least = Double.MAX_VALUE;
    double greatest = 0;
    for (Stretch stretch : timed) {
      Distribution distribution = result.timed(stretch).orElseThrow();
      List<Double> values = Curves.percentiles(distribution, percentiles);
      least = Math.min(least, Curves.least(values));
      greatest = Math.max(greatest, Curves.greatest(values));
      lines.add(
          new Line(
              stretch.title(),
              lines.size(),
              stretch == Stretch.GENERATOR_LAG ? Look.DASHED : Look.STRONG,
              values,
              Written.time(distribution.spread().p99())));
    }
    return lines.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Chart(
                "Latency by percentile",
                "The whole run. Each step to the right is ten times as rare; the figures below are p99s.",
                Axis.percentiles(most),
                Axis.latency(least, greatest),
                percentiles,
                lines,
                List.of()));
  }

  /// The gauges of a group, the greatest first; what never was anything but 0 is left out where
  /// others were.
  Optional<Chart> gauges(Group group, String meaning) {
    List<Named> all =
        result.series().gauges().stream()
            .flatMap(name -> Gauge.of(name).stream())
            .filter(gauge -> gauge.group() == group)
            .map(gauge -> new Named(gauge.what(), curves.most(it -> it.gauge(gauge.name()))))
            .sorted(Comparator.comparingDouble(Named::greatest).reversed())
            .toList();
    List<Named> shown =
        all.stream()
            .filter(it -> it.greatest() > 0 || all.getFirst().greatest() == 0)
            .limit(MAX_LINES)
            .toList();
    if (shown.isEmpty()) {
      return Optional.empty();
    }
    List<Line> lines = new ArrayList<>();
    int others =
        shown.stream().anyMatch(it -> PROCESSES.contains(it.what())) ? PROCESSES.size() : 0;
    for (Named one : shown) {
      int process = PROCESSES.indexOf(one.what());
      lines.add(
          new Line(
              one.what(),
              process >= 0 ? process : others++,
              shown.size() == 1 ? Look.FILLED : Look.STRONG,
              one.values(),
              "max " + Written.of(group.unit(), one.greatest())));
    }
    return Optional.of(
        new Chart(
            group.title(),
            meaning,
            time,
            Axis.linear(shown.getFirst().greatest(), group.unit()),
            curves.xs(),
            lines,
            shades));
  }

  private record Named(String what, List<Double> values) {

    double greatest() {
      return Curves.greatest(values);
    }
  }
}
