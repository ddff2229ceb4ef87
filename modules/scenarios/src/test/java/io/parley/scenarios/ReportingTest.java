package io.parley.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.Block;
import io.parley.engine.Effect;
import io.parley.engine.EffectId;
import io.parley.engine.MessageStatus;
import io.parley.engine.Step;
import io.parley.engine.Values;
import io.parley.testkit.Scenario;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReportingTest {

  private static final Comparator<EffectId> BY_TIME =
      Comparator.comparingInt(EffectId::turn).thenComparingInt(EffectId::index);

  /// A long life: two executions, a failure, a purchase, a stop, a start and late reports.
  private static Scenario life() {
    Scenario scenario = Flows.scenario("survey");
    scenario.trigger(Flows.controls("experiment_cohort", "b"));
    scenario.trigger(Flows.controls("experiment_cohort", "b"));
    scenario.deliver(MessageStatus.SENT);
    scenario.deliver(MessageStatus.DELIVERED);
    scenario.reply("hm");
    scenario.later(Duration.ofMinutes(3));
    scenario.reply("5");
    scenario.deliver(MessageStatus.UNDELIVERED);
    scenario.reply("thanks");
    scenario.trigger(Flows.controls("experiment_cohort", "b"));
    scenario.purchase();
    scenario.reply("STOP");
    scenario.trigger(Flows.controls("experiment_cohort", "b"));
    scenario.reply("START");
    scenario.failNextSend(21610, "opted_out", Optional.of(Block.OPTED_OUT));
    scenario.trigger(Flows.controls("experiment_cohort", "b"));
    return scenario;
  }

  @Test
  void everyOutcomeSaysItsConversationFlowAndCohort() {
    Scenario scenario = life();

    assertThat(scenario.outcomeNames())
        .contains(
            "conversation_started",
            "conversation_ended",
            "conversation_refused",
            "twilio_flow_completed",
            "twilio_message_sent",
            "twilio_message_delivered",
            "twilio_message_failed",
            "twilio_reply",
            "opted_out",
            "opted_in",
            "conversion");
    assertThat(scenario.outcomes())
        .allSatisfy(
            outcome ->
                assertThat(outcome.properties().entries())
                    .as(outcome.name())
                    .containsEntry("conversation_id", scenario.conversation().id().toString())
                    .containsEntry("flow", "survey")
                    .containsEntry("experiment_cohort", "b")
                    .containsEntry("channel", "sms"));
  }

  @Test
  void effectIdsRiseOverAWholeConversation() {
    List<EffectId> ids =
        life().effects().stream()
            .flatMap(
                effect ->
                    switch (effect) {
                      case Effect.Outgoing outgoing -> Stream.of(outgoing.id());
                      case Effect.ScheduleTimer timer -> Stream.of(timer.id());
                      default -> Stream.empty();
                    })
            .toList();

    assertThat(ids).isSortedAccordingTo(BY_TIME).doesNotHaveDuplicates().hasSizeGreaterThan(40);
  }

  @Test
  void theSameEventsGiveTheSameSteps() {
    List<Step> once = life().steps();

    assertThat(life().steps()).isEqualTo(once);
  }

  @ParameterizedTest
  @ValueSource(strings = {"notice", "survey", "nothing", "agent"})
  void thePersonIsToldBeforeTheFirstOutcome(String flow) {
    Scenario byTrigger = Flows.scenario(flow);
    byTrigger.trigger();
    Scenario byReply = Flows.scenario(flow).bound();
    byReply.reply("Hi");

    assertThat(Stream.of(byTrigger, byReply))
        .allSatisfy(
            scenario ->
                assertThat(scenario.effects())
                    .filteredOn(Effect.Outgoing.class::isInstance)
                    .first()
                    .isInstanceOf(Effect.ReportAttributes.class));
  }

  @Test
  void thePersonIsInAConversationAndThenIsNot() {
    Scenario scenario = Flows.scenario("survey");
    scenario.trigger();
    scenario.reply("5");

    assertThat(scenario.effects())
        .filteredOn(Effect.ReportAttributes.class::isInstance)
        .extracting(effect -> ((Effect.ReportAttributes) effect).attributes())
        .containsExactly(
            Values.of("conversation_in_progress", true)
                .with("conversation_flow", "survey")
                .with("suppressed_until", "2026-03-02T06:00:00Z"),
            Values.of("conversation_in_progress", true)
                .with("conversation_flow", "")
                .with("suppressed_until", "2026-03-02T06:00:00Z"));
  }

  @Test
  void aPurchaseEndsTheExecution() {
    Scenario scenario = Flows.scenario("survey").holdSends();
    scenario.trigger();

    scenario.purchase();

    assertThat(scenario.result()).contains("purchased");
    assertThat(scenario.waiting()).isEmpty();
    assertThat(scenario.timers()).isEmpty();
    assertThat(scenario.outcomeNames())
        .containsSubsequence("conversion", "twilio_flow_completed", "conversation_ended");
  }

  @Test
  void whatACallerSaysOfAPurchaseDoesNotHideTheConversation() {
    Scenario scenario = Flows.scenario("survey");
    scenario.trigger();

    scenario.take(
        new io.parley.engine.Event.PurchaseSeen(
            "order-1", Values.of("channel", "web").with("flow", "x"), scenario.now()));

    assertThat(scenario.outcome("conversion").properties().entries())
        .containsEntry("channel", "sms")
        .containsEntry("flow", "survey")
        .containsEntry("order_id", "order-1");
  }
}
