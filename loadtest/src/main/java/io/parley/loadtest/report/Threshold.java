package io.parley.loadtest.report;

import io.parley.loadtest.measure.Distribution;
import io.parley.loadtest.measure.Gauge.Unit;
import io.parley.loadtest.measure.Judged;
import io.parley.loadtest.measure.RunResult;
import io.parley.loadtest.measure.Stretch;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What a profile asks of a run, and what would keep it:
///
/// ```yaml
/// thresholds:
///   next_message p99: 25ms
///   achieved: 0.99
///   errors: 0
///   recovery: 10s
/// ```
///
/// @param name `next_message p99`, `achieved`
/// @param limit as it was written
public record Threshold(String name, String limit, Figure figure, double bound) {

  private static final Pattern STATISTIC = Pattern.compile("p(\\d{1,2}(?:\\.\\d{1,4})?|100)");
  private static final Pattern TIME = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*(us|ms|s|m|h)");
  private static final Pattern SIZE = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*(kB|MB|GB|MiB|GiB)");
  private static final Pattern NUMBER = Pattern.compile("\\d+(?:\\.\\d+)?");

  /// What can be asked for.
  sealed interface Figure {}

  /// A percentile of a stretch; 100 is the longest.
  record Percentile(Stretch stretch, double percentile) implements Figure {}

  record Mean(Stretch stretch) implements Figure {}

  record OfRun(RunFigure figure) implements Figure {}

  /// A threshold as it was read.
  public sealed interface Reading {

    record Read(Threshold threshold) implements Reading {}

    /// @param problem what is wrong with it, `remedy` what would be right
    record Wrong(String problem, String remedy) implements Reading {}
  }

  /// @param limit as it stands in the profile
  public static Reading read(String name, String limit) {
    Optional<Figure> figure = figure(name.strip());
    if (figure.isEmpty()) {
      return new Reading.Wrong("is no threshold that is known", known());
    }
    OptionalDouble bound = bound(figure.orElseThrow(), limit.strip());
    return bound.isPresent()
        ? new Reading.Read(
            new Threshold(name.strip(), limit.strip(), figure.orElseThrow(), bound.getAsDouble()))
        : new Reading.Wrong("\"" + limit + "\" is no limit of it", example(figure.orElseThrow()));
  }

  /// Judges a run by a profile's thresholds, in their order. Those that cannot be read are broken,
  /// with what is wrong as their measure.
  public static List<Judged> judge(Map<String, String> thresholds, RunResult result) {
    return thresholds.entrySet().stream()
        .map(
            entry ->
                switch (read(entry.getKey(), entry.getValue())) {
                  case Reading.Read(Threshold threshold) -> threshold.judge(result);
                  case Reading.Wrong(String problem, _) ->
                      new Judged(entry.getKey(), entry.getValue(), problem, false);
                })
        .toList();
  }

  /// The names that a profile may use, in a sentence.
  public static String known() {
    String stretches =
        Arrays.stream(Stretch.values()).map(Stretch::key).collect(Collectors.joining(", "));
    String figures =
        Arrays.stream(RunFigure.values())
            .map(it -> it.key() + " (" + it.meaning() + ")")
            .collect(Collectors.joining(", "));
    return "Known are p50, p90, p99, p99.9 or any other percentile, mean and max of "
        + stretches
        + ", such as \"next_message p99\"; and "
        + figures;
  }

  private static Optional<Figure> figure(String name) {
    for (RunFigure figure : RunFigure.values()) {
      if (figure.key().equals(name)) {
        return Optional.of(new OfRun(figure));
      }
    }
    String[] words = name.split("\\s+", -1);
    if (words.length != 2) {
      return Optional.empty();
    }
    return Stretch.of(words[0]).flatMap(stretch -> statistic(stretch, words[1]));
  }

  private static Optional<Figure> statistic(Stretch stretch, String word) {
    if (word.equals("mean")) {
      return Optional.of(new Mean(stretch));
    }
    Matcher percentile = STATISTIC.matcher(word.equals("max") ? "p100" : word);
    return percentile.matches()
        ? Optional.of(new Percentile(stretch, Double.parseDouble(percentile.group(1))))
        : Optional.empty();
  }

  private static Unit unit(Figure figure) {
    return switch (figure) {
      case Percentile _, Mean _ -> Unit.MILLIS;
      case OfRun(RunFigure ofRun) -> ofRun.unit();
    };
  }

  private static OptionalDouble bound(Figure figure, String limit) {
    return switch (unit(figure)) {
      case MILLIS -> time(limit);
      case BYTES -> size(limit);
      case PERCENT -> share(limit);
      case ROWS, CORES -> number(limit);
    };
  }

  private static String example(Figure figure) {
    return switch (unit(figure)) {
      case MILLIS -> "Write a time, such as 25ms, 1.5s or 2m";
      case BYTES -> "Write a size, such as 512MB or 1.5GB";
      case PERCENT -> "Write a share, such as 0.99 or 99%";
      case ROWS -> "Write a number, such as 0 or 1000";
      case CORES -> "Write a number of cores, such as 1.5";
    };
  }

  /// A time as it is written in a limit; empty where it is none.
  public static Optional<Duration> length(String limit) {
    OptionalDouble millis = time(limit.strip());
    return millis.isPresent()
        ? Optional.of(Duration.ofNanos(Math.round(millis.getAsDouble() * 1e6)))
        : Optional.empty();
  }

  /// In milliseconds.
  private static OptionalDouble time(String text) {
    Matcher time = TIME.matcher(text);
    if (!time.matches()) {
      return OptionalDouble.empty();
    }
    double millis =
        switch (time.group(2)) {
          case "us" -> 0.001;
          case "ms" -> 1;
          case "s" -> 1000;
          case "m" -> 60_000;
          default -> 3_600_000;
        };
    return OptionalDouble.of(Double.parseDouble(time.group(1)) * millis);
  }

  private static OptionalDouble size(String text) {
    Matcher size = SIZE.matcher(text);
    if (!size.matches()) {
      return OptionalDouble.empty();
    }
    double bytes =
        switch (size.group(2)) {
          case "kB" -> 1e3;
          case "MB" -> 1e6;
          case "GB" -> 1e9;
          case "MiB" -> 1024.0 * 1024;
          default -> 1024.0 * 1024 * 1024;
        };
    return OptionalDouble.of(Double.parseDouble(size.group(1)) * bytes);
  }

  private static OptionalDouble share(String text) {
    boolean percent = text.endsWith("%");
    OptionalDouble number = number(percent ? text.substring(0, text.length() - 1).strip() : text);
    if (number.isEmpty()) {
      return number;
    }
    double share = percent ? number.getAsDouble() / 100 : number.getAsDouble();
    return share <= 1 ? OptionalDouble.of(share) : OptionalDouble.empty();
  }

  private static OptionalDouble number(String text) {
    return NUMBER.matcher(text).matches()
        ? OptionalDouble.of(Double.parseDouble(text))
        : OptionalDouble.empty();
  }

  Judged judge(RunResult result) {
    return switch (figure) {
      case Percentile(Stretch stretch, double percentile) ->
          timed(result, stretch, distribution -> distribution.at(percentile));
      case Mean(Stretch stretch) ->
          timed(result, stretch, distribution -> distribution.spread().mean());
      case OfRun(RunFigure ofRun) -> {
        RunFigure.Measured measured = ofRun.measure(result);
        boolean kept =
            !Double.isNaN(measured.value())
                && (ofRun.isAtLeast() ? measured.value() >= bound : measured.value() <= bound);
        yield new Judged(name, limit, measured.words(), kept);
      }
    };
  }

  private interface Statistic {
    Duration of(Distribution distribution);
  }

  private Judged timed(RunResult result, Stretch stretch, Statistic statistic) {
    return result
        .timed(stretch)
        .map(statistic::of)
        .map(
            measured ->
                new Judged(name, limit, Written.time(measured), measured.toNanos() / 1e6 <= bound))
        .orElseGet(() -> new Judged(name, limit, "nothing was timed", false));
  }
}
