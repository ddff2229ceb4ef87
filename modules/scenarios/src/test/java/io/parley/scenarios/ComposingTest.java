package io.parley.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.Address;
import io.parley.engine.Event;
import io.parley.engine.FlowRef;
import io.parley.engine.FlowSid;
import io.parley.engine.Hop;
import io.parley.engine.Reason;
import io.parley.engine.Values;
import io.parley.engine.Warning;
import io.parley.engine.flow.Flow;
import io.parley.testkit.Scenario;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Subflows, random splits, loops and cooling-off.
class ComposingTest {

  // ---- run-subflow

  @Test
  void subflowsNestThreeDeepAndHandBackWhatTheySet() {
    Scenario scenario =
        Flows.scenario("top", running("middle", "said {{widgets.first.word}}"))
            .besides(ref("middle"), running("inner", ""))
            .besides(ref("inner"), running("leaf", ""))
            .besides(ref("leaf"), setting("word", "{{trigger.parent.parameters.from}}"));

    scenario.trigger();

    assertThat(scenario.result()).contains("completed");
    assertThat(scenario.path())
        .filteredOn(hop -> hop.event().equals("completed"))
        .extracting(Hop::subflow)
        .containsExactly("inner", "middle", "");
  }

  @Test
  void whatASubflowSetsAreTheOutputsOfTheWidgetThatRanIt() {
    Scenario scenario =
        Flows.scenario("top", running("leaf", "said {{widgets.first.word}}{{flow.variables.word}}"))
            .besides(
                ref("leaf"),
                setting("word", "{{trigger.parent.parameters.from}} {{trigger.parent.flow_sid}}"));

    scenario.trigger();

    assertThat(scenario.texts()).containsExactly("said top " + scenario.flow().sid());
  }

  @Test
  void aSubflowCanAsk() {
    Scenario scenario =
        Flows.scenario("top", running("asking", "thanks for {{widgets.first.rating}}"))
            .besides(
                ref("asking"),
                Drafts.flow()
                    .widget(
                        "first",
                        "send-and-wait-for-reply",
                        "{\"from\": \"{{flow.channel.address}}\", \"body\": \"1 to 5?\","
                            + " \"timeout\": \"60\"}",
                        "incomingMessage>keep",
                        "timeout",
                        "deliveryFailure")
                    .widget(
                        "keep",
                        "set-variables",
                        "{\"variables\": [{\"key\": \"rating\","
                            + " \"value\": \"{{widgets.first.inbound.Body}}\"}]}",
                        "next")
                    .read());
    scenario.trigger();

    scenario.reply("4");

    assertThat(scenario.texts()).containsExactly("1 to 5?", "thanks for 4");
  }

  @Test
  void aFlowThatRunsItselfEnds() {
    Scenario scenario = Flows.scenario("self", running("self", "done"));

    scenario.trigger();

    assertThat(scenario.result()).contains("completed");
    assertThat(scenario.warnings()).extracting(Warning::code).containsExactly(Warning.SUBFLOW);
    assertThat(scenario.path()).filteredOn(hop -> hop.event().equals("failed")).hasSize(1);
  }

  @Test
  void aSubflowThatIsNotThereFails() {
    Scenario scenario = Flows.scenario("top", running("nowhere", "done"));

    scenario.trigger();

    assertThat(scenario.path()).contains(new Hop("first", "failed", "", ""));
    assertThat(scenario.warnings()).extracting(Warning::code).containsExactly(Warning.SUBFLOW);
  }

  @Test
  void aStopInASubflowEndsTheWholeExecution() {
    Scenario scenario =
        Flows.scenario("top", running("care", "back"))
            .besides(
                ref("care"),
                Drafts.flow()
                    .widget(
                        "first",
                        "send-to-flex",
                        "{\"workflow\": \"care\", \"channel\": \"sms\"}",
                        "callComplete",
                        "failedToEnqueue",
                        "callFailure")
                    .read());
    scenario.trigger();

    scenario.reply("STOP");

    assertThat(scenario.result()).contains("opted_out");
    assertThat(scenario.texts()).isEmpty();
    assertThat(scenario.timers()).isEmpty();
  }

  // ---- parley.random-split

  @Test
  void aContactGoesTheSameWayEveryTime() {
    Scenario scenario = Flows.scenario("split-test", splitting());
    List<Hop> ways = new ArrayList<>();

    for (int i = 0; i < 5; i++) {
      scenario.trigger();
      ways.add(scenario.path().getLast());
    }

    assertThat(ways).hasSize(5).containsOnly(ways.getFirst());
    assertThat(scenario.outcome("twilio_flow_completed").properties().text("experiment_cohort"))
        .contains("first:" + ways.getFirst().event());
  }

  @Test
  void manyContactsGoTheWaysByTheirWeights() {
    Map<String, Integer> ways = new TreeMap<>();

    for (int i = 0; i < 4_000; i++) {
      Scenario scenario =
          Scenario.of(
              "split-test",
              splitting(),
              (_, _) -> List.of(),
              new Address("+1415555%04d".formatted(i)));
      scenario.trigger();
      ways.merge(scenario.path().getLast().event(), 1, Integer::sum);
    }

    // Four standard deviations around 70, 25 and 5 in a hundred.
    assertThat(ways.get("plain")).isBetween(2_800 - 116, 2_800 + 116);
    assertThat(ways.get("warm")).isBetween(1_000 - 110, 1_000 + 110);
    assertThat(ways.get("bold")).isBetween(200 - 56, 200 + 56);
  }

  @Test
  void aWeightOfNothingIsAProblem() {
    assertThat(
            Drafts.flow()
                .widget(
                    "first",
                    "parley.random-split",
                    "{\"branches\": [{\"event\": \"a\", \"weight\": 0}]}",
                    "a")
                .problems())
        .singleElement()
        .asString()
        .contains("whole number from 1");
  }

  // ---- loops

  @Test
  void aFlowThatAllowsLoopsRunsAWidgetMoreThanTenTimesInARow() {
    Scenario allowed =
        Flows.scenario("loop", circling(Drafts.flow("\"parley.allow_loops\": true")));
    Scenario usual = Flows.scenario("loop", circling(Drafts.flow()));

    allowed.trigger();
    usual.trigger();

    assertThat(allowed.result()).contains("step_limit");
    assertThat(usual.result()).contains("widget_loop");
  }

  // ---- cooling-off

  @Test
  void aFlowThatHasJustBegunCoolsOff() {
    Scenario scenario = Flows.scenario("notice");
    scenario.take(trigger(scenario, 60));

    scenario.later(Duration.ofSeconds(59)).take(trigger(scenario, 60));
    scenario.later(Duration.ofSeconds(1)).take(trigger(scenario, 60));

    assertThat(scenario.refusals()).containsExactly(Reason.COOLING_OFF);
    assertThat(scenario.texts()).hasSize(4);
  }

  @Test
  void aRefusalDoesNotBeginACoolingOff() {
    Scenario scenario = Flows.scenario("notice");
    scenario.take(suppressed(scenario));

    scenario.take(trigger(scenario, 60));

    assertThat(scenario.refusals()).containsExactly(Reason.SUPPRESSED);
    assertThat(scenario.texts()).hasSize(2);
  }

  @Test
  void aRefusedTriggerDoesNotProlongTheCoolingOff() {
    Scenario scenario = Flows.scenario("notice");
    scenario.take(trigger(scenario, 60));
    scenario.later(Duration.ofSeconds(50)).take(trigger(scenario, 60));

    scenario.later(Duration.ofSeconds(10)).take(trigger(scenario, 60));

    assertThat(scenario.refusals()).containsExactly(Reason.COOLING_OFF);
  }

  @Test
  void anotherFlowDoesNotCoolOff() {
    FlowRef other = ref("other");
    Scenario scenario = Flows.scenario("notice").besides(other, Flows.flow("nothing"));
    scenario.take(trigger(scenario, 60));

    scenario.take(
        new Event.Triggered(
            other, Scenario.JANE, Values.EMPTY, scenario.now(), Duration.ofSeconds(60)));

    assertThat(scenario.refusals()).isEmpty();
  }

  @Test
  void aFlowThatBeganForThePersonInAnotherThreadCoolsOffHereToo() {
    Scenario scenario = Flows.scenario("notice");
    Event.Triggered trigger = trigger(scenario, 60);
    Instant elsewhere = scenario.now().minusSeconds(20);

    scenario.begunElsewhere(elsewhere).take(trigger);

    assertThat(scenario.refusals()).containsExactly(Reason.COOLING_OFF);
    assertThat(trigger.coolingOffUntil(scenario.conversation().runs(), Optional.of(elsewhere)))
        .contains(elsewhere.plusSeconds(60));
  }

  // ---- how they are made

  private static Event.Triggered trigger(Scenario scenario, int coolingOff) {
    return new Event.Triggered(
        scenario.flow(),
        Scenario.JANE,
        Values.EMPTY,
        scenario.now(),
        Duration.ofSeconds(coolingOff));
  }

  private static Event.Triggered suppressed(Scenario scenario) {
    return new Event.Triggered(
        scenario.flow(),
        Scenario.JANE,
        Flows.controls("suppressed", true),
        scenario.now(),
        Duration.ofSeconds(60));
  }

  private static FlowRef ref(String name) {
    return new FlowRef(FlowSid.named(name), name, 1);
  }

  /// Runs another flow, tells it where from, and says something afterwards.
  private static Flow running(String other, String afterwards) {
    Drafts flow =
        Drafts.flow()
            .widget(
                "first",
                "run-subflow",
                "{\"flow_sid\": \"%s\", \"flow_revision\": \"LatestPublished\","
                        .formatted(FlowSid.named(other))
                    + " \"parameters\": [{\"key\": \"from\", \"value\": \"top\"}]}",
                afterwards.isEmpty() ? "completed" : "completed>after",
                "failed");
    return afterwards.isEmpty()
        ? flow.read()
        : flow.message("after", afterwards, "sent", "failed").read();
  }

  private static Flow setting(String key, String value) {
    return Drafts.flow()
        .widget(
            "first",
            "set-variables",
            "{\"variables\": [{\"key\": \"%s\", \"value\": \"%s\"}]}".formatted(key, value),
            "next")
        .read();
  }

  private static Flow splitting() {
    return Drafts.flow()
        .widget(
            "first",
            "parley.random-split",
            """
            {"branches": [{"event": "plain", "weight": 70}, {"event": "warm", "weight": 25},
                          {"event": "bold", "weight": 5}]}
            """,
            "plain",
            "warm",
            "bold")
        .read();
  }

  private static Flow circling(Drafts flow) {
    return flow.widget(
            "first",
            "set-variables",
            "{\"variables\": [{\"key\": \"n\", \"value\": \"1\"}]}",
            "next>first")
        .read();
  }
}
