package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class FlowCommandTest {

  private static final String FLOW =
      """
      {"states": [
        {"name": "Trigger", "type": "trigger", "properties": {}, "transitions": [
          {"event": "incomingRequest", "next": "ask"}]},
        {"name": "ask", "type": "send-and-wait-for-reply",
         "properties": {"from": "{{flow.channel.address}}", "body": "Ça va? 👍", "x": null},
         "transitions": [{"event": "incomingMessage"}, {"event": "timeout"}]}],
       "initial_state": "Trigger"}
      """;

  @TempDir Path folder;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void checkEndsWithZeroUnlessToldToFailOnWarnings() throws IOException {
    String file = file(FLOW);

    assertThat(run("check", file)).isZero();
    assertThat(printed()).contains(file + ":6: warning unwired-timeout: widget ask ");
    assertThat(run("check", "--fail-on", "warning", file)).isEqualTo(1);
  }

  @Test
  void checkEndsWithOneOnAnErrorInAnyForm() throws IOException {
    String file = file("{}");

    assertThat(run("check", file)).isEqualTo(1);
    assertThat(run("check", "--format", "json", file)).isEqualTo(1);
    assertThat(run("check", "--format", "sarif", file)).isEqualTo(1);
  }

  @Test
  void aFileThatIsNotThereIsAMistakeInTheCommand() {
    assertThat(run("check", folder.resolve("none.json").toString())).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8)).startsWith("cannot read ");
  }

  @Test
  void drawPrintsMermaidOrSvg() throws IOException {
    assertThat(run("draw", file(FLOW))).isZero();
    assertThat(printed()).startsWith("flowchart TD\n");
    assertThat(run("draw", "--format", "svg", file(FLOW))).isZero();
    assertThat(printed()).startsWith("<svg ").contains("Ça va? 👍");
  }

  @Test
  void drawShowsWhatAWalkCovered() throws IOException {
    run("walk", "--runs", "20", "--format", "json", file(FLOW));
    Path coverage = Files.writeString(folder.resolve("coverage.json"), printed());

    assertThat(run("draw", "--coverage", coverage.toString(), file(FLOW))).isZero();
    assertThat(printed()).contains("-->|\"incomingRequest: 20\"|");
    assertThat(run("draw", "--format", "svg", "--coverage", coverage.toString(), file(FLOW)))
        .isZero();
    assertThat(printed()).contains(">incomingRequest: 20</text>");
    Files.writeString(coverage, "{}");
    assertThat(run("draw", "--coverage", coverage.toString(), file(FLOW))).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("has no object with exits");
  }

  @Test
  void walkSaysTheSameForTheSameSeed() throws IOException {
    assertThat(run("walk", "--runs", "20", "--seed", "5", file(FLOW))).isZero();
    String first = printed();
    assertThat(first).startsWith("flow: 20 conversations, seed 5\n");
    run("walk", "--runs", "20", "--seed", "5", file(FLOW));
    assertThat(printed()).isEqualTo(first);
  }

  @Test
  void exportWritesTheCanonicalFormAndLosesNothing() throws IOException {
    String file = file(FLOW);

    assertThat(run("export", file)).isZero();
    String canonical = printed();
    assertThat(canonical).contains("\"body\": \"Ça va? 👍\"").contains("\"x\": null");
    assertThat(run("export", "--write", file)).isZero();
    assertThat(Files.readString(Path.of(file))).isEqualTo(canonical);
    assertThat(run("export", file)).isZero();
    assertThat(printed()).isEqualTo(canonical);
  }

  @Test
  void exportWritesIntoTheFileItselfOrIntoAnother() throws IOException {
    String file = file(FLOW);
    Path other = folder.resolve("other.json");

    assertThat(run("export", file, "--write", other.toString())).isZero();
    assertThat(Files.readString(Path.of(file))).isEqualTo(FLOW);
    assertThat(run("export", file, "--write")).isZero();
    assertThat(Files.readString(Path.of(file)))
        .isEqualTo(Files.readString(other))
        .isNotEqualTo(FLOW);
  }

  @Test
  void diffEndsWithOneWhereFilesDiffer() throws IOException {
    Path other = folder.resolve("other.json");
    Files.writeString(other, FLOW.replace("Ça va", "Ça alors"));

    assertThat(run("diff", file(FLOW), file(FLOW))).isZero();
    assertThat(printed()).isEmpty();
    assertThat(run("diff", file(FLOW), other.toString())).isEqualTo(1);
    assertThat(printed()).isEqualTo("ask: body was \"Ça va? 👍\", is \"Ça alors? 👍\"\n");
  }

  private String file(String text) throws IOException {
    return Files.writeString(folder.resolve("flow.json"), text).toString();
  }

  private int run(String... arguments) {
    PrintStream output = new PrintStream(out, true, StandardCharsets.UTF_8);
    PrintStream errors = new PrintStream(err, true, StandardCharsets.UTF_8);
    return new CommandLine(new FlowCommand(output, errors)).execute(arguments);
  }

  /// What was printed since this was last asked.
  private String printed() {
    String text = out.toString(StandardCharsets.UTF_8);
    out.reset();
    return text;
  }
}
