package io.parley.loadtest.report;

import io.parley.loadtest.measure.Judged;
import io.parley.loadtest.measure.Kept;
import io.parley.loadtest.measure.RunResult;
import io.parley.loadtest.measure.Series;
import io.parley.loadtest.measure.Spread;
import io.parley.loadtest.measure.Stretch;
import java.util.Locale;

/// What is printed when a run is over.
///
/// ```text
/// short  PASSED  2 m, seed 7
///   conversations   8,041 of 8,271 offered (97.2 %), errors 0
///
///                           times       p50       p99     p99.9       max
///   Trigger accepted        8,041   3.11 ms   9.07 ms   17.9 ms   32.4 ms
///   ...
///   kept        9,412  every accepted event has one turn
///   ...
///   met     next_message p99 <= 25ms: 18.2 ms
/// ```
public final class Summary {

  /// Traces are long; the page has them all.
  private static final int MAX_BROKEN = 3;

  private Summary() {}

  public static String of(RunResult result) {
    StringBuilder text = new StringBuilder();
    Series series = result.series();
    line(
        text,
        "%s  %s  %s, seed %d"
            .formatted(
                result.name(),
                ReportPage.word(result.verdict()).toUpperCase(Locale.ROOT),
                Written.length(result.lasted()),
                result.seed()));
    result.validity().doubts().forEach(doubt -> line(text, "  invalid: %s".formatted(doubt)));
    line(
        text,
        "  conversations   %s of %s offered%s, errors %s"
            .formatted(
                Written.count(series.achieved()),
                Written.count(series.offered()),
                series.offered() == 0
                    ? ""
                    : " (" + Written.percent((double) series.achieved() / series.offered()) + ")",
                Written.count(series.errors())));
    stretches(text, result);
    text.append('\n');
    result.ledger().forEach(kept -> promise(text, kept));
    text.append(result.thresholds().isEmpty() ? "" : "\n");
    result.thresholds().forEach(judged -> threshold(text, judged));
    return text.toString();
  }

  private static void stretches(StringBuilder text, RunResult result) {
    text.append('\n');
    line(text, "  %-22s%9s%10s%10s%10s%10s".formatted("", "times", "p50", "p99", "p99.9", "max"));
    for (Stretch stretch : Stretch.values()) {
      result
          .timed(stretch)
          .ifPresent(
              distribution -> {
                Spread spread = distribution.spread();
                line(
                    text,
                    "  %-22s%9s%10s%10s%10s%10s"
                        .formatted(
                            stretch.title(),
                            Written.count(spread.count()),
                            Written.time(spread.p50()),
                            Written.time(spread.p99()),
                            Written.time(spread.p999()),
                            Written.time(spread.max())));
              });
    }
  }

  private static void promise(StringBuilder text, Kept kept) {
    if (kept.brokenInAll() == 0) {
      line(
          text,
          "  %-10s%,9d  %s"
              .formatted(
                  kept.checked() > 0 ? "kept" : "not tested", kept.checked(), kept.promise()));
      return;
    }
    line(
        text,
        "  %-10s%,9d  of %,d: %s"
            .formatted("BROKEN", kept.brokenInAll(), kept.checked(), kept.promise()));
    kept.broken().stream()
        .limit(MAX_BROKEN)
        .forEach(
            broken -> {
              line(text, "    %s %s".formatted(broken.conversation(), broken.what()));
              broken.trace().lines().forEach(trace -> line(text, "      %s".formatted(trace)));
            });
  }

  private static void threshold(StringBuilder text, Judged judged) {
    line(
        text,
        "  %-8s%s: %s, asked for %s"
            .formatted(
                judged.kept() ? "met" : "MISSED",
                judged.name(),
                judged.measured(),
                judged.limit()));
  }

  private static void line(StringBuilder text, String line) {
    text.append(Written.plain(line)).append('\n');
  }
}
