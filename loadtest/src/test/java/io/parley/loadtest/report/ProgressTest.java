package io.parley.loadtest.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.loadtest.measure.Judged;
import io.parley.loadtest.measure.Kept;
import io.parley.loadtest.measure.RunResult;
import io.parley.loadtest.report.Progress.Look;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ProgressTest {

  private static final RunResult RUN = new MadeUpRun(7, 20, 1).result();

  private static String shown(Look look, List<String> faults) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, false, StandardCharsets.UTF_8);
    Progress progress = new Progress(out, look, Duration.ofSeconds(20), () -> faults);
    RUN.series().seconds().forEach(progress);
    out.flush();
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void withoutATerminalItIsALineEveryFiveSeconds() {
    String shown = shown(Look.LINES, List.of("twilio: 30% 503"));

    assertThat(shown.lines()).hasSize(4);
    assertThat(shown.lines().toList().get(1))
        .startsWith(" 0:10")
        .contains("offered", "achieved", "next message", "generator lag", "FAULT twilio: 30% 503")
        .doesNotContain("\u001b");
  }

  @Test
  void inTheEndAllIsSaidOnce() {
    String summary =
        Summary.of(
            MadeUpRun.with(
                RUN,
                List.of(
                    Kept.of("every accepted event has one turn", 9_412, List.of()),
                    Kept.of(
                        "nothing is sent to who has opted out",
                        148,
                        List.of(new Kept.Broken("0b5c", "a message left", "turn 1\nturn 2")))),
                List.of(new Judged("next_message p99", "25ms", "218 ms", false))));

    assertThat(summary)
        .startsWith("short  FAILED  20 s, seed 7")
        .contains("Next message", "kept          9,412  every accepted event")
        .contains("BROKEN            1  of 148: nothing is sent", "0b5c a message left")
        .contains("      turn 2\n")
        .contains("MISSED  next_message p99: 218 ms, asked for 25ms");
  }

  @Test
  void whatOthersWroteIsNoCommandToTheTerminal() {
    String hostile = "\u001b[2J\u009b2J\rpassed\u202e";

    String summary =
        Summary.of(
            MadeUpRun.with(
                RUN,
                List.of(Kept.of("it", 1, List.of(new Kept.Broken("c", hostile, hostile)))),
                List.of(new Judged("errors", "0", hostile, false))));

    assertThat(summary + shown(Look.LINES, List.of(hostile)))
        .contains("[2J")
        .doesNotContain("\u001b", "\u009b", "\r", "\u202e");
  }

  @Test
  void onATerminalOneBlockIsDrawnAnew() {
    String shown = shown(Look.TERMINAL, List.of());

    String last = shown.substring(shown.lastIndexOf("\u001b[J", shown.length() - 4));
    assertThat(last)
        .contains("0:20 of 0:20", "Next message", "outbox", "postgres", "no errors")
        .doesNotContain("FAULT");
    int lines = (int) last.chars().filter(it -> it == '\n').count();
    assertThat(shown).contains("\u001b[" + lines + "A");
  }
}
