package io.parley.workbench.cases;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class CaseRunTest {

  @Test
  void aCaseStandsInForFunctionsThatAreBuiltIn() {
    FlowSet flow = FlowSet.of("email-fallback", Sets.flow(Sets.text("/cases/email-fallback.json")));
    CaseReader.Reading reading =
        CaseReader.read("case.yaml", Sets.text("/cases/email-fallback.cases.yaml"));

    assertThat(reading.problems()).isEmpty();
    assertThat(reading.cases())
        .hasSize(2)
        .allSatisfy(
            it -> assertThat(Sets.lines(CaseRun.run(it, flow, Sets.SURROUNDINGS))).isEmpty());
  }

  @Test
  void aFailureSaysWhatWasExpectedAndWhatCame() {
    CaseResult result =
        Sets.run(
            """
            steps:
              - says: hello
                expect:
                  messages:
                    - Hello?
                    - What is your name?
                  standing: ask
            expect:
              variables: {name: Asha}
              ended: true
            """);

    assertThat(Sets.lines(result))
        .containsExactly(
            "1. expected: Hello?",
            "   got:      Hello! Here we are: [https://shop.example/team.jpg]",
            "expected: ask",
            "got:      name/ask",
            "name: expected \"Asha\", got nothing",
            "expected: true",
            "got:      at name/ask, waiting for a reply until 2026-03-01T18:10:00Z");
    assertThat(result.failures())
        .extracting(it -> it.mismatch().line())
        .containsExactly(5, 7, 9, 10);
  }

  @Test
  void nothingSaidIsNothingExpected() {
    assertThat(Sets.run("steps: [{says: hello}]").passed()).isTrue();
  }

  @Test
  void anEmptyListExpectsNone() {
    assertThat(Sets.lines(Sets.run("steps: [{says: hello, expect: {messages: []}}]")))
        .startsWith(
            "expected 0, got 2",
            "1. not expected: Hello! Here we are: [https://shop.example/team.jpg]");
  }

  @Test
  void aStepThatCannotBeDoneFailsTheCaseAndSaysWhatToDo() {
    assertThat(Sets.lines(Sets.run("steps: [{request: {item: pen}}, timeout, stop]")))
        .containsExactly(
            "cannot be done: nothing times out: the conversation stands at check, waiting for the"
                + " answer to its request",
            "check waits for the answer to GET https://stock.example/items/pen?colour=: add it to"
                + " answers, or as a step answer: {...}",
            "the steps after it were not tried");
  }

  @Test
  void timePassesOnlyByStepsAndWhatIsDueHappensAtItsTime() {
    CaseResult result =
        Sets.run(
            """
            steps:
              - request: {item: pen}
              - answer: {json: {in_stock: true}}
              - after: 59m
                expect: {standing: offer}
              - at: 2026-03-01T19:30:00Z
                expect: {path: [offer timeout, bye sent], ended: completed}
              - at: 2026-03-01T19:00:00Z
            """);

    assertThat(Sets.lines(result)).hasSize(2).first().asString().contains("never goes back");
  }

  @Test
  void answersComeInTheOrderOfTheirRules() {
    assertThat(
            Sets.run(
                """
                    answers:
                      - {widget: check, times: 1, status: 500}
                      - {url: "*functions*", json: {price: 5}, headers: {x-a: "1"}}
                      - {json: {in_stock: true}}
                    steps:
                      - request: {item: pen}
                        expect:
                          standing: offer
                          widgets: {check: {status_code: 500}, price: {parsed: {price: 5}}}
                      - end
                      - request: {item: pen}
                        expect:
                          path: [Trigger, check success -> in_stock, in_stock match -> offer]
                    """))
        .satisfies(it -> assertThat(Sets.lines(it)).isEmpty());
  }

  @Test
  void anAgentTakesAConversationAndGivesItBack() {
    assertThat(
            Sets.runAll(
                """
                - answers: [{json: {in_stock: true}}]
                  steps:
                    - request: {item: pen}
                    - agent_takes: mia
                    - says: "yes"
                    - agent_says: Mia here
                    - close: {disposition: solved, then: {at: bye}}
                  expect:
                    path: {includes: [offer ledByPerson -> bye]}
                    outcomes: [agent_handoff_accepted: {agent: mia}, agent_handoff_closed: {then: at}]
                """))
        .allSatisfy(it -> assertThat(Sets.lines(it)).isEmpty());
  }

  @Test
  void everythingThatAFlowWaitsForCanHappen() {
    assertThat(
            Sets.runAll(
                """
                - steps:
                    - {says: {body: hi, media: https://a.example/b.jpg}}
                    - {says: {button: {text: "Asha", payload: name_1}}}
                    - {handoff_fails: no_agent}
                  expect: {path: {includes: [agent failedToEnqueue -> bye]}, variables: {name: Asha}}
                - steps:
                    - conversation: hi
                    - timeout
                  expect: {path: {includes: [Trigger incomingConversationMessage]}}
                - answers: [{json: {in_stock: true}}]
                  steps:
                    - request: {item: pen}
                    - {report: {status: undelivered, code: 30003}}
                  expect: {path: {includes: [offer deliveryFailure]}}
                - answers: [{json: {in_stock: true}}]
                  steps:
                    - request: {item: pen}
                    - says: "yes"
                    - {return: {score: 5}}
                    - click
                    - purchase
                  expect:
                    widgets: {game: {score: 5}}
                    outcomes: [sms_clicked: {url: "https://shop.example/pen"}]
                - answers: [{json: {in_stock: true}}]
                  steps:
                    - request: {item: pen}
                    - request: {item: pen}
                    - purchase
                    - stop
                    - fail: 30008
                  expect: {blocked: opted_out, ended: purchased}
                - contact: {address: "whatsapp:+14155550101", blocked: unreachable}
                  steps: [{request: {}, expect: {refused: unreachable}}]
                """))
        .allSatisfy(it -> assertThat(Sets.lines(it)).isEmpty());
  }

  @Test
  void variablesAreKnownAlsoWhereTheLastWidgetSetsThem() {
    FlowSet flows =
        FlowSet.of(
            "name",
            Sets.flow(Sets.text("/cases/name.json").replace("incomingParent", "incomingMessage")));
    CaseReader.Reading reading =
        CaseReader.read(
            "c.yaml",
            "steps: [says: hi, says: Asha]\nexpect: {variables: {name: Asha}, ended: completed}");

    assertThat(Sets.lines(CaseRun.run(reading.cases().getFirst(), flows, Sets.SURROUNDINGS)))
        .isEmpty();
  }

  @Test
  void aRuleForAWidgetThatIsNotThereFailsTheCase() {
    assertThat(Sets.lines(Sets.run("answers: [{widget: chek}]\nsteps: [says: hi]")))
        .containsExactly("unknown widget chek: did you mean check? (in answers or failures)");
  }

  @Test
  void coverageCountsExitsOfTheFlowsThatWereGiven() {
    Coverage coverage = new Coverage(Map.of("shop", Sets.SHOP.rootFlow()));
    List<CaseResult> results = Sets.runAll("- steps: [says: hi, says: Asha]\n- steps: [says: hi]");
    results.forEach(coverage::count);

    assertThat(coverage.exits("shop"))
        .hasSize(30)
        .anySatisfy(
            exit -> {
              assertThat(exit.widget()).isEqualTo("hello");
              assertThat(exit.event()).isEqualTo("sent");
              assertThat(exit.count()).isEqualTo(2);
            });
    assertThat(coverage.percent()).isBetween(13.0, 14.0);
  }
}
