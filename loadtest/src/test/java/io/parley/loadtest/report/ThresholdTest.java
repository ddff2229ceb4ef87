package io.parley.loadtest.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.loadtest.measure.FaultWindow;
import io.parley.loadtest.measure.Judged;
import io.parley.loadtest.measure.RunResult;
import io.parley.loadtest.measure.RunResult.Verdict;
import io.parley.loadtest.measure.Second;
import io.parley.loadtest.measure.Series;
import io.parley.loadtest.measure.Stretch;
import io.parley.loadtest.measure.Validity;
import io.parley.loadtest.report.Threshold.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ThresholdTest {

  private static final RunResult RUN = new MadeUpRun(7, 120, 1).result();

  private static Judged judge(String name, String limit, RunResult run) {
    return Threshold.judge(Map.of(name, limit), run).getFirst();
  }

  @ParameterizedTest
  @CsvSource({
    "trigger_accepted p99, 1ms, false",
    "trigger_accepted p99, 1s, true",
    "trigger_accepted p99.9, 0.1m, true",
    "reply_acknowledged mean, 500us, false",
    "next_message max, 1h, true",
    "achieved, 0.99, false",
    "achieved, 97%, true",
    "errors, 0, true",
    "dead_letters, 0, true",
    "outbox, 100, false",
    "outbox, 5000, true",
    "cpu, 0.5, false",
    "cpu, 2, true",
    "memory, 380MB, false",
    "memory, 1GiB, true",
    "recovery, 2s, false",
    "recovery, 30s, true"
  })
  void isMetOrMissed(String name, String limit, boolean kept) {
    assertThat(judge(name, limit, RUN).kept()).isEqualTo(kept);
  }

  @Test
  void tellsWhatWasMeasured() {
    Judged judged = judge("trigger_accepted p99", "1ms", RUN);

    assertThat(judged)
        .isEqualTo(
            new Judged(
                "trigger_accepted p99",
                "1ms",
                Written.time(RUN.timed(Stretch.TRIGGER_ACCEPTED).orElseThrow().spread().p99()),
                false));
  }

  @Test
  void whatWasNeverMeasuredIsMissed() {
    RunResult nothing =
        new RunResult(
            RUN.name(),
            RUN.profile(),
            RUN.seed(),
            RUN.began(),
            RUN.lasted(),
            RUN.validity(),
            new TreeMap<>(),
            new Series(List.of()),
            List.of(),
            List.of(),
            List.of(),
            RUN.machine(),
            RUN.versions());

    assertThat(List.of("next_message p99", "handoff_to_offer mean", "recovery"))
        .allSatisfy(name -> assertThat(judge(name, "1h", nothing).kept()).isFalse());
    assertThat(judge("achieved", "0", nothing).measured()).isEqualTo("nothing was measured");
    assertThat(judge("recovery", "1h", nothing).measured()).isEqualTo("no fault was in force");
  }

  @ParameterizedTest
  @ValueSource(strings = {"next_mesage p99", "next_message", "p99", "next_message p101", "speed"})
  void anUnknownNameIsToldThoseThatAreKnown(String name) {
    assertThat(Threshold.read(name, "25ms"))
        .isInstanceOfSatisfying(
            Reading.Wrong.class,
            wrong ->
                assertThat(wrong.remedy())
                    .contains("next_message", "generator_lag", "achieved", "recovery", "p99.9"));
  }

  @ParameterizedTest
  @CsvSource({
    "next_message p99, 25",
    "next_message p99, fast",
    "achieved, 2",
    "achieved, 25ms",
    "errors, none",
    "errors, -1",
    "memory, 512",
    "recovery, 10"
  })
  void aLimitOfAnotherKindIsToldWhatToWrite(String name, String limit) {
    assertThat(Threshold.read(name, limit))
        .isInstanceOfSatisfying(
            Reading.Wrong.class,
            wrong -> {
              assertThat(wrong.problem()).contains(limit);
              assertThat(wrong.remedy()).startsWith("Write a ");
            });
  }

  @Test
  void theDocumentNamesEveryStretchAndThreshold() throws IOException {
    Path document = Path.of(System.getProperty("parley.root", ".."), "loadtest/REPORT.md");

    assertThat(Files.readString(document))
        .contains(Stream.of(Stretch.values()).map(it -> "| `" + it.key() + "` |").toList())
        .contains(Stream.of(RunFigure.values()).map(it -> "| `" + it.key() + "` |").toList());
  }

  @Test
  void recoveryIsTheTimeFromTheEndOfAFaultUntilAllIsAsBefore() {
    // Twilio is back at 48 s; some 1,100 messages wait, of which 180 more leave a second than come.
    RunResult twilio = withFaults(List.of(RUN.faults().getFirst()));

    double seconds = Recovery.of(twilio).value() / 1000;

    assertThat(seconds).isBetween(4.0, 9.0);
  }

  @Test
  void aFaultThatIsNeverRecoveredFromIsMissed() {
    FaultWindow all =
        new FaultWindow(Duration.ofSeconds(30), Duration.ofSeconds(37), "twilio", "down");
    List<Second> cut = RUN.series().seconds().subList(0, 47);
    RunResult run =
        new RunResult(
            RUN.name(),
            RUN.profile(),
            RUN.seed(),
            RUN.began(),
            RUN.lasted(),
            RUN.validity(),
            RUN.stretches(),
            new Series(cut),
            List.of(all),
            List.of(),
            List.of(),
            RUN.machine(),
            RUN.versions());

    Judged judged = judge("recovery", "1h", run);

    assertThat(judged.measured()).isEqualTo("not within the run");
    assertThat(judged.kept()).isFalse();
  }

  @Test
  void anHourIsDrawnInAPageOfAFewMegabytes() {
    RunResult hour = new MadeUpRun(7, 3600, 1).result();

    assertThat(ReportPage.of(hour).length()).isLessThan(4_000_000);
  }

  private static RunResult withFaults(List<FaultWindow> faults) {
    return new RunResult(
        RUN.name(),
        RUN.profile(),
        RUN.seed(),
        RUN.began(),
        RUN.lasted(),
        RUN.validity(),
        RUN.stretches(),
        RUN.series(),
        faults,
        RUN.ledger(),
        RUN.thresholds(),
        RUN.machine(),
        RUN.versions());
  }

  @Test
  void aRunWhoseGeneratorWasTheLimitIsInvalidWhateverItsThresholds() {
    RunResult late =
        new RunResult(
            RUN.name(),
            RUN.profile(),
            RUN.seed(),
            RUN.began(),
            RUN.lasted(),
            new Validity(List.of("the generator was 80 ms late")),
            RUN.stretches(),
            RUN.series(),
            RUN.faults(),
            RUN.ledger(),
            RUN.thresholds(),
            RUN.machine(),
            RUN.versions());

    assertThat(late.verdict()).isEqualTo(Verdict.INVALID);
    assertThat(late.verdict().exitStatus()).isEqualTo(3);
    assertThat(RUN.verdict().exitStatus()).isZero();
    assertThat(
            RUN.withThresholds(List.of(new Judged("errors", "0", "3", false)))
                .verdict()
                .exitStatus())
        .isEqualTo(1);
  }
}
