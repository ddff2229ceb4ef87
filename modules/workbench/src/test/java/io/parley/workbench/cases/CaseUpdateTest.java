package io.parley.workbench.cases;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class CaseUpdateTest {

  private static final String WRONG =
      """
      # how it begins
      name: wrong   # in every way
      steps:
        - says: hello
          expect:
            messages:
              - {contains: "Hello!"} # met, and stays
              - What was your name?  # asked
            standing: ask
        - {says: Asha, expect: {messages: [hm], waiting: reply, standing: agent}}
        # the agent
        - close: resolved
          expect:
            messages:
              - |
                Several
                lines
              - more

      expect:
        path: [Trigger, bye]
        variables:
          name: Ben
          other: 5
        outcomes:
          - agent_handoff: {request: {attributes: {name: Ben}}}
        ended: stopped
      # the end
      """;

  @Test
  void whatWasNotMetIsWrittenAnewAndTheRestStays() {
    assertThat(updated("case.yaml", WRONG))
        .isEqualTo(
            """
            # how it begins
            name: wrong   # in every way
            steps:
              - says: hello
                expect:
                  messages:
                    - {contains: "Hello!"} # met, and stays
                    - What is your name?  # asked
                  standing: name/ask
              - {says: Asha, expect: {messages: [], waiting: agent, standing: agent}}
              # the agent
              - close: resolved
                expect:
                  messages:
                    - Bye, Asha! https://shop.example/

            expect:
              path:
                - Trigger
                - hello
                - name/Trigger
                - name/ask
                - name/keep
                - who
                - remember
                - agent
                - bye
              variables:
                name: Asha
                other: null
              outcomes:
                - agent_handoff:
                    request:
                      workflow: WW1
                      channel: TC1
                      attributes:
                        name: Asha
                      priority: ""
                      reason: widget
              ended: completed
            # the end
            """);
  }

  @Test
  void whatWasWrittenAnewIsMet() {
    CaseReader.Reading reading = CaseReader.read("case.yaml", updated("case.yaml", WRONG));

    assertThat(reading.problems()).isEmpty();
    assertThat(results(reading)).allSatisfy(it -> assertThat(Sets.lines(it)).isEmpty());
  }

  @Test
  void jsonStaysJson() {
    String json =
        """
        {"name": "é 😀 json", "steps": [
          {"says": "hello", "expect": {"messages": [], "standing": "x"}}]}
        """;

    assertThat(updated("case.json", json))
        .isEqualTo(
            """
            {"name": "é 😀 json", "steps": [
              {"says": "hello", "expect": {"messages": \
            [{"body":"Hello! Here we are:","media":["https://shop.example/team.jpg"]},\
            "What is your name?"], "standing": "name/ask"}}]}
            """);
  }

  @Test
  void whatIsMetIsNotTouched() {
    String met = "steps:\n  - says: hello\n    expect:\n      standing:   'name/ask'\n";

    assertThat(updated("case.yaml", met)).isEqualTo(met);
  }

  private static String updated(String file, String text) {
    CaseReader.Reading reading = CaseReader.read(file, text);
    assertThat(reading.problems()).isEmpty();
    return CaseUpdate.update(text, results(reading));
  }

  private static List<CaseResult> results(CaseReader.Reading reading) {
    return reading.cases().stream()
        .map(it -> CaseRun.run(it, Sets.SHOP, Sets.SURROUNDINGS))
        .toList();
  }
}
