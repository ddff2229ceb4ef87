package io.parley.workbench;

import static io.parley.workbench.States.ask;
import static io.parley.workbench.States.file;
import static io.parley.workbench.States.flow;
import static io.parley.workbench.States.known;
import static io.parley.workbench.States.send;
import static io.parley.workbench.States.set;
import static io.parley.workbench.States.split;
import static io.parley.workbench.States.trigger;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.flow.Flow;
import io.parley.workbench.FlowWalk.Plan;
import io.parley.workbench.FlowWalk.Unsupported;
import io.parley.workbench.Walked.TakenExit;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FlowWalkTest {

  private static final Flow ASKING =
      flow(
          file(
              trigger("ask"),
              ask("ask", "Shall I send it?", "answer", "bye"),
              split(
                  "answer",
                  "{{widgets.ask.inbound.Body}}",
                  "ask",
                  "matches_any_of",
                  "y, yes",
                  "sent",
                  "regex",
                  "^(nope|[5-9])$",
                  "bye"),
              send("sent", "Sent", ""),
              send("bye", "Bye", ""),
              send("lost", "Lost", "")));

  @Test
  void everyExitThatCanBeTakenIsTaken() {
    assertThat(walk("asking", ASKING, 300, 1).missed())
        .extracting(TakenExit::widget)
        .containsOnly("lost");
  }

  @Test
  void bothExitsOfAGateAreTaken() {
    Flow gated =
        flow(
            file(
                trigger("ask"),
                ask("ask", "What is in the way?", "more", "gate"),
                ask("more", "And else?", "gate", "gate"),
                Map.of(
                    "name",
                    "gate",
                    "type",
                    "parley.gate-offer",
                    "properties",
                    Map.of("offer", "second"),
                    "transitions",
                    List.of(
                        Map.of("event", "granted", "next", "promise"),
                        Map.of("event", "withheld", "next", "bye"))),
                send("promise", "{{flow.offer.value}} off: {{flow.offer.code}}", "bye"),
                send("bye", "Bye", "")));

    Walked walked = walk("gated", gated, 300, 1);

    assertThat(walked.missed()).extracting(TakenExit::widget).doesNotContain("gate");
    assertThat(walked.crashes()).isEmpty();
  }

  @Test
  void conversationsEndInEveryWay() {
    Walked walked = walk("asking", ASKING, 500, 1);

    assertThat(walked.ends()).containsKeys("completed", "opted_out", "purchased", "unreachable");
    assertThat(walked.ends().values().stream().mapToLong(it -> it).sum())
        .isGreaterThanOrEqualTo(500);
    assertThat(walked.crashes()).isEmpty();
  }

  @Test
  void theSameSeedIsTheSameWalk() {
    assertThat(walk("asking", ASKING, 50, 7))
        .isEqualTo(walk("asking", ASKING, 50, 7))
        .isNotEqualTo(walk("asking", ASKING, 50, 8));
  }

  @Test
  void aFlowThatNeverWaitsEndsAtTheLimits() {
    Flow endless = flow(file(trigger("a"), set("a", "n", "1", "b"), set("b", "n", "2", "a")));

    assertThat(walk("endless", endless, 3, 1).ends()).containsOnlyKeys("step_limit");
  }

  @Test
  void aReportSaysWhatWasNeverTaken() {
    Flow flow = flow(file(trigger("hi"), send("hi", "Hi", ""), send("lost", "Lost", "")));

    assertThat(WalkReport.text(List.of(walk("hi", flow, 20, 3))))
        .startsWith("hi: 20 conversations, seed 3\n")
        .endsWith("    never: lost sent\n    never: lost failed\n");
  }

  @Test
  void aWidgetThatIsNotRunCanBePassedByItsExits() {
    Flow flow =
        flow(
            file(
                trigger("look"), known("look", "fork-stream", "next", "hi"), send("hi", "Hi", "")));

    assertThat(walk("look", flow, 20, 1).ends()).containsOnlyKeys("unsupported_widget");
    assertThat(FlowWalk.walk("look", flow, new Plan(20, 1, Unsupported.PASSES)).exits())
        .anySatisfy(
            exit -> {
              assertThat(exit.widget()).isEqualTo("look");
              assertThat(exit.event()).isEqualTo("next");
              assertThat(exit.count()).isGreaterThanOrEqualTo(20);
            });
  }

  @Test
  void aSubflowIsStoodInForAndItsStepsAreNotCounted() {
    Flow flow =
        flow(
            file(
                trigger("sub"),
                States.widget(
                    "sub",
                    "run-subflow",
                    Map.of("flow_sid", Sids.sid("FW", 'a')),
                    "completed",
                    "said",
                    "failed",
                    "bye"),
                split("said", "{{widgets.sub.answer}}", "bye", "equal_to", "yes", "glad"),
                send("glad", "Glad", ""),
                send("bye", "Bye", "")));

    Walked walked = walk("parent", flow, 300, 1);

    assertThat(walked.missed()).isEmpty();
    assertThat(walked.exits()).extracting(TakenExit::widget).doesNotContain("set");
    assertThat(walked.exits().stream().filter(it -> it.widget().equals("Trigger")))
        .extracting(TakenExit::next)
        .containsOnly("sub");
  }

  private static Walked walk(String name, Flow flow, int runs, long seed) {
    return FlowWalk.walk(name, flow, new Plan(runs, seed, Unsupported.ENDS));
  }
}
