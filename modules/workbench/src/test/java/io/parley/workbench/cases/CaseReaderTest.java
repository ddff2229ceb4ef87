package io.parley.workbench.cases;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class CaseReaderTest {

  @Test
  void anUnknownKeyIsAnErrorThatNamesTheNearestOne() {
    assertThat(
            problems(
                """
                name: wrong
                contacts: {address: "+1"}
                steps:
                  - sayss: hello
                  - says: hello
                    expect:
                      mesages: []
                """))
        .containsExactly(
            "c.yaml:2: unknown key contacts: did you mean contact?",
            "c.yaml:4: unknown step sayss: did you mean says?",
            "c.yaml:7: unknown key mesages: did you mean messages?");
  }

  @Test
  void whatCannotBeIsAnErrorAtItsLine() {
    assertThat(
            problems(
                """
                at: yesterday
                failures: [{widget: ask}]
                steps:
                  - after: soon
                  - report: arrived
                  - answer: {status: 7}
                  - {says: a, stop: }
                  - says: hi
                    expect:
                      ended: complete
                      refused: bussy
                      messages: [{matches: "("}]
                      path: [a b c d]
                """))
        .containsExactly(
            "c.yaml:1: must be a time with its offset, such as 2026-03-01T18:00:00Z",
            "c.yaml:2: has no code: say Twilio's error code, such as code: 30008",
            "c.yaml:4: must be a duration, such as 90s, 5m, 2h30m, 1d or PT2H",
            "c.yaml:5: unknown status arrived; known are accepted, scheduled, queued, sending,"
                + " sent, partially_delivered, delivered, undelivered, failed, canceled, read",
            "c.yaml:6: must be a whole number from 100 to 599",
            "c.yaml:7: must say one thing that happens, beside expect; it says says and stop",
            "c.yaml:10: unknown result complete: did you mean completed?",
            "c.yaml:11: unknown word bussy: did you mean busy?",
            "c.yaml:12: is no regular expression: Unclosed group",
            "c.yaml:13: must be a widget, or one with its event: WIDGET EVENT -> NEXT");
  }

  @Test
  void whatIsNoYamlIsAnErrorAtItsLine() {
    assertThat(problems("name: x\nsteps: [\n"))
        .hasSize(1)
        .first()
        .asString()
        .contains("is no YAML");
    assertThat(problems("")).containsExactly("c.yaml:1: has no case");
    assertThat(problems("just words")).isNotEmpty();
    assertThat(problems("name: a\nname: b\nsteps: [stop]"))
        .containsExactly("c.yaml:2: says name a second time");
    assertThat(problems("a: &a [*a]")).isNotEmpty();
  }

  @Test
  void plainWordsAreTexts() {
    CaseResult result =
        Sets.run(
            """
            steps:
              - request: {item: no, when: 2026-03-01, tel: 0123, price: 9.5, old: false}
            """);

    assertThat(result.acts().getFirst().deed().written())
        .hasToString(
            "{request={\"item\":\"no\",\"when\":\"2026-03-01\",\"tel\":\"0123\",\"price\":9.5,\"old\":false}}");
  }

  @Test
  void aFileMayHoldDocumentsAndLists() {
    CaseReader.Reading reading =
        CaseReader.read(
            "c.yaml", "name: a\nsteps: [stop]\n---\n- steps: [stop]\n- name: c\n  steps: [stop]\n");

    assertThat(reading.cases()).extracting(FlowCase::name).containsExactly("a", "case 2", "c");
    assertThat(reading.cases()).extracting(FlowCase::line).containsExactly(1, 4, 5);
  }

  @Test
  void manyCasesMayShareWhatStandsInTheFirst() {
    String first = "- {policy: &policy {hours: {quiet: off}}, steps: [stop]}\n";

    assertThat(problems(first + "- {policy: *policy, steps: [stop]}\n".repeat(200))).isEmpty();
  }

  @Test
  void jsonIsReadAsItIs() {
    CaseReader.Reading reading =
        CaseReader.read(
            "c.json",
            """
            [
            \t{"name": "caf\\u00e9 \\ud83d\\ude00 a\\/b", "steps": [{"says": "hi", "expect": {"messages": []}}]}
            ]
            """);

    assertThat(reading.problems()).isEmpty();
    assertThat(reading.cases()).extracting(FlowCase::name).containsExactly("café 😀 a/b");
  }

  private static List<String> problems(String yaml) {
    return CaseReader.read("c.yaml", yaml).problems().stream().map(Object::toString).toList();
  }
}
