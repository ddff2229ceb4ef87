package io.parley.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.Block;
import io.parley.engine.Conversation.SentMessage;
import io.parley.engine.Effect;
import io.parley.engine.Event;
import io.parley.engine.Hop;
import io.parley.engine.MessageStatus;
import io.parley.engine.Reason;
import io.parley.engine.Values;
import io.parley.testkit.Scenario;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StatusTest {

  private final Scenario scenario = Flows.scenario("survey");

  @Test
  void aReportThatOvertakesTheAnswerOfTwilioImpliesIt() {
    scenario.holdSends();
    scenario.trigger();
    Effect.Send question = scenario.waiting().getFirst();

    scenario.deliver(question, MessageStatus.DELIVERED);

    assertThat(scenario.timers()).hasSize(2);
    assertThat(scenario.outcomeNames())
        .containsSubsequence("twilio_message_sent", "twilio_message_delivered");
    scenario.answer(question);
    assertThat(scenario.refusals()).containsExactly(Reason.LATE_ANSWER);
    assertThat(scenario.outcomeNames()).containsOnlyOnce("twilio_message_sent");
  }

  @Test
  void aFailureThatOvertakesTheAnswerOfTwilioIsADeliveryFailure() {
    scenario.holdSends();
    scenario.trigger();

    scenario.deliver(scenario.waiting().getFirst(), MessageStatus.UNDELIVERED);

    assertThat(scenario.path()).contains(new Hop("rate", "deliveryFailure", "unheard"));
    assertThat(scenario.timers()).isEmpty();
  }

  @Test
  void aStatusNeverMovesBack() {
    scenario.trigger();
    scenario.deliver(MessageStatus.DELIVERED);

    scenario.deliver(MessageStatus.SENT);
    scenario.deliver(MessageStatus.DELIVERED);
    scenario.deliver(MessageStatus.UNDELIVERED);

    assertThat(scenario.refusals())
        .containsExactly(
            Reason.OUT_OF_ORDER_STATUS, Reason.OUT_OF_ORDER_STATUS, Reason.OUT_OF_ORDER_STATUS);
    assertThat(scenario.conversation().messages())
        .extracting(SentMessage::status)
        .containsExactly(MessageStatus.DELIVERED);
    assertThat(scenario.outcomeNames()).containsOnlyOnce("twilio_message_delivered");
  }

  @Test
  void aDeliveredMessageMayStillBeRead() {
    scenario.trigger();
    scenario.deliver(MessageStatus.DELIVERED);

    scenario.deliver(MessageStatus.READ);

    assertThat(scenario.outcomeNames()).endsWith("twilio_message_read");
  }

  @Test
  void aDeliveryAfterTheEndIsReportedWithItsFlowAndCohort() {
    Scenario notice = Flows.scenario("notice");
    notice.trigger(Flows.controls("experiment_cohort", "b"));
    String execution =
        notice.outcome("conversation_started").properties().text("execution_sid").orElseThrow();

    notice.deliver(MessageStatus.DELIVERED);

    assertThat(notice.outcome("twilio_message_delivered").properties().entries())
        .containsEntry("flow", "notice")
        .containsEntry("experiment_cohort", "b")
        .containsEntry("execution_sid", execution);
  }

  @Test
  void aDeliveryIsReportedWithTheExecutionThatSentIt() {
    Scenario notice = Flows.scenario("notice");
    notice.trigger(Flows.controls("experiment_cohort", "a"));
    Effect.Send first = notice.sent().getFirst();
    notice.trigger(Flows.controls("experiment_cohort", "b"));

    notice.deliver(first, MessageStatus.DELIVERED);

    assertThat(notice.outcome("twilio_message_delivered").properties().text("experiment_cohort"))
        .contains("a");
  }

  @Test
  void aReportOfAMessageThatWeNeverSentIsRefused() {
    scenario.trigger();
    Event.DeliveryReported report =
        Scenario.report(scenario.sent().getFirst(), MessageStatus.DELIVERED, 0, Optional.empty());

    scenario.take(
        new Event.DeliveryReported(
            Optional.empty(),
            new io.parley.engine.MessageSid("SM00000000000000000000000000000000"),
            report.status(),
            0,
            "",
            Optional.empty(),
            report.parameters()));

    assertThat(scenario.refusals()).containsExactly(Reason.UNKNOWN_MESSAGE);
  }

  @Test
  void aReportOfAMessageThatIsForgottenIsNoNewMessage() {
    Scenario chatty = Flows.scenario("long");
    chatty.trigger();
    assertThat(chatty.sent()).hasSize(25);

    chatty.deliver(chatty.sent().getFirst(), MessageStatus.READ);

    assertThat(chatty.refusals()).containsExactly(Reason.UNKNOWN_MESSAGE);
    assertThat(chatty.conversation().messages()).hasSize(20);
    assertThat(chatty.outcomeNames()).filteredOn("twilio_message_sent"::equals).hasSize(25);
  }

  @Test
  void aReportThatSaysTheContactIsUnreachableEndsTheExecution() {
    scenario.trigger();

    scenario.take(
        Scenario.report(
            scenario.sent().getLast(),
            MessageStatus.UNDELIVERED,
            30006,
            Optional.of(Block.UNREACHABLE)));

    assertThat(scenario.result()).contains("unreachable");
    assertThat(scenario.contact().block()).contains(Block.UNREACHABLE);
    assertThat(scenario.timers()).isEmpty();
  }

  @Test
  void aReportOfAMessageToSomebodyElseSaysNothingOfTheContact() {
    Scenario colleague = Flows.scenario("colleague");
    colleague.trigger(Values.of("colleague", "+15005550001"));

    colleague.take(
        Scenario.report(
            colleague.sent().getFirst(),
            MessageStatus.UNDELIVERED,
            30006,
            Optional.of(Block.UNREACHABLE)));

    assertThat(colleague.contact().block()).isEmpty();
    assertThat(colleague.outcomeNames()).endsWith("twilio_message_failed");
  }
}
