package io.parley.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.Address;
import io.parley.engine.Block;
import io.parley.engine.Effect;
import io.parley.engine.Engine;
import io.parley.engine.Event;
import io.parley.engine.FlowShelf;
import io.parley.engine.MessageSid;
import io.parley.engine.Moment;
import io.parley.engine.Reason;
import io.parley.engine.Step;
import io.parley.engine.Tag;
import io.parley.engine.Values;
import io.parley.testkit.Scenario;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class StopTest {

  /// Every kind of position that an execution can stand at between two turns.
  static Stream<Scenario> everyPosition() {
    Scenario nothingYet = Flows.scenario("survey").bound();
    Scenario asking = Flows.scenario("survey").bound().holdSends();
    asking.trigger();
    Scenario waiting = Flows.scenario("survey").bound();
    waiting.trigger();
    Scenario sending = Flows.scenario("notice").bound().holdSends();
    sending.trigger();
    Scenario ended = Flows.scenario("notice").bound();
    ended.trigger();
    return Stream.of(nothingYet, asking, waiting, sending, ended);
  }

  @ParameterizedTest
  @MethodSource("everyPosition")
  void stopBeatsEveryWidget(Scenario scenario) {
    int sent = scenario.sent().size();

    Step stop = scenario.reply("Stop");

    assertThat(stop).isInstanceOf(Step.Turn.class);
    assertThat(scenario.conversation().execution()).isEmpty();
    assertThat(scenario.contact().block()).contains(Block.OPTED_OUT);
    assertThat(scenario.timers()).isEmpty();
    assertThat(scenario.waiting()).isEmpty();
    assertThat(scenario.sent()).hasSize(sent);
  }

  @ParameterizedTest
  @MethodSource("everyPosition")
  void nothingIsSentAfterAStop(Scenario scenario) {
    scenario.reply("STOP");
    int sent = scenario.sent().size();

    scenario.reply("5");
    scenario.trigger();
    scenario.reply("hello?");

    assertThat(scenario.sent()).hasSize(sent);
    assertThat(scenario.refusals())
        .containsExactly(Reason.OPTED_OUT, Reason.OPTED_OUT, Reason.OPTED_OUT);
  }

  @Test
  void aStopIsReportedInOrder() {
    Scenario scenario = Flows.scenario("survey");
    scenario.trigger();

    Step stop = scenario.reply("STOP");

    assertThat(stop.effects())
        .extracting(StopTest::word)
        .containsExactly(
            "twilio_reply",
            "twilio_reply_intent",
            "BlockContact",
            "BlockContact",
            "RecordConsent",
            "WithdrawSends",
            "opted_out",
            "CancelTimer",
            "KeepWindow",
            "suppression_ended",
            "CancelTimer",
            "CancelTimer",
            "twilio_flow_completed",
            "conversation_ended",
            "Engage",
            "ReportAttributes",
            "WithdrawAgentSends");
  }

  private static String word(Effect effect) {
    return effect instanceof Effect.ReportOutcome report
        ? report.name()
        : effect.getClass().getSimpleName();
  }

  @Test
  void aSendThatHasNotLeftIsWithdrawnByItsEpoch() {
    Scenario scenario = Flows.scenario("notice").holdSends();
    scenario.trigger();
    Effect.Send send = scenario.waiting().getFirst();

    Step stop = scenario.reply("STOP");

    assertThat(stop.effects()).contains(new Effect.WithdrawSends(send.epoch() + 1));
    assertThat(scenario.waiting()).isEmpty();
  }

  @Test
  void anAnswerThatComesAfterTheStopMovesNothing() {
    Scenario scenario = Flows.scenario("notice").holdSends();
    scenario.trigger();
    Effect.Send inFlight = scenario.waiting().getFirst();
    scenario.reply("STOP");

    scenario.answer(inFlight);

    assertThat(scenario.waiting()).isEmpty();
    assertThat(scenario.conversation().execution()).isEmpty();
    assertThat(scenario.outcomeNames()).endsWith("twilio_message_sent");
    assertThat(scenario.outcome("twilio_message_sent").properties().text("flow"))
        .contains("notice");
  }

  @Test
  void aStopAfterTheEndIsReportedWithTheFlowThatSpokeLast() {
    Scenario scenario = Flows.scenario("notice");
    scenario.trigger(Flows.controls("experiment_cohort", "b"));

    scenario.reply("STOP");

    assertThat(scenario.outcome("opted_out").properties().entries())
        .containsEntry("flow", "notice")
        .containsEntry("experiment_cohort", "b");
  }

  @Test
  void aStopNeedsNoFlow() {
    Scenario scenario = Flows.scenario("survey");
    scenario.trigger();
    Event stop =
        new Event.ReplyReceived(
            new MessageSid("SM1"),
            Values.of("Body", "STOP"),
            List.of(new Tag(Tag.OPT_OUT, 1.0, "keyword STOP")),
            "keywords",
            Optional.of(scenario.flow()));

    Moment moment = new Moment(scenario.now(), scenario.contact());
    Step step = Engine.step(scenario.conversation(), stop, FlowShelf.EMPTY, moment);

    assertThat(step.next().execution()).isEmpty();
    assertThat(step.effects()).anyMatch(Effect.BlockContact.class::isInstance);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"please do not stop writing", "I can't stop laughing", "the end", "unstoppable"})
  void aStopWordInsideASentenceDoesNotStop(String sentence) {
    Scenario scenario = Flows.scenario("survey");
    scenario.trigger();

    scenario.reply(sentence);

    assertThat(scenario.contact().block()).isEmpty();
    assertThat(scenario.texts()).endsWith("Please write a number, not " + sentence);
  }

  @Test
  void startUnblocks() {
    Scenario scenario = Flows.scenario("survey").bound();
    scenario.trigger();
    scenario.reply("STOP");

    scenario.reply("START");

    assertThat(scenario.contact().block()).isEmpty();
    assertThat(scenario.outcomeNames()).endsWith("twilio_reply", "twilio_reply_intent", "opted_in");
    assertThat(scenario.conversation().execution()).isEmpty();
    scenario.trigger();
    assertThat(scenario.texts()).hasSize(2);
  }

  @Test
  void stopAndStartCountFromWhenTheyArrived() {
    Scenario scenario = Flows.scenario("survey").known(Block.OPTED_OUT);
    Instant arrived = Instant.parse("2026-05-04T10:00:00Z");
    Moment late = new Moment(arrived.plusSeconds(300), arrived, scenario.contact());

    Step stop = Engine.step(scenario.conversation(), tagged(Tag.OPT_OUT), FlowShelf.EMPTY, late);
    Step start = Engine.step(scenario.conversation(), tagged(Tag.OPT_IN), FlowShelf.EMPTY, late);

    Address contact = scenario.conversation().thread().theirs();
    assertThat(stop.effects())
        .contains(new Effect.BlockContact(contact, Block.OPTED_OUT, "word", arrived));
    assertThat(start.effects())
        .contains(new Effect.UnblockContact(contact, Block.OPTED_OUT, "word", arrived));
  }

  private static Event tagged(String tag) {
    return new Event.ReplyReceived(
        new MessageSid("SM1"),
        Values.of("Body", "word"),
        List.of(new Tag(tag, 1.0, "keyword")),
        "keywords",
        Optional.empty());
  }

  @Test
  void yesAfterAStopUnblocks() {
    Scenario scenario = Flows.scenario("survey");
    scenario.trigger();
    scenario.reply("STOP");

    scenario.reply("yes");

    assertThat(scenario.contact().block()).isEmpty();
  }

  @Test
  void startIsAnAnswerWhereNobodyHadSaidStop() {
    Scenario scenario = Flows.scenario("asking-loop");
    scenario.trigger();

    scenario.reply("start");

    assertThat(scenario.texts()).containsExactly("Sure?", "Sure?");
    assertThat(scenario.outcomeNames()).contains("opted_in");
  }

  @Test
  void startBeginsTheBoundFlowWhereNobodyHadSaidStop() {
    Scenario scenario = Flows.scenario("survey").bound();

    scenario.reply("START");

    assertThat(scenario.texts()).containsExactly("How was it, 1 to 5?");
  }
}
