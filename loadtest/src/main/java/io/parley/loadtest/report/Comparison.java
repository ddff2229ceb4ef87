package io.parley.loadtest.report;

import io.parley.loadtest.measure.Distribution;
import io.parley.loadtest.measure.Gauge.Unit;
import io.parley.loadtest.measure.Kept;
import io.parley.loadtest.measure.RunResult;
import io.parley.loadtest.measure.Second;
import io.parley.loadtest.measure.Spread;
import io.parley.loadtest.measure.Stretch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/// Two runs beside each other.
///
/// @param warnings why they may not be comparable
public record Comparison(
    RunResult before, RunResult after, List<Line> lines, List<String> warnings) {

  /// A smaller change of a figure than this share is not worth a word.
  private static final double WORTH = 0.03;

  /// More figures than these are not named in a sentence.
  private static final int NAMED = 4;

  private static final Set<Stretch> OF_PARLEY =
      EnumSet.complementOf(EnumSet.of(Stretch.GENERATOR_LAG));

  public Comparison {
    lines = List.copyOf(lines);
    warnings = List.copyOf(warnings);
  }

  /// What is said of a figure.
  public enum Word {
    BETTER("better"),
    WORSE("worse"),
    SAME("within noise"),
    EQUAL("equal"),
    UNCLEAR("too short to tell");

    private final String text;

    Word(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /// A figure of both.
  ///
  /// @param change `+12 %`; empty where that cannot be said
  public record Line(String figure, String before, String after, String change, Word word) {}

  public static Comparison of(RunResult before, RunResult after) {
    List<Line> lines = new ArrayList<>();
    lines.add(
        line(
            new Figure("achieved a second", Unit.ROWS, true),
            before,
            after,
            run -> mean(run, Second::achieved),
            Second::achieved));
    for (Stretch stretch : OF_PARLEY) {
      if (before.timed(stretch).isPresent() && after.timed(stretch).isPresent()) {
        lines.add(latency(stretch, "p50", 50, Spread::p50, before, after));
        lines.add(latency(stretch, "p99", 99, Spread::p99, before, after));
        lines.add(latency(stretch, "p99.9", 99.9, Spread::p999, before, after));
      }
    }
    gauge("Parley's processor", "cpu/parley", Unit.CORES, before, after, lines);
    gauge("Postgres' processor", "cpu/postgres", Unit.CORES, before, after, lines);
    gauge("Parley's memory", "memory/parley", Unit.BYTES, before, after, lines);
    gauge("pauses of the collector", "gc/pauses", Unit.MILLIS, before, after, lines);
    gauge("a commit", "time/commit", Unit.MILLIS, before, after, lines);
    gauge("a turn", "time/turn", Unit.MILLIS, before, after, lines);
    gauge("database time a second", "database/statements", Unit.MILLIS, before, after, lines);
    gauge("log of the database a second", "wal/written", Unit.BYTES, before, after, lines);
    lines.add(counted("errors", before.series().errors(), after.series().errors()));
    lines.add(counted("promises broken", broken(before), broken(after)));
    return new Comparison(before, after, lines, warnings(before, after));
  }

  private static long broken(RunResult run) {
    return run.ledger().stream().mapToLong(Kept::brokenInAll).sum();
  }

  // ---- figures

  private record Figure(String name, Unit unit, boolean moreIsBetter) {}

  private static Line latency(
      Stretch stretch,
      String name,
      double percentile,
      Function<Spread, Duration> bySecond,
      RunResult before,
      RunResult after) {
    return line(
        new Figure(stretch.title() + " " + name, Unit.MILLIS, false),
        before,
        after,
        run -> Curves.millis(distribution(run, stretch).at(percentile)),
        second -> {
          Spread spread = second.latency(stretch);
          return spread.count() == 0 ? Double.NaN : Curves.millis(bySecond.apply(spread));
        });
  }

  static Distribution distribution(RunResult run, Stretch stretch) {
    return run.timed(stretch).orElseThrow();
  }

  private static void gauge(
      String name, String gauge, Unit unit, RunResult before, RunResult after, List<Line> into) {
    ToDoubleFunction<Second> value = second -> second.gauge(gauge);
    if (!Double.isNaN(mean(before, value)) && !Double.isNaN(mean(after, value))) {
      into.add(line(new Figure(name, unit, false), before, after, run -> mean(run, value), value));
    }
  }

  private static double mean(RunResult run, ToDoubleFunction<Second> value) {
    return run.series().seconds().stream()
        .mapToDouble(value)
        .filter(it -> !Double.isNaN(it))
        .average()
        .orElse(Double.NaN);
  }

  private static Line line(
      Figure figure,
      RunResult before,
      RunResult after,
      ToDoubleFunction<RunResult> whole,
      ToDoubleFunction<Second> bySecond) {
    double a = whole.applyAsDouble(before);
    double b = whole.applyAsDouble(after);
    Noise noise = Noise.between(seconds(before, bySecond), seconds(after, bySecond));
    return new Line(
        figure.name(),
        Written.of(figure.unit(), a),
        Written.of(figure.unit(), b),
        a == 0 ? "" : change((b - a) / a),
        word(figure, a, b, noise));
  }

  private static List<Double> seconds(RunResult run, ToDoubleFunction<Second> value) {
    return run.series().seconds().stream().map(value::applyAsDouble).toList();
  }

  private static Word word(Figure figure, double before, double after, Noise noise) {
    if (noise.isTooShort()) {
      return Word.UNCLEAR;
    }
    boolean worth = Math.abs(after - before) > WORTH * Math.abs(before);
    boolean rises = worth && noise.isRise() && after > before;
    boolean falls = worth && noise.isFall() && after < before;
    if (!rises && !falls) {
      return Word.SAME;
    }
    return rises == figure.moreIsBetter() ? Word.BETTER : Word.WORSE;
  }

  private static Line counted(String name, long before, long after) {
    return new Line(
        name,
        Written.count(before),
        Written.count(after),
        "",
        before == after ? Word.EQUAL : after < before ? Word.BETTER : Word.WORSE);
  }

  private static String change(double share) {
    if (Math.abs(share) < 0.0005) {
      return "0 %";
    }
    return String.format(
        Locale.ROOT, Math.abs(share) < 0.0995 ? "%+.1f %%" : "%+.0f %%", share * 100);
  }

  // ---- warnings

  private static List<String> warnings(RunResult before, RunResult after) {
    List<String> warnings = new ArrayList<>();
    if (!before.profile().equals(after.profile())) {
      warnings.add("The profiles differ, so the runs were not asked the same.");
    }
    if (before.seed() != after.seed()) {
      warnings.add(
          "The seeds differ (%d and %d): other customers came."
              .formatted(before.seed(), after.seed()));
    }
    if (!before.machine().equals(after.machine())) {
      warnings.add(
          "The machines differ (%s with %d cores and %s with %d)."
              .formatted(
                  before.machine().processor(),
                  before.machine().cores(),
                  after.machine().processor(),
                  after.machine().cores()));
    }
    for (RunResult run : List.of(before, after)) {
      if (!run.validity().isValid()) {
        warnings.add(
            "The run of %s is invalid: %s"
                .formatted(
                    ReportPage.when(run.began()), String.join("; ", run.validity().doubts())));
      }
    }
    double lateBefore = late(before);
    double lateAfter = late(after);
    if (Math.max(lateBefore, lateAfter) > Math.max(1, 2 * Math.min(lateBefore, lateAfter))) {
      warnings.add(
          "The harness itself was later in one of them (p99 %s ms and %s ms)."
              .formatted(Written.digits(lateBefore), Written.digits(lateAfter)));
    }
    double stolenBefore = mean(before, it -> it.gauge("machine/stolen by the host"));
    double stolenAfter = mean(after, it -> it.gauge("machine/stolen by the host"));
    if (Math.max(stolenBefore, stolenAfter) > 5) {
      warnings.add(
          "The host took %s %% and %s %% of the processor: the figures are noisy."
              .formatted(Written.digits(stolenBefore), Written.digits(stolenAfter)));
    }
    return warnings;
  }

  private static double late(RunResult run) {
    return run.timed(Stretch.GENERATOR_LAG).map(it -> Curves.millis(it.spread().p99())).orElse(0.0);
  }

  // ---- in words

  /// `Worse: ..., better: ...`, or that nothing stands out.
  public String summary() {
    String worse = figures(Word.WORSE);
    String better = figures(Word.BETTER);
    if (worse.isEmpty() && better.isEmpty()) {
      return "No difference stands out of the noise.";
    }
    return (worse.isEmpty() ? "Nothing is worse." : "Worse: " + worse + ".")
        + (better.isEmpty() ? "" : " Better: " + better + ".");
  }

  private String figures(Word word) {
    List<String> figures =
        lines.stream()
            .filter(it -> it.word() == word)
            .map(it -> it.change().isEmpty() ? it.figure() : it.figure() + " " + it.change())
            .toList();
    String named = figures.stream().limit(NAMED).collect(Collectors.joining(", "));
    return figures.size() <= NAMED
        ? named
        : named + " and %d more".formatted(figures.size() - NAMED);
  }

  public boolean hasWorse() {
    return lines.stream().anyMatch(it -> it.word() == Word.WORSE);
  }

  /// A table for a terminal.
  public String table() {
    int width = lines.stream().mapToInt(it -> it.figure().length()).max().orElse(10);
    String row = "%-" + width + "s  %12s  %12s  %9s  %s%n";
    StringBuilder table = new StringBuilder();
    warnings.forEach(it -> table.append("warning: ").append(it).append('\n'));
    table.append(row.formatted("", "before", "after", "change", ""));
    for (Line line : lines) {
      table.append(
          row.formatted(line.figure(), line.before(), line.after(), line.change(), line.word()));
    }
    return table.append(summary()).append('\n').toString();
  }
}
