package io.parley.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.Values;
import io.parley.engine.Warning;
import io.parley.testkit.Scenario;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LimitsTest {

  @Test
  void anExecutionMakesAThousandStepsAndNotOneMore() {
    Scenario scenario = Flows.scenario("loop");

    scenario.trigger();

    assertThat(scenario.result()).contains("step_limit");
    assertThat(scenario.path()).hasSize(1 + 1_000);
    assertThat(scenario.warnings()).extracting(Warning::code).containsExactly(Warning.MAX_STEPS);
    assertThat(scenario.outcome("twilio_flow_completed").properties().entries())
        .containsEntry("steps", 1_000L);
  }

  @Test
  void oneWidgetRunsTenTimesInARowAndNotOnceMore() {
    Scenario scenario = Flows.scenario("loop");

    scenario.trigger(Values.of("loop", "one"));

    assertThat(scenario.result()).contains("widget_loop");
    assertThat(scenario.path()).filteredOn(hop -> hop.widget().equals("alone")).hasSize(10);
    assertThat(scenario.warnings()).extracting(Warning::code).containsExactly(Warning.WIDGET_LOOP);
  }

  @Test
  void aQuestionThatLeadsBackToItselfIsAskedTenTimes() {
    Scenario scenario = Flows.scenario("repeat");
    scenario.trigger();
    for (int i = 0; i < 9; i++) {
      scenario.reply("what?");
    }
    assertThat(scenario.conversation().execution()).isPresent();

    scenario.reply("what?");

    assertThat(scenario.result()).contains("widget_loop");
    assertThat(scenario.texts()).hasSize(10);
    assertThat(scenario.timers()).isEmpty();
  }

  @Test
  void anExecutionExpiresAfterThirtyDays() {
    Scenario scenario = Flows.scenario("survey").holdSends();
    scenario.trigger();
    Instant begun = scenario.now();

    scenario.expire();

    assertThat(Duration.between(begun, scenario.now())).isEqualTo(Duration.ofDays(30));
    assertThat(scenario.result()).contains("expired");
    assertThat(scenario.waiting()).isEmpty();
    assertThat(scenario.timers()).isEmpty();
  }

  @Test
  void aWidgetThatIsNotRunEndsTheExecutionAndSaysSo() {
    Scenario scenario = Flows.scenario("call");

    scenario.trigger();

    assertThat(scenario.texts()).containsExactly("Hello");
    assertThat(scenario.outcome("twilio_flow_completed").properties().entries())
        .containsEntry("result", "unsupported_widget")
        .containsEntry("last_widget", "speak")
        .containsEntry(
            "explanation",
            "widget speak is of type say-play, which needs a call: this engine holds conversations by"
                + " message");
  }
}
