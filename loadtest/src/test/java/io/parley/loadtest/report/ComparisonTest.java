package io.parley.loadtest.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.loadtest.Main;
import io.parley.loadtest.measure.Machine;
import io.parley.loadtest.measure.ResultJson;
import io.parley.loadtest.measure.RunResult;
import io.parley.loadtest.report.Comparison.Word;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class ComparisonTest {

  private static final RunResult BEFORE = new MadeUpRun(7, 120, 1).result();

  @TempDir private Path folder;

  private static Word word(Comparison comparison, String figure) {
    return comparison.lines().stream()
        .filter(it -> it.figure().equals(figure))
        .findFirst()
        .orElseThrow()
        .word();
  }

  @Test
  void theSameLoadDrawnAgainIsWithinNoise() {
    Comparison comparison = Comparison.of(BEFORE, new MadeUpRun(8, 120, 1).result());

    assertThat(comparison.lines())
        .isNotEmpty()
        .allMatch(it -> it.word() == Word.SAME || it.word() == Word.EQUAL);
    assertThat(comparison.summary()).isEqualTo("No difference stands out of the noise.");
  }

  @Test
  void aFifthSlowerIsWorseAndTheOtherWayRoundBetter() {
    RunResult slower = new MadeUpRun(7, 120, 1.2).result();

    Comparison worse = Comparison.of(BEFORE, slower);
    Comparison better = Comparison.of(slower, BEFORE);

    assertThat(word(worse, "Trigger accepted p50")).isEqualTo(Word.WORSE);
    assertThat(word(worse, "Reply acknowledged p50")).isEqualTo(Word.WORSE);
    assertThat(word(worse, "a commit")).isEqualTo(Word.WORSE);
    assertThat(word(worse, "achieved a second")).isEqualTo(Word.SAME);
    assertThat(worse.hasWorse()).isTrue();
    assertThat(word(better, "Trigger accepted p50")).isEqualTo(Word.BETTER);
    assertThat(better.hasWorse()).isFalse();
  }

  @Test
  void aFewSecondsTellNothing() {
    Comparison comparison =
        Comparison.of(new MadeUpRun(7, 10, 1).result(), new MadeUpRun(7, 10, 3).result());

    assertThat(word(comparison, "Trigger accepted p50")).isEqualTo(Word.UNCLEAR);
  }

  @Test
  void warnsOfWhatMakesRunsIncomparable() {
    RunResult elsewhere = new MadeUpRun(8, 60, 1).result();
    RunResult other =
        new RunResult(
            "other",
            "name: other",
            8,
            elsewhere.began(),
            elsewhere.lasted(),
            elsewhere.validity(),
            elsewhere.stretches(),
            elsewhere.series(),
            elsewhere.faults(),
            elsewhere.ledger(),
            elsewhere.thresholds(),
            new Machine("Xeon", 64, 1L << 38, "Linux 6"),
            elsewhere.versions());

    assertThat(Comparison.of(BEFORE, other).warnings())
        .hasSize(3)
        .anyMatch(it -> it.contains("profiles differ"))
        .anyMatch(it -> it.contains("seeds differ (7 and 8)"))
        .anyMatch(it -> it.contains("Xeon with 64"));
    assertThat(Comparison.of(BEFORE, BEFORE).warnings()).isEmpty();
  }

  @Test
  void theCommandPrintsATableAndWritesAPage() throws Exception {
    ResultJson.write(BEFORE, folder.resolve("a"));
    ResultJson.write(new MadeUpRun(7, 120, 1.3).result(), folder.resolve("b"));
    StringWriter out = new StringWriter();

    int status =
        run(
            out,
            "compare",
            at("a"),
            at("b/result.json"),
            "--out",
            at("ab.html"),
            "--fail-on-worse");

    assertThat(status).isEqualTo(1);
    assertThat(out.toString()).contains("Trigger accepted p99", "before", "after", "worse");
    assertThat(folder.resolve("ab.html")).content().contains("Drawn over each other");
  }

  @Test
  void whatIsNoRunIsToldWithItsPlace() {
    StringWriter out = new StringWriter();

    int status = run(out, "compare", at("nowhere"), at("nowhere"));

    assertThat(status).isEqualTo(2);
    assertThat(out.toString()).contains("nowhere", "name the folder");
  }

  private String at(String name) {
    return folder.resolve(name).toString();
  }

  private static int run(StringWriter out, String... arguments) {
    return new CommandLine(new Main())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(out))
        .execute(arguments);
  }

  @Test
  void noiseOrdersBlocksAndNotSizes() {
    List<Double> calm = Collections.nCopies(50, 1.0);
    List<Double> oneSpike = new ArrayList<>(calm);
    Collections.fill(oneSpike.subList(10, 15), 1000.0);

    Noise noise = Noise.between(calm, oneSpike);

    assertThat(noise.isRise()).isFalse();
    assertThat(noise.isTooShort()).isFalse();
  }
}
