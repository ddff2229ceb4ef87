package io.parley.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.After;
import io.parley.engine.Block;
import io.parley.engine.Effect;
import io.parley.engine.Effect.ScheduleTimer.Purpose;
import io.parley.engine.EffectId;
import io.parley.engine.Event;
import io.parley.engine.Event.Triggered.Patience;
import io.parley.engine.Hop;
import io.parley.engine.MessageStatus;
import io.parley.engine.Owner;
import io.parley.engine.Person;
import io.parley.engine.Reason;
import io.parley.engine.Values;
import io.parley.testkit.Scenario;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// A conversation in the hands of a person.
class HandoffTest {

  @Test
  void aHandoffIsOpenedWithWhatTheFlowSaysOfIt() {
    Scenario scenario = handedOver();

    Effect.OpenHandoff opened = opened(scenario);
    assertThat(opened.request().entries())
        .containsEntry("workflow", "care")
        .containsEntry("priority", "5");
    assertThat(opened.request().object("attributes").text("topic")).contains("sizes");
    assertThat(opened.epoch()).isEqualTo(scenario.conversation().epoch());
    assertThat(scenario.conversation().owner()).isEqualTo(Owner.QUEUED);
    assertThat(scenario.outcome("agent_handoff").properties().entries())
        .containsEntry("handoff", opened.id().toString())
        .containsEntry("widget", "first");
  }

  @Test
  void whilePersonSpeaksAReplyIsReportedAndMovesNothing() {
    Scenario scenario = handedOver();

    scenario.reply("are you there?");

    assertThat(scenario.refusals()).containsExactly(Reason.HANDED_OFF);
    assertThat(scenario.outcome("twilio_reply").properties().text("body"))
        .contains("are you there?");
    assertThat(scenario.texts()).isEmpty();
  }

  @Test
  void whatTheFlowHadNotYetSentIsWithdrawn() {
    Scenario scenario =
        Flows.scenario(
                "asked",
                Drafts.flow()
                    .widget(
                        "first",
                        "send-and-wait-for-reply",
                        "{\"from\": \"{{flow.channel.address}}\", \"body\": \"Well?\","
                            + " \"timeout\": \"60\"}",
                        "incomingMessage>person",
                        "timeout",
                        "deliveryFailure")
                    .widget(
                        "person",
                        "send-to-flex",
                        "{\"workflow\": \"care\", \"channel\": \"sms\"}",
                        "callComplete",
                        "failedToEnqueue",
                        "callFailure")
                    .read())
            .holdSends();
    scenario.trigger();
    Effect.Send question = scenario.waiting().getFirst();

    scenario.reply("a person, please");

    assertThat(scenario.waiting()).isEmpty();
    assertThat(question.epoch()).isLessThan(scenario.conversation().epoch());
    assertThat(scenario.conversation().owner()).isEqualTo(Owner.QUEUED);
  }

  @Test
  void aTriggerMeanwhileIsRefusedAndTheReasonNamesThePerson() {
    Scenario scenario = handedOver();

    scenario.trigger();

    assertThat(scenario.refusals()).containsExactly(Reason.HANDED_OFF);
    assertThat(scenario.outcome("conversation_refused").properties().text("reason"))
        .contains("handed_off");
  }

  @Test
  void aPatientTriggerMeanwhileIsKeptAndNothingIsReportedOfItYet() {
    Scenario scenario = handedOver();

    scenario.take(triggered(scenario).patient());

    assertThat(scenario.refusals()).containsExactly(Reason.HANDED_OFF);
    assertThat(scenario.outcomeNames()).doesNotContain("conversation_refused");
    assertThat(kept(scenario).behind()).containsExactly(scenario.conversation().id());
  }

  @Test
  void aTriggerThatMeetsAnotherHandoffWaitsAgain() {
    Scenario scenario = handedOver();
    scenario.take(triggered(scenario).patient());

    scenario.take(kept(scenario).trigger());

    assertThat(scenario.refusals()).containsExactly(Reason.HANDED_OFF, Reason.HANDED_OFF);
    assertThat(kept(scenario).trigger().patience()).contains(Patience.HAS_WAITED);
  }

  @Test
  void aTriggerThatIsMootAnywayIsRefusedAtOnce() {
    Scenario scenario = handedOver();
    Event.Triggered ineligible =
        new Event.Triggered(
            scenario.flow(),
            Person.UNKNOWN,
            Values.of("controls", Values.of("eligible", false)),
            scenario.now());

    scenario.take(ineligible.patient());

    assertThat(scenario.refusals()).containsExactly(Reason.NOT_ELIGIBLE);
    assertThat(scenario.effects()).noneMatch(Effect.KeepTrigger.class::isInstance);
  }

  @Test
  void aTriggerThatHasWaitedTooLongIsStale() {
    Scenario scenario = handedOver();
    scenario.take(triggered(scenario).patient());
    Event.Triggered waited = kept(scenario).trigger();
    Event.HandoffClosed closed =
        new Event.HandoffClosed(opened(scenario).id(), "solved", Values.EMPTY, new After.Ends());
    scenario.later(Duration.ofHours(25));
    scenario.take(closed);

    scenario.take(waited);

    assertThat(scenario.refusals()).containsExactly(Reason.HANDED_OFF, Reason.STALE);
  }

  @Test
  void aTriggerThatHasNotWaitedWithUsIsNeverStaleWithinHours() {
    Scenario scenario = handedOver();
    Event.Triggered late = triggered(scenario).patient();
    scenario.take(
        new Event.HandoffClosed(opened(scenario).id(), "solved", Values.EMPTY, new After.Ends()));
    scenario.later(Duration.ofHours(25));

    scenario.take(late);

    assertThat(scenario.refusals()).isEmpty();
  }

  private static Event.Triggered triggered(Scenario scenario) {
    return new Event.Triggered(scenario.flow(), Person.UNKNOWN, Values.EMPTY, scenario.now());
  }

  private static Effect.KeepTrigger kept(Scenario scenario) {
    return scenario.effects().reversed().stream()
        .filter(Effect.KeepTrigger.class::isInstance)
        .map(Effect.KeepTrigger.class::cast)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void theFlowGoesOnWithWhatThePersonSays() {
    Scenario scenario = handedOver();

    scenario.take(
        new Event.HandoffClosed(opened(scenario).id(), "solved", Values.of("agent", "Mia")));

    assertThat(scenario.path()).contains(new Hop("first", "callComplete", "after"));
    assertThat(scenario.texts()).containsExactly("solved by Mia");
    assertThat(scenario.conversation().owner()).isEqualTo(Owner.BOT);
    assertThat(scenario.sent().getFirst().epoch()).isGreaterThan(opened(scenario).epoch());
    assertThat(scenario.timers()).isEmpty();
    assertThat(scenario.effects()).noneMatch(Effect.CloseHandoff.class::isInstance);
  }

  @Test
  void aHandoffIsClosedOnce() {
    Scenario scenario = handedOver();
    Event closed = new Event.HandoffClosed(opened(scenario).id(), "solved", Values.EMPTY);
    scenario.take(closed);

    scenario.take(closed);

    assertThat(scenario.refusals()).containsExactly(Reason.LATE_ANSWER);
    assertThat(scenario.texts()).hasSize(1);
  }

  @Test
  void theCloseOfAnotherHandoffIsRefused() {
    Scenario scenario = handedOver();
    EffectId other = new EffectId(scenario.conversation().id(), 99, 0);

    scenario.take(new Event.HandoffClosed(other, "solved", Values.EMPTY));
    scenario.take(new Event.HandoffFailed(other, "no_agent"));

    assertThat(scenario.refusals()).containsExactly(Reason.LATE_ANSWER, Reason.LATE_ANSWER);
    assertThat(scenario.conversation().owner()).isEqualTo(Owner.QUEUED);
  }

  @Test
  void aHandoffThatCannotBeQueuedLeavesByFailedToEnqueue() {
    Scenario scenario = handedOver();

    scenario.take(new Event.HandoffFailed(opened(scenario).id(), "no_agent"));

    assertThat(scenario.path()).contains(new Hop("first", "failedToEnqueue", "sorry"));
    assertThat(closed(scenario).why()).isEqualTo("no_agent");
    assertThat(scenario.warnings()).extracting("code").containsExactly(81015);
  }

  @Test
  void nobodyInTimeLeavesByCallFailure() {
    Scenario scenario = handedOver();

    scenario.fire(timer(scenario, Purpose.HANDOFF_TIMEOUT));

    assertThat(scenario.path()).contains(new Hop("first", "callFailure", "sorry"));
    assertThat(closed(scenario).why()).isEqualTo("timeout");
    assertThat(scenario.conversation().owner()).isEqualTo(Owner.BOT);
  }

  @Test
  void aStopClosesTheHandoffAndNothingMoreIsSent() {
    Scenario scenario = handedOver();

    scenario.reply("STOP");

    assertThat(scenario.result()).contains("opted_out");
    assertThat(closed(scenario).why()).isEqualTo("the execution ended: opted_out");
    assertThat(scenario.conversation().owner()).isEqualTo(Owner.BOT);
    assertThat(scenario.timers()).isEmpty();
    assertThat(scenario.texts()).isEmpty();
  }

  @Test
  void anExecutionThatExpiresClosesItsHandoff() {
    Scenario scenario = handedOver("");

    scenario.expire();

    assertThat(scenario.result()).contains("expired");
    assertThat(closed(scenario).why()).isEqualTo("the execution ended: expired");
    assertThat(scenario.conversation().owner()).isEqualTo(Owner.BOT);
  }

  @Test
  void aCallerWhoEndsTheExecutionEndsItsHandoff() {
    Scenario scenario = handedOver();

    scenario.take(
        new Event.ExecutionStopped(scenario.conversation().execution().orElseThrow().id()));

    assertThat(scenario.result()).contains("stopped");
    assertThat(closed(scenario).why()).isEqualTo("the execution ended: stopped");
  }

  @Test
  void aPurchaseLeavesThePersonTheWordAndEndsTheExecutionAfterwards() {
    Scenario scenario = handedOver();

    scenario.purchase();

    assertThat(scenario.outcomeNames()).contains("conversion");
    assertThat(scenario.conversation().owner()).isEqualTo(Owner.QUEUED);
    assertThat(scenario.conversation().epoch()).isEqualTo(opened(scenario).epoch());

    scenario.take(new Event.HandoffClosed(opened(scenario).id(), "solved", Values.EMPTY));

    assertThat(scenario.result()).contains("purchased");
    assertThat(scenario.texts()).isEmpty();
    assertThat(scenario.timers()).isEmpty();
  }

  @Test
  void whatBecomesOfEarlierMessagesIsStillHeard() {
    Scenario scenario =
        Flows.scenario(
            "told",
            Drafts.flow()
                .message("first", "One moment", "sent>person", "failed")
                .widget(
                    "person",
                    "send-to-flex",
                    "{\"workflow\": \"care\", \"channel\": \"sms\"}",
                    "callComplete",
                    "failedToEnqueue",
                    "callFailure")
                .read());
    scenario.trigger();

    scenario.deliver(MessageStatus.DELIVERED);

    assertThat(scenario.outcomeNames()).contains("twilio_message_delivered");
    assertThat(scenario.conversation().owner()).isEqualTo(Owner.QUEUED);
  }

  @Test
  void aContactWhoCannotBeReachedAnyMoreIsTakenFromThePerson() {
    Scenario scenario =
        Flows.scenario(
            "told",
            Drafts.flow()
                .message("first", "One moment", "sent>person", "failed")
                .widget(
                    "person",
                    "send-to-flex",
                    "{\"workflow\": \"care\", \"channel\": \"sms\"}",
                    "callComplete",
                    "failedToEnqueue",
                    "callFailure")
                .read());
    scenario.trigger();

    scenario.take(
        Scenario.report(
            scenario.sent().getFirst(),
            MessageStatus.UNDELIVERED,
            30006,
            Optional.of(Block.UNREACHABLE)));

    assertThat(scenario.result()).contains("unreachable");
    assertThat(closed(scenario).handoff()).isEqualTo(opened(scenario).id());
  }

  @Test
  void attributesThatAreNoObjectCannotBeQueued() {
    Scenario scenario =
        Flows.scenario(
            "broken", toFlex("\"attributes\": \"{{flow.data.nothing}} nonsense\"").read());

    scenario.trigger();

    assertThat(scenario.path()).contains(new Hop("first", "failedToEnqueue", "sorry"));
    assertThat(scenario.conversation().owner()).isEqualTo(Owner.BOT);
    assertThat(scenario.effects()).noneMatch(Effect.OpenHandoff.class::isInstance);
  }

  static Scenario handedOver() {
    return handedOver("3600");
  }

  private static Scenario handedOver(String timeout) {
    Scenario scenario =
        Flows.scenario(
            "care",
            toFlex(
                    "\"attributes\": \"{\\\"topic\\\": \\\"{{flow.data.topic}}\\\"}\","
                        + " \"priority\": \"5\", \"timeout\": \"%s\"".formatted(timeout))
                .read());
    scenario.trigger(Values.of("topic", "sizes"));
    return scenario;
  }

  private static Drafts toFlex(String properties) {
    return Drafts.flow()
        .widget(
            "first",
            "send-to-flex",
            "{\"workflow\": \"care\", \"channel\": \"sms\", " + properties + "}",
            "callComplete>after",
            "failedToEnqueue>sorry",
            "callFailure>sorry")
        .message(
            "after", "{{widgets.first.disposition}} by {{widgets.first.agent}}", "sent", "failed")
        .message("sorry", "Nobody is here", "sent", "failed");
  }

  static Effect.OpenHandoff opened(Scenario scenario) {
    return scenario.effects().stream()
        .filter(Effect.OpenHandoff.class::isInstance)
        .map(Effect.OpenHandoff.class::cast)
        .findFirst()
        .orElseThrow();
  }

  private static Effect.CloseHandoff closed(Scenario scenario) {
    return scenario.effects().stream()
        .filter(Effect.CloseHandoff.class::isInstance)
        .map(Effect.CloseHandoff.class::cast)
        .findFirst()
        .orElseThrow();
  }

  private static Effect.ScheduleTimer timer(Scenario scenario, Purpose purpose) {
    return scenario.timers().stream()
        .filter(timer -> timer.purpose() == purpose)
        .findFirst()
        .orElseThrow();
  }
}
