package io.parley.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.Awaiting;
import io.parley.engine.Effect;
import io.parley.engine.Event;
import io.parley.engine.Hop;
import io.parley.engine.MessageStatus;
import io.parley.engine.Reason;
import io.parley.testkit.Scenario;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AskingTest {

  private final Scenario scenario = Flows.scenario("survey");

  @Test
  void aReplyLeadsOnByItsMeaning() {
    scenario.trigger();

    scenario.reply(" 5 ");

    assertThat(scenario.texts()).endsWith("Glad to hear");
    assertThat(scenario.result()).contains("completed");
    assertThat(scenario.timers()).isEmpty();
  }

  @Test
  void aReplyThatIsNotUnderstoodIsAskedAgainWithItsWords() {
    scenario.trigger();

    scenario.reply("great!");

    assertThat(scenario.texts()).endsWith("Please write a number, not great!");
    scenario.reply("2");
    assertThat(scenario.texts()).endsWith("Sorry to hear");
  }

  @Test
  void theWaitBeginsWhenTwilioHasTakenTheQuestion() {
    scenario.holdSends();
    scenario.trigger();
    scenario.later(Duration.ofHours(5));

    scenario.answer();

    assertThat(scenario.timers())
        .filteredOn(timer -> timer.purpose() == Effect.ScheduleTimer.Purpose.REPLY_TIMEOUT)
        .singleElement()
        .satisfies(
            timer -> assertThat(timer.dueAt()).isEqualTo(scenario.now().plus(Duration.ofHours(1))));
  }

  @Test
  void silenceLeadsOnByTheTimeout() {
    scenario.trigger();

    scenario.timeout();

    assertThat(scenario.texts()).endsWith("We missed your answer");
    assertThat(scenario.effects())
        .filteredOn(Effect.CancelTimer.class::isInstance)
        .as("only the expiry: the timer that fired is gone")
        .hasSize(1);
  }

  @Test
  void aTimerIsCancelledOnce() {
    scenario.trigger();

    scenario.reply("5");

    assertThat(scenario.effects())
        .filteredOn(Effect.CancelTimer.class::isInstance)
        .doesNotHaveDuplicates()
        .hasSize(2);
  }

  @Test
  void aTimerThatFiresAfterTheReplyIsRefusedAsLate() {
    scenario.trigger();
    Effect.ScheduleTimer timer = scenario.timers().getLast();
    scenario.reply("hm");

    scenario.take(new Event.TimerFired(timer.id()));

    assertThat(scenario.refusals()).containsExactly(Reason.LATE_TIMER);
    assertThat(scenario.conversation().execution()).isPresent();
  }

  @Test
  void aTimerThatFiresAfterTheEndIsRefusedAsLate() {
    scenario.trigger();
    Effect.ScheduleTimer timer = scenario.timers().getLast();
    scenario.reply("5");

    scenario.take(new Event.TimerFired(timer.id()));

    assertThat(scenario.refusals()).containsExactly(Reason.LATE_TIMER);
  }

  @Test
  void aQuestionThatTwilioRefusesLeadsOnByDeliveryFailure() {
    scenario.failNextSend(21617, "too_long", Optional.empty());

    scenario.trigger();

    assertThat(scenario.path()).contains(new Hop("rate", "deliveryFailure", "unheard"));
  }

  @Test
  void aQuestionThatIsReportedUndeliveredLeadsOnByDeliveryFailure() {
    scenario.trigger();
    scenario.deliver(MessageStatus.SENT);

    scenario.deliver(MessageStatus.UNDELIVERED);

    assertThat(scenario.path()).contains(new Hop("rate", "deliveryFailure", "unheard"));
    assertThat(scenario.timers()).isEmpty();
  }

  @Test
  void aReportThatDoesNotNameItsEffectLeadsOnAllTheSame() {
    scenario.trigger();
    Event.DeliveryReported report =
        Scenario.report(
            scenario.sent().getLast(), MessageStatus.UNDELIVERED, 30008, Optional.empty());

    scenario.take(
        new Event.DeliveryReported(
            Optional.empty(),
            report.sid(),
            report.status(),
            report.errorCode(),
            report.refusal(),
            report.block(),
            report.parameters()));

    assertThat(scenario.path()).contains(new Hop("rate", "deliveryFailure", "unheard"));
  }

  @Test
  void aReplyThatOvertakesTheAnswerOfTwilioCounts() {
    scenario.holdSends();
    scenario.trigger();
    Effect.Send question = scenario.waiting().getFirst();

    scenario.reply("5");

    assertThat(scenario.path()).contains(new Hop("score", "match", "glad"));
    scenario.answer(question);
    assertThat(scenario.refusals()).isEmpty();
    assertThat(scenario.outcome("twilio_message_sent").properties().entries())
        .as("the widget that stands there now did not send it")
        .containsEntry("widget", "");
    scenario.answer();
    assertThat(scenario.texts()).containsExactly("How was it, 1 to 5?", "Glad to hear");
    assertThat(scenario.outcome("twilio_message_sent").properties().entries())
        .containsEntry("widget", "glad");
  }

  @Test
  void aSecondReplyWhileASendIsOnItsWayIsRefusedButReported() {
    scenario.holdSends();
    scenario.trigger();
    scenario.answer();
    scenario.reply("5");

    scenario.reply("no, 4");

    assertThat(scenario.refusals()).containsExactly(Reason.UNEXPECTED_EVENT);
    assertThat(Reason.UNEXPECTED_EVENT.sentence()).contains("81002");
    assertThat(scenario.outcome("twilio_reply").properties().entries())
        .containsEntry("body", "no, 4")
        .containsEntry("widget", "glad");
  }

  @Test
  void aDoubleTextIsTakenByTheNextQuestion() {
    scenario.trigger();
    scenario.reply("it was");

    scenario.reply("4");

    assertThat(scenario.texts()).endsWith("Glad to hear");
    assertThat(scenario.refusals()).isEmpty();
  }

  @Test
  void theTimerOfTheFirstQuestionDoesNotEndTheSecond() {
    scenario.trigger();
    Effect.ScheduleTimer first = scenario.timers().getLast();
    scenario.reply("hm");

    scenario.take(new Event.TimerFired(first.id()));

    assertThat(scenario.conversation().execution().orElseThrow().position().awaiting())
        .isInstanceOf(Awaiting.Reply.class);
  }
}
