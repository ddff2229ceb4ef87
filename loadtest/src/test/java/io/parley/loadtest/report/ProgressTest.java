package io.parley.loadtest.report;

import static org.assertj.core.api.Assertions.assertThat;

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
