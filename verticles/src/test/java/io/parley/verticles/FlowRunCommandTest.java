package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class FlowRunCommandTest {

  private static final String CHILD = "FW00112233445566778899aabbccddeeff";
  private static final String FLOW =
      """
      {"states": [
        {"name": "Trigger", "type": "trigger", "properties": {}, "transitions": [
          {"event": "incomingRequest", "next": "ask"}, {"event": "incomingMessage", "next": "ask"},
          {"event": "incomingParent", "next": "ask"}]},
        {"name": "ask", "type": "send-and-wait-for-reply",
         "properties": {"from": "{{flow.channel.address}}", "body": "Ça va? 👍", "timeout": "60"},
         "transitions": [{"event": "incomingMessage"}, {"event": "timeout"}]}],
       "initial_state": "Trigger"}
      """;
  private static final String RUNNING =
      """
      {"states": [
        {"name": "Trigger", "type": "trigger", "properties": {}, "transitions": [
          {"event": "incomingRequest", "next": "run"}]},
        {"name": "run", "type": "run-subflow",
         "properties": {"flow_sid": "%s", "flow_revision": "LatestPublished"},
         "transitions": [{"event": "completed"}, {"event": "failed"}]}],
       "initial_state": "Trigger"}
      """
          .formatted(CHILD);
  private static final String PASSING =
      "name: fine\nsteps:\n  - request\n  - says: oui\n    expect: {path: [ask]}\n";
  private static final String FAILING =
      "name: wrong # so\nsteps:\n  - request: {}\n    expect:\n      messages: [Ciao]\n";

  @TempDir Path folder;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private String in = "";

  @BeforeEach
  void thereIsAFlow() throws IOException {
    file("ask.json", FLOW);
  }

  @Test
  void casesBesideTheFlowAreFound() throws IOException {
    assertThat(run("ask.json")).isEqualTo(2);
    assertThat(complained()).startsWith("no cases: ").contains("ask.cases.yaml");
    file("ask.cases.yaml", PASSING);
    assertThat(run("ask.json")).isZero();
    assertThat(printed())
        .startsWith("ok      fine\n1 case: 1 passed, 0 failed\nask: 2 of 5 exits taken (40 %)\n");
  }

  @Test
  void aFailureIsStatusOneAndACaseThatCannotBeReadTwo() throws IOException {
    file("cases/a.yaml", PASSING);
    file("cases/b.case.json", "[{\"name\": \"j\", \"steps\": [\"request\"]}]");
    file("cases/notes.txt", "not a case");
    assertThat(run("ask.json", "--case", path("cases"))).isZero();
    assertThat(printed()).contains("2 cases: 2 passed");

    file("cases/c.yaml", FAILING);
    assertThat(run("ask.json", "--case", path("cases"))).isEqualTo(1);
    assertThat(printed())
        .contains("FAILED  wrong  (" + path("cases/c.yaml") + ":1)")
        .contains("1. expected: Ciao\n         got:      Ça va? 👍");

    file("cases/d.yaml", "steps: [sais: a]");
    assertThat(run("ask.json", "--case", path("cases"))).isEqualTo(2);
    assertThat(complained()).contains("cases/d.yaml:1: unknown step sais: did you mean says?");
    assertThat(run("none.json", "--case", path("cases"))).isEqualTo(2);
    assertThat(run("ask.json", "--case", path("none.yaml"))).isEqualTo(2);
  }

  @Test
  void aCasesOwnRulesAndTimeHoldInPlaceOfThoseOfTheRun() throws IOException {
    file("shut.yaml", "hours: {quiet: own, own: [{where: \"*\", days: mon-sun, open: shut}]}");
    file(
        "ask.cases.yaml",
        """
        - name: by its own rules, at night
          at: 2026-03-02T02:00:00-05:00
          policy: {hours: {quiet: off}}
          steps:
            - request
          expect: {messages: [{at: 2026-03-02T02:00:00-05:00}]}
        - name: by the rules of the run, by day
          at: 2026-03-02T14:00:00-05:00
          steps:
            - request
          expect: {messages: []}
        """);
    assertThat(run("ask.json", "--policy", path("shut.yaml"))).isZero();
    assertThat(printed()).contains("2 cases: 2 passed");

    assertThat(run("ask.json")).as("by the defaults it is day").isEqualTo(1);
    assertThat(printed()).contains("FAILED  by the rules of the run, by day");
  }

  @Test
  void whatIsWrongWithACasesRulesIsToldByItsPlace() throws IOException {
    file("ask.cases.yaml", "policy: {hours: {quiet: of}}\nsteps: [request]");

    assertThat(run("ask.json")).isEqualTo(2);
    assertThat(complained()).contains("ask.cases.yaml:1").contains("hours/quiet");
  }

  @Test
  void updateWritesWhatHappenedAndStaysRed() throws IOException {
    Path file = file("c.yaml", FAILING);

    assertThat(run("ask.json", "--case", file.toString(), "--update")).isEqualTo(1);
    assertThat(Files.readString(file)).isEqualTo(FAILING.replace("[Ciao]", "[\"Ça va? 👍\"]"));
    assertThat(run("ask.json", "--case", file.toString())).isZero();
  }

  @Test
  void reportsGoIntoFilesAndTheirExitsCanBeDrawn() throws IOException {
    String file = file("c.yaml", PASSING).toString();
    String report = path("report.xml");
    String coverage = path("coverage.json");

    assertThat(
            run(
                "ask.json",
                "--case",
                file,
                "--format",
                "junit",
                "--output",
                report,
                "--coverage",
                coverage))
        .isZero();
    assertThat(printed()).isEmpty();
    assertThat(Files.readString(Path.of(report))).startsWith("<?xml ").contains("name=\"fine\"");
    assertThat(Files.readString(Path.of(coverage))).contains("\"event\": \"timeout\"");
    assertThat(run("ask.json", "--case", file, "--format", "json")).isZero();
    assertThat(printed()).contains("\"body\": \"Ça va? 👍\"").contains("\"exits\": [");
  }

  @Test
  void tooLittleCoverageIsStatusOne() throws IOException {
    String file = file("c.yaml", PASSING).toString();

    assertThat(run("ask.json", "--case", file, "--fail-under", "40")).isZero();
    assertThat(run("ask.json", "--case", file, "--fail-under", "41")).isEqualTo(1);
    assertThat(complained()).isEqualTo("40.0 % of the exits were taken, fewer than 41.0 %\n");
  }

  @Test
  void aSubflowIsFoundByTheOptionTheCaseAndTheFileOfSids() throws IOException {
    file("run.json", RUNNING);
    String text = "steps: [{request: , expect: {standing: ask/ask}}]\n";
    String file = file("c.yaml", text).toString();

    assertThat(run("run.json", "--case", file)).isEqualTo(1);
    assertThat(printed()).contains("warning 81024 Subflow Error: widget run cannot run " + CHILD);
    assertThat(run("run.json", "--flow", CHILD + "=" + path("ask.json"), "--case", file)).isZero();
    String naming = file("d.yaml", "flows: {" + CHILD + ": ask.json}\n" + text).toString();
    assertThat(run("run.json", "--case", naming)).isZero();
    file("sids.yaml", "files: live\nenvironments: {live: }\nsids: {ask: {live: " + CHILD + "}}\n");
    assertThat(run("run.json", "--case", file)).isZero();
    file("sids.yaml", "[]");
    assertThat(run("run.json", "--case", file)).isEqualTo(2);
  }

  @Test
  void ofSeveralFlowsACaseNamesItsOwn() throws IOException {
    file("other.json", FLOW.replace("Ça va", "Alors"));
    String file = file("c.yaml", "flow: other\n" + PASSING).toString();
    String lost = file("lost.yaml", PASSING).toString();
    String wrong = file("wrong.yaml", "flow: othr\n" + PASSING).toString();
    file("ask.cases.yaml", PASSING);

    assertThat(run("ask.json", path("other.json"), "--case", file, path("ask.cases.yaml")))
        .isZero();
    assertThat(printed()).contains("ask: 2 of 5 exits taken").contains("other: 2 of 5 exits taken");
    assertThat(run("ask.json", path("other.json"), "--case", lost)).isEqualTo(2);
    assertThat(complained()).contains("lost.yaml:1: there are several flow files");
    assertThat(run("ask.json", "--case", wrong)).isEqualTo(2);
    assertThat(complained()).contains("which is not among the flow files: ask");
  }

  @Test
  void whatIsRecordedPasses() throws IOException {
    String file = path("new.yaml");
    in = "oui\n";

    assertThat(run("ask.json", "--record", file)).isZero();
    assertThat(printed()).contains("< Ça va? 👍\n").contains("wrote " + file);
    in = ":timeout\n";
    assertThat(run("ask.json", "--record", file)).isZero();
    assertThat(printed()).contains("after the cases that it had");
    assertThat(run("ask.json", "--case", file)).isZero();
    assertThat(printed()).contains("2 cases: 2 passed");
    in = "";
    assertThat(run("ask.json", "--message", "--record", path("none.yaml"))).isEqualTo(1);
    assertThat(Files.exists(Path.of(path("none.yaml")))).isFalse();
  }

  @Test
  void aRecordingThatCannotBeWrittenIsPrinted() {
    in = "oui\n";

    assertThat(run("ask.json", "--record", path("none/new.yaml"))).isEqualTo(2);

    assertThat(complained())
        .isEqualTo("cannot write " + path("none/new.yaml") + ": there is no such file or folder\n");
    assertThat(printed()).contains("name: new\n").contains("- says: oui\n");
  }

  @Test
  void aTimeThatIsNoneIsToldWithoutTheNamesOfClasses() {
    assertThatThrownBy(() -> new FlowChatCommand.Moment().convert("yesterday"))
        .hasMessage("yesterday is no time with its offset, such as 2026-03-01T18:00:00Z");
    assertThat(new FlowChatCommand.Moment().convert("2026-03-01T18:00:00Z"))
        .isEqualTo("2026-03-01T18:00:00Z");
  }

  @Test
  void aChatIsHeldThroughAPipe() throws IOException {
    in = "oui\n:save " + path("saved.yaml") + "\n:quit\nnever read\n";

    assertThat(execute("chat", path("ask.json"))).isZero();
    assertThat(printed())
        .contains("> oui\n  · ask incomingMessage -> end\n  ended: completed\n")
        .doesNotContain("\u001b")
        .doesNotContain("never read");
    assertThat(Files.readString(Path.of(path("saved.yaml")))).startsWith("name: saved\n");
    assertThat(execute("chat", path("ask.json"), "--request", "[]")).isEqualTo(2);
    assertThat(execute("chat", path("none.json"))).isEqualTo(2);
  }

  @Test
  void theServicesTaggerAndErrorTableAreUsed() throws IOException {
    String file =
        file(
                "c.yaml",
                """
                - steps: [request, {says: "¡Unsubscribe!", expect: {tags: [opt_out]}}]
                  expect: {ended: opted_out}
                - failures: [{code: 21614}]
                  steps: [request]
                  expect: {ended: unreachable, blocked: unreachable}
                """)
            .toString();

    assertThat(run("ask.json", "--case", file)).isZero();
  }

  private Path file(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  @Test
  void repliesMeanWhatTheyMeanToTheService() throws IOException {
    file("ask.cases.yaml", saying("where is my package", "order_status"));
    assertThat(run("ask.json")).isZero();
    assertThat(run("ask.json", "--rules-only")).isEqualTo(1);

    file("ask.cases.yaml", saying("please switch my flavor to caramel", "swap_flavor"));
    file(
        "tags/coffee.yaml",
        """
        version: 1
        flows: [ask]
        tags:
          - name: swap_flavor
            examples:
              - can I switch to decaf
              - swap the vanilla for mocha
              - change my flavor please
              - I want a different flavor next time
              - send hazelnut instead
        """);
    assertThat(run("ask.json", "--tags", path("tags"))).isZero();

    assertThat(run("ask.json", "--tags", path("nowhere"))).isEqualTo(2);
    assertThat(complained()).contains("nowhere has no files of tags");
    file("tags/coffee.yaml", "version: 1\n");
    assertThat(run("ask.json", "--tags", path("tags"))).isEqualTo(2);
    assertThat(complained()).contains("coffee.yaml: tags: a list is missing");
  }

  private static String saying(String words, String tag) {
    return "name: said\nsteps:\n  - request\n  - says: %s\n    expect: {tags: [%s]}\n"
        .formatted(words, tag);
  }

  private int run(String file, String... arguments) {
    String[] all = new String[arguments.length + 2];
    all[0] = "run";
    all[1] = path(file);
    System.arraycopy(arguments, 0, all, 2, arguments.length);
    return execute(all);
  }

  private int execute(String... arguments) {
    PrintStream output = new PrintStream(out, true, StandardCharsets.UTF_8);
    PrintStream errors = new PrintStream(err, true, StandardCharsets.UTF_8);
    ByteArrayInputStream input = new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8));
    return new CommandLine(new FlowCommand(input, output, errors)).execute(arguments);
  }

  /// What was printed since this was last asked.
  private String printed() {
    String text = out.toString(StandardCharsets.UTF_8);
    out.reset();
    return text;
  }

  private String complained() {
    String text = err.toString(StandardCharsets.UTF_8);
    err.reset();
    return text;
  }
}
