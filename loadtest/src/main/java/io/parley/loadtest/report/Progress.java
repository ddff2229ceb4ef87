package io.parley.loadtest.report;

import io.parley.loadtest.measure.Gauge;
import io.parley.loadtest.measure.Gauge.Group;
import io.parley.loadtest.measure.Second;
import io.parley.loadtest.measure.Spread;
import io.parley.loadtest.measure.Stretch;
import java.io.Console;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// Shows a run while it is under way: on a terminal one block that is drawn anew each second,
/// elsewhere a line every few seconds. Confined to the thread that measures.
public final class Progress implements Consumer<Second> {

  private static final int PERIOD = 5;
  private static final int REMEMBERED = 30;
  private static final String BARS = "▁▂▃▄▅▆▇█";
  private static final int BAR_WIDTH = 30;

  private final PrintStream out;
  private final Look look;
  private final Duration planned;
  private final Supplier<List<String>> faults;
  private final Deque<Second> lately = new ArrayDeque<>();
  private long offered;
  private long achieved;
  private long errors;
  private int drawn;

  /// Where it is shown.
  public enum Look {
    TERMINAL,
    LINES;

    /// What suits the standard output.
    public static Look ofStandardOutput() {
      return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent()
          ? TERMINAL
          : LINES;
    }
  }

  /// @param planned how long the run is to last; zero where nobody knows
  /// @param faults those in force now, each in a few words
  public Progress(PrintStream out, Look look, Duration planned, Supplier<List<String>> faults) {
    this.out = out;
    this.look = look;
    this.planned = planned;
    this.faults = () -> faults.get().stream().map(Written::plain).toList();
  }

  @Override
  public void accept(Second second) {
    offered += second.offered();
    achieved += second.achieved();
    errors += second.errors();
    lately.addLast(second);
    if (lately.size() > REMEMBERED) {
      lately.removeFirst();
    }
    switch (look) {
      case TERMINAL -> draw(second);
      case LINES -> {
        if ((second.number() + 1) % PERIOD == 0) {
          out.println(line(second));
          out.flush();
        }
      }
    }
  }

  // ---- a line

  private String line(Second second) {
    List<String> parts = new ArrayList<>();
    parts.add("%5s".formatted(clock(second.number() + 1)));
    List<Second> period = lately.stream().skip(Math.max(0, lately.size() - PERIOD)).toList();
    parts.add(
        "offered %s/s, achieved %s/s"
            .formatted(
                rate(period, Second::offered, period.size()),
                rate(period, Second::achieved, period.size())));
    for (Stretch stretch : Stretch.values()) {
      Spread spread = last(stretch);
      if (spread.count() > 0) {
        parts.add(
            "%s %s/%s"
                .formatted(
                    stretch.title().toLowerCase(Locale.ROOT),
                    Written.time(spread.p50()),
                    Written.time(spread.p99())));
      }
    }
    parts.add(queues(second));
    if (errors > 0) {
      parts.add(Written.count(errors) + " errors");
    }
    List<String> inForce = faults.get();
    if (!inForce.isEmpty()) {
      parts.add("FAULT " + String.join("; ", inForce));
    }
    return String.join("  ", parts);
  }

  // ---- the block

  private void draw(Second second) {
    List<String> lines = block(second);
    StringBuilder text = new StringBuilder();
    if (drawn > 0) {
      text.append("\u001b[").append(drawn).append('A');
    }
    lines.forEach(line -> text.append("\r\u001b[2K").append(line).append('\n'));
    // What a longer block left below.
    text.append("\u001b[J");
    drawn = lines.size();
    out.print(text);
    out.flush();
  }

  private List<String> block(Second second) {
    List<String> lines = new ArrayList<>();
    lines.add(bar(second));
    lines.add(
        "offered %s/s   achieved %s/s   %s conversations of %s   %s"
            .formatted(
                rate(List.of(second), Second::offered, 1),
                rate(List.of(second), Second::achieved, 1),
                Written.count(achieved),
                Written.count(offered),
                errors == 0 ? "no errors" : red(Written.count(errors) + " errors")));
    lines.add("");
    lines.add(dim("%-22s%10s%10s%10s   %s".formatted("", "p50", "p99", "max", "p99 lately")));
    for (Stretch stretch : Stretch.values()) {
      Spread spread = last(stretch);
      lines.add(
          "%-22s%10s%10s%10s   %s"
              .formatted(
                  stretch.title(),
                  time(spread, spread.p50()),
                  time(spread, spread.p99()),
                  time(spread, spread.max()),
                  sparks(stretch)));
    }
    lines.add("");
    lines.add(dim("queues   ") + queues(second));
    lines.add(dim("machine  ") + machine(second));
    List<String> inForce = faults.get();
    lines.add(dim("faults   ") + (inForce.isEmpty() ? "none" : red(String.join("; ", inForce))));
    return lines;
  }

  private String bar(Second second) {
    long passed = second.number() + 1L;
    if (planned.isZero()) {
      return clock(passed);
    }
    long full = Math.min(BAR_WIDTH, BAR_WIDTH * passed / Math.max(1, planned.toSeconds()));
    String left =
        passed <= planned.toSeconds() ? "" : "  all have come; waiting until all is at rest";
    return "%s of %s  %s%s%s"
        .formatted(
            clock(passed),
            clock(planned.toSeconds()),
            "█".repeat((int) full),
            dim("░".repeat(BAR_WIDTH - (int) full)),
            left);
  }

  private String sparks(Stretch stretch) {
    List<Duration> times = lately.stream().map(it -> it.latency(stretch).p99()).toList();
    long longest = times.stream().mapToLong(Duration::toNanos).max().orElse(0);
    return longest == 0
        ? ""
        : times.stream()
            .map(
                time ->
                    time.isZero()
                        ? " "
                        : String.valueOf(
                            BARS.charAt((int) ((BARS.length() - 1) * time.toNanos() / longest))))
            .collect(Collectors.joining());
  }

  private static String time(Spread spread, Duration time) {
    return spread.count() == 0 ? "-" : Written.time(time);
  }

  /// The last second in which it was timed.
  private Spread last(Stretch stretch) {
    return lately.reversed().stream()
        .limit(2 * PERIOD)
        .map(second -> second.latency(stretch))
        .filter(spread -> spread.count() > 0)
        .findFirst()
        .orElse(Spread.NONE);
  }

  private static String queues(Second second) {
    String waiting =
        second.gauges().entrySet().stream()
            .filter(it -> it.getKey().startsWith("queue/") && it.getValue() > 0)
            .map(it -> it.getKey().substring("queue/".length()) + " " + rounded(it))
            .collect(Collectors.joining(", "));
    return waiting.isEmpty() ? "queues empty" : waiting;
  }

  private static String rounded(Map.Entry<String, Double> gauge) {
    return Written.count(Math.round(gauge.getValue()));
  }

  private static String machine(Second second) {
    return second.gauges().entrySet().stream()
        .flatMap(it -> Gauge.of(it.getKey()).map(gauge -> Map.entry(gauge, it.getValue())).stream())
        .filter(it -> it.getKey().group() == Group.CPU || it.getKey().group() == Group.MACHINE)
        .map(it -> it.getKey().what() + " " + Written.of(it.getKey().group().unit(), it.getValue()))
        .collect(Collectors.joining(", "));
  }

  private interface Count {
    long of(Second second);
  }

  private static String rate(List<Second> seconds, Count count, int length) {
    return Written.digits(
        seconds.stream().mapToLong(count::of).sum() / (double) Math.max(1, length));
  }

  private static String clock(long seconds) {
    return "%d:%02d".formatted(seconds / 60, seconds % 60);
  }

  private static String dim(String text) {
    return "\u001b[2m" + text + "\u001b[0m";
  }

  private static String red(String text) {
    return "\u001b[31m" + text + "\u001b[0m";
  }
}
