package io.parley.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.Awaiting;
import io.parley.engine.Block;
import io.parley.engine.Effect;
import io.parley.engine.Effect.Send.Purpose;
import io.parley.engine.Event;
import io.parley.engine.MessageStatus;
import io.parley.engine.Reason;
import io.parley.engine.Step;
import io.parley.engine.Values;
import io.parley.testkit.Scenario;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// A reply that may be an opt-out, or may not.
class AskedOnceTest {

  private static final String QUESTION =
      "Do you want us to stop messaging you? Reply STOP to end messages.";
  private static final String UNCLEAR = "#opt_out_unclear too many of these";

  static Scenario asked() {
    Scenario scenario = Flows.meaning("survey").bound();
    scenario.trigger();
    scenario.reply(UNCLEAR);
    return scenario;
  }

  @Test
  void theContactIsAskedAndTheFlowStandsWhereItStood() {
    Scenario scenario = asked();

    assertThat(scenario.notices()).containsExactly(QUESTION);
    assertThat(scenario.contact().block()).contains(Block.UNCLEAR);
    assertThat(scenario.conversation().execution().orElseThrow().position().awaiting())
        .isInstanceOf(Awaiting.Reply.class);
    assertThat(scenario.outcome("opt_out_asked").properties().text("evidence")).contains(UNCLEAR);
    assertThat(scenario.outcomeNames()).doesNotContain("opted_out");
  }

  @Test
  void whatWaitsToLeaveIsWithdrawnAndEndsTheExecutionThatWaitsForIt() {
    Scenario scenario = Flows.meaning("notice").holdSends();
    scenario.trigger();

    scenario.reply(UNCLEAR);

    assertThat(scenario.waiting())
        .extracting(Effect.Send::purpose)
        .containsExactly(Purpose.QUESTION);
    assertThat(scenario.result()).contains("opt_out_unclear");
  }

  @Test
  void triggersAreRefusedUntilTheAnswer() {
    Scenario scenario = Flows.meaning("survey").known(Block.UNCLEAR);

    scenario.trigger();

    assertThat(scenario.refusals()).containsExactly(Reason.OPT_OUT_UNCLEAR);
    assertThat(scenario.outcome("conversation_refused").properties().text("reason"))
        .contains("opt_out_unclear");
  }

  @Test
  void aTimerThatWouldMakeTheFlowSpeakEndsIt() {
    Scenario scenario = Flows.meaning("survey");
    scenario.trigger();
    scenario.reply(UNCLEAR);

    scenario.timeout();

    assertThat(scenario.result()).contains("opt_out_unclear");
    assertThat(scenario.texts()).containsExactly("How was it, 1 to 5?");
    assertThat(scenario.timers()).isEmpty();
  }

  @Test
  void stopAfterTheQuestionIsAnOptOut() {
    Scenario scenario = asked();

    scenario.reply("STOP");

    assertThat(scenario.contact().block()).contains(Block.OPTED_OUT);
    assertThat(scenario.result()).contains("opted_out");
  }

  @Test
  void nobodyIsAskedTwice() {
    Scenario scenario = asked();

    scenario.reply(UNCLEAR);

    assertThat(scenario.contact().block()).contains(Block.OPTED_OUT);
    assertThat(scenario.notices())
        .containsExactly(
            QUESTION,
            "You are unsubscribed and will get no further messages. Reply START to resubscribe.");
    assertThat(scenario.result()).contains("opted_out");
  }

  @Test
  void anyOtherAnswerGoesOnToTheFlow() {
    Scenario scenario = asked();

    Step step = scenario.reply("5");

    assertThat(step).isInstanceOf(Step.Turn.class);
    assertThat(scenario.contact().block()).isEmpty();
    assertThat(scenario.outcomeNames()).contains("opt_out_declined");
    assertThat(scenario.texts()).hasSize(2);
    scenario.reply(UNCLEAR);
    assertThat(scenario.contact().block()).contains(Block.UNCLEAR);
  }

  @Test
  void noAnswersWhetherToStopAndNotWhatTheFlowHasAsked() {
    Scenario scenario = asked();

    Step step = scenario.reply("#no no");

    assertThat(step).isInstanceOf(Step.Turn.class);
    assertThat(scenario.contact().block()).isEmpty();
    assertThat(scenario.outcomeNames()).contains("opt_out_declined", "twilio_reply");
    assertThat(scenario.conversation().execution().orElseThrow().position().awaiting())
        .isInstanceOf(Awaiting.Reply.class);
    assertThat(scenario.texts()).hasSize(1);
    scenario.reply("5");
    assertThat(scenario.texts()).hasSize(2);
  }

  @Test
  void noBeginsNoFlow() {
    Scenario scenario = Flows.meaning("survey").bound().known(Block.UNCLEAR);

    scenario.reply("#no no");

    assertThat(scenario.contact().block()).isEmpty();
    assertThat(scenario.conversation().execution()).isEmpty();
    assertThat(scenario.sent()).isEmpty();
  }

  @Test
  void startAnswersTheQuestion() {
    Scenario scenario = asked();

    scenario.reply("START");

    assertThat(scenario.contact().block()).isEmpty();
  }

  @Test
  void whoHasOptedOutIsNotAsked() {
    Scenario scenario = Flows.meaning("survey").known(Block.OPTED_OUT);

    scenario.reply(UNCLEAR);

    assertThat(scenario.sent()).isEmpty();
    assertThat(scenario.contact().block()).contains(Block.OPTED_OUT);
  }

  @Test
  void whoCouldNotBeReachedIsAsked() {
    Scenario scenario = Flows.meaning("survey").known(Block.UNREACHABLE);

    scenario.reply(UNCLEAR);

    assertThat(scenario.contact().block()).contains(Block.UNCLEAR);
    assertThat(scenario.notices()).containsExactly(QUESTION);
  }

  @Test
  void theLastLookOfAnotherThreadIsNoOptOut() {
    Scenario scenario = Flows.meaning("notice").holdSends();
    scenario.trigger();
    scenario.known(Block.UNCLEAR);

    scenario.refuse(0, "opt_out_unclear", Optional.of(Block.UNCLEAR));

    assertThat(scenario.contact().block()).contains(Block.UNCLEAR);
    assertThat(scenario.effects()).noneMatch(Effect.BlockContact.class::isInstance);
    assertThat(scenario.result()).contains("opt_out_unclear");
  }

  @Test
  void aLastLookThatTheAnswerOvertookBlocksNobody() {
    Scenario scenario = Flows.meaning("notice").holdSends();
    scenario.trigger();

    scenario.refuse(0, "opt_out_unclear", Optional.of(Block.UNCLEAR));

    assertThat(scenario.contact().block()).isEmpty();
    assertThat(scenario.result()).contains("opt_out_unclear");
  }

  @Test
  void whatTwilioSaysOfTheQuestionMovesNoFlow() {
    Scenario scenario = asked();
    Effect.Send question = scenario.sent().getLast();

    scenario.deliver(question, MessageStatus.FAILED);

    assertThat(question.purpose()).isEqualTo(Purpose.QUESTION);
    assertThat(scenario.conversation().execution().orElseThrow().position().awaiting())
        .isInstanceOf(Awaiting.Reply.class);
  }

  @Test
  void aQuestionThatIsGivenUpMovesNoFlow() {
    Scenario scenario = Flows.meaning("survey");
    scenario.trigger();
    scenario.holdSends().reply(UNCLEAR);

    scenario.refuse(30003, "unknown", Optional.empty());

    assertThat(scenario.conversation().execution()).isPresent();
    assertThat(scenario.outcomeNames()).endsWith("twilio_message_failed");
  }

  @Test
  void aRefusalByTwilioIsAnOptOutAlsoAfterTheQuestion() {
    Scenario scenario = Flows.meaning("survey");
    scenario.trigger();
    scenario.holdSends().reply(UNCLEAR);

    scenario.refuse(21610, "opted_out", Optional.of(Block.OPTED_OUT));

    assertThat(scenario.contact().block()).contains(Block.OPTED_OUT);
  }

  @Test
  void aPurchaseEndsTheFlowThatWaits() {
    Scenario scenario = asked();

    scenario.take(new Event.PurchaseSeen("order-1", Values.EMPTY, scenario.now()));

    assertThat(scenario.result()).contains("purchased");
    assertThat(scenario.contact().block()).contains(Block.UNCLEAR);
  }

  @Test
  void inAConversationAllOfItIsAsked() {
    Scenario scenario = Scenario.inRoom("room", Flows.flow("room"), new Meanings()).bound();
    scenario.write(Scenario.ROOM, "+14155550123", "Hi");

    scenario.write(Scenario.ROOM, "+14155550123", UNCLEAR);

    assertThat(scenario.sent().getLast().to()).isEqualTo(Scenario.ROOM);
    assertThat(scenario.sent().getLast().from()).isEqualTo(Scenario.CHAT_SERVICE);
    assertThat(scenario.effects())
        .filteredOn(Effect.BlockContact.class::isInstance)
        .extracting(it -> ((Effect.BlockContact) it).contact().value())
        .containsExactly(Scenario.ROOM.value(), "+14155550123");
  }
}
