package io.parley.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.Block;
import io.parley.engine.Effect;
import io.parley.engine.Event;
import io.parley.engine.Hop;
import io.parley.engine.Reason;
import io.parley.engine.Values;
import io.parley.engine.Warning;
import io.parley.testkit.Scenario;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SendingTest {

  @Test
  void aMessageThatIsTakenLeadsOnByItsSentBranch() {
    Scenario scenario = Flows.scenario("notice");

    scenario.trigger(Values.of("name", "Jane"));

    assertThat(scenario.texts()).containsExactly("Hello Jane", "It was sent");
    assertThat(scenario.path())
        .containsExactly(
            new Hop("Trigger", "incomingRequest", "notice"),
            new Hop("notice", "sent", "thanks"),
            new Hop("thanks", "sent", ""));
  }

  @Test
  void aMessageThatIsRefusedLeadsOnByItsFailedBranch() {
    Scenario scenario = Flows.scenario("notice").failNextSend(21617, "too_long", Optional.empty());

    scenario.trigger();

    assertThat(scenario.texts()).isEmpty();
    assertThat(scenario.path())
        .contains(new Hop("notice", "failed", "apology"), new Hop("apology", "next", ""));
    assertThat(scenario.warnings()).extracting(Warning::code).containsExactly(Warning.SEND_FAILED);
    assertThat(scenario.outcome("twilio_message_failed").properties().entries())
        .containsEntry("error_code", 21617L)
        .containsEntry("reason", "too_long")
        .containsEntry("flow", "notice");
  }

  @Test
  void aFailureThatSaysTheContactIsUnreachableEndsTheExecution() {
    Scenario scenario =
        Flows.scenario("notice")
            .failNextSend(21614, "not_a_mobile_number", Optional.of(Block.UNREACHABLE));

    scenario.trigger();

    assertThat(scenario.result()).contains("unreachable");
    assertThat(scenario.contact().block()).contains(Block.UNREACHABLE);
    assertThat(scenario.texts()).isEmpty();
  }

  @Test
  void aFailureThatSaysTheContactHasOptedOutIsAnOptOut() {
    Scenario scenario =
        Flows.scenario("notice").failNextSend(21610, "opted_out", Optional.of(Block.OPTED_OUT));

    scenario.trigger();

    assertThat(scenario.result()).contains("opted_out");
    assertThat(scenario.contact().block()).contains(Block.OPTED_OUT);
    assertThat(scenario.outcomeNames()).contains("opted_out");
  }

  @Test
  void anOptOutIsRecordedForAContactWhoCouldNotBeReached() {
    Scenario scenario = Flows.scenario("notice").holdSends();
    scenario.trigger();
    scenario.known(Block.UNREACHABLE);

    scenario.refuse(21610, "opted_out", Optional.of(Block.OPTED_OUT));

    assertThat(scenario.contact().block()).contains(Block.OPTED_OUT);
  }

  @Test
  void aFailureOfAMessageToSomebodyElseSaysNothingOfTheContact() {
    Scenario scenario =
        Flows.scenario("colleague")
            .failNextSend(21211, "invalid_recipient", Optional.of(Block.UNREACHABLE));

    scenario.trigger(Values.of("colleague", "+15005550001"));

    assertThat(scenario.contact().block()).isEmpty();
    assertThat(scenario.texts()).containsExactly("Hello");
    assertThat(scenario.result()).contains("completed");
  }

  @Test
  void anAnswerThatIsToldTwiceIsRefusedAsLate() {
    Scenario scenario = Flows.scenario("survey");
    scenario.trigger();
    Effect.Send question = scenario.sent().getFirst();

    scenario.answer(question);

    assertThat(scenario.refusals()).containsExactly(Reason.LATE_ANSWER);
    assertThat(scenario.outcomeNames()).containsOnlyOnce("twilio_message_sent");
  }

  @Test
  void aFailureOfAMessageThatWasTakenIsRefusedAsLate() {
    Scenario scenario = Flows.scenario("survey");
    scenario.trigger();
    Effect.Send question = scenario.sent().getFirst();

    scenario.take(new Event.SendFailed(question.id(), 0, "lost", "not found", Optional.empty()));

    assertThat(scenario.refusals()).containsExactly(Reason.LATE_ANSWER);
    assertThat(scenario.outcomeNames()).doesNotContain("twilio_message_failed");
  }
}
