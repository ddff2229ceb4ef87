package io.parley.loadtest;

import io.parley.loadtest.measure.Judged;
import io.parley.loadtest.measure.Kept;
import io.parley.loadtest.measure.RunResult;
import io.parley.loadtest.measure.Stretch;
import java.time.Duration;
import java.util.Locale;

/// What a run comes to, for the terminal.
final class Summary {

  private Summary() {}

  static String of(RunResult result) {
    StringBuilder text = new StringBuilder("\n");
    text.append(
        "%s: %s. %,d conversations offered, %,d taken on, in %d s%n"
            .formatted(
                result.name(),
                result.verdict().name().toLowerCase(Locale.ROOT),
                result.series().offered(),
                result.series().achieved(),
                result.lasted().toSeconds()));
    result
        .validity()
        .doubts()
        .forEach(doubt -> text.append("invalid  ").append(doubt).append('\n'));
    text.append("\n%-22s%10s%11s%11s%11s%n".formatted("", "times", "p50", "p99", "max"));
    for (Stretch stretch : Stretch.values()) {
      result
          .timed(stretch)
          .ifPresent(
              timed ->
                  text.append(
                      "%-22s%,10d%11s%11s%11s%n"
                          .formatted(
                              stretch.title(),
                              timed.spread().count(),
                              time(timed.at(50)),
                              time(timed.at(99)),
                              time(timed.at(100)))));
    }
    text.append('\n');
    for (Kept kept : result.ledger()) {
      text.append(
          "%-9s%s%n".formatted(kept.brokenInAll() == 0 ? "kept" : "BROKEN", kept.promise()));
      kept.broken().stream()
          .limit(3)
          .forEach(broken -> text.append(broken.what()).append('\n').append(broken.trace()));
    }
    for (Judged judged : result.thresholds()) {
      text.append(
          "%-9s%s: %s, at most or at least %s%n"
              .formatted(
                  judged.kept() ? "kept" : "BROKEN",
                  judged.name(),
                  judged.measured(),
                  judged.limit()));
    }
    return text.toString();
  }

  private static String time(Duration time) {
    return "%.1f ms".formatted(time.toNanos() / 1e6);
  }
}
