package io.parley.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.Block;
import io.parley.engine.Effect;
import io.parley.engine.Event;
import io.parley.engine.Person;
import io.parley.engine.Reason;
import io.parley.engine.Step;
import io.parley.engine.Values;
import io.parley.testkit.Scenario;
import org.junit.jupiter.api.Test;

class TriggerTest {

  @Test
  void aTriggerStartsTheFlow() {
    Scenario scenario = Flows.scenario("survey");

    scenario.trigger();

    assertThat(scenario.texts()).containsExactly("How was it, 1 to 5?");
    assertThat(scenario.conversation().person()).isEqualTo(Scenario.JANE);
    assertThat(scenario.effects())
        .contains(new Effect.RecordContact(Scenario.THEIRS, "42"))
        .filteredOn(Effect.ReportOutcome.class::isInstance)
        .isNotEmpty();
  }

  @Test
  void aSecondTriggerIsRefusedWhileAnExecutionIsAlive() {
    Scenario scenario = Flows.scenario("survey");
    scenario.trigger();

    Step second = scenario.trigger();

    assertThat(second).isInstanceOf(Step.Refused.class);
    assertThat(scenario.refusals()).containsExactly(Reason.BUSY);
    assertThat(scenario.texts()).hasSize(1);
  }

  @Test
  void aRefusedTriggerIsReportedWithItsOwnFlowAndCohort() {
    Scenario scenario = Flows.scenario("survey");
    scenario.trigger(Flows.controls("experiment_cohort", "a"));

    scenario.trigger(Flows.controls("experiment_cohort", "b"));

    assertThat(scenario.outcome("conversation_refused").properties().entries())
        .containsEntry("reason", "busy")
        .containsEntry("flow", "survey")
        .containsEntry("experiment_cohort", "b")
        .doesNotContainKey("execution_sid");
  }

  @Test
  void aContactWhoHasOptedOutIsNotTriggered() {
    Scenario scenario = Flows.scenario("survey").known(Block.OPTED_OUT);

    scenario.trigger();

    assertThat(scenario.refusals()).containsExactly(Reason.OPTED_OUT);
    assertThat(scenario.outcomeNames()).containsExactly("conversation_refused");
    assertThat(scenario.texts()).isEmpty();
  }

  @Test
  void aContactWhoCannotBeReachedIsNotTriggered() {
    Scenario scenario = Flows.scenario("survey").known(Block.UNREACHABLE);

    scenario.trigger();

    assertThat(scenario.refusals()).containsExactly(Reason.UNREACHABLE);
  }

  @Test
  void aTriggerThatSaysSuppressedIsRefused() {
    Scenario scenario = Flows.scenario("survey");

    scenario.trigger(Flows.controls("suppressed", true));

    assertThat(scenario.refusals()).containsExactly(Reason.SUPPRESSED);
  }

  @Test
  void aFlowThatEndsAtOnceIsOneTurnWithoutTimers() {
    Scenario scenario = Flows.scenario("nothing");

    scenario.trigger();

    assertThat(scenario.result()).contains("completed");
    assertThat(scenario.outcomeNames())
        .containsExactly(
            "conversation_started",
            "suppression_started",
            "twilio_flow_completed",
            "conversation_ended");
    assertThat(scenario.timers()).isEmpty();
    assertThat(scenario.effects()).noneMatch(Effect.CancelTimer.class::isInstance);
  }

  @Test
  void afterTheEndTheNextTriggerStartsAnew() {
    Scenario scenario = Flows.scenario("notice");
    scenario.trigger(Values.of("name", "Jane"));

    scenario.trigger(Values.of("name", "Joan"));

    assertThat(scenario.texts())
        .containsExactly("Hello Jane", "It was sent", "Hello Joan", "It was sent");
    assertThat(scenario.refusals()).isEmpty();
  }

  @Test
  void aTriggerThatSaysNothingOfThePersonTakesNothingBack() {
    Scenario scenario = Flows.scenario("notice");
    scenario.trigger();

    scenario.take(
        new Event.Triggered(scenario.flow(), Person.UNKNOWN, Values.EMPTY, scenario.now()));

    assertThat(scenario.conversation().person()).isEqualTo(Scenario.JANE);
  }
}
