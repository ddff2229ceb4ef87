package io.parley.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.Address;
import io.parley.engine.Awaiting;
import io.parley.engine.Block;
import io.parley.engine.Effect;
import io.parley.engine.Effect.Send.Purpose;
import io.parley.engine.Event;
import io.parley.engine.MessageSid;
import io.parley.engine.Person;
import io.parley.engine.Tag;
import io.parley.engine.Values;
import io.parley.engine.policy.Policy;
import io.parley.testkit.Scenario;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is said because law or carriers ask for it.
class NoticesTest {

  private static final String GOODBYE =
      "You are unsubscribed and will get no further messages. Reply START to resubscribe.";

  private static Policy policy(Map<String, Object> notices) {
    return switch (Policy.read(Map.of("notices", notices))) {
      case Policy.Reading.Valid(var policy) -> policy;
      case Policy.Reading.Invalid(var problems) -> throw new AssertionError(problems);
    };
  }

  private static Policy alone() {
    return policy(
        Map.of(
            "twilio_confirms",
            "none",
            "brand",
            "Acme",
            "help",
            "Write to care@acme.example.",
            "opted_in",
            "Welcome back to Acme."));
  }

  private static Scenario running() {
    Scenario scenario = Flows.meaning("survey").bound();
    scenario.trigger();
    return scenario;
  }

  // ---- goodbye

  @Test
  void anOptOutInAnyWordsIsConfirmedOnceAndAtOnce() {
    Scenario scenario = running();

    scenario.reply("#opt_out leave me alone");

    assertThat(scenario.notices()).containsExactly(GOODBYE);
    Effect.Send goodbye = scenario.sent().getLast();
    assertThat(goodbye.purpose()).isEqualTo(Purpose.NOTICE);
    assertThat(goodbye.leaveBy()).contains(scenario.now().plus(Duration.ofMinutes(5)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"STOP", "stopall", "Unsubscribe", "CANCEL", "end", "quit", "Revoke", "optout"})
  void twilioConfirmsItsOwnWords(String word) {
    Scenario scenario = running();

    scenario.reply(word);

    assertThat(scenario.contact().block()).contains(Block.OPTED_OUT);
    assertThat(scenario.notices()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"stop!", "STOP ALL", "opt out"})
  void weConfirmWhatTwilioDoesNotKnow(String words) {
    Scenario scenario = running();

    scenario.reply(words);

    assertThat(scenario.notices()).containsExactly(GOODBYE);
  }

  @Test
  void weConfirmEveryStopWhereTwilioConfirmsNone() {
    Scenario scenario = running().by(alone());

    scenario.reply("STOP");

    assertThat(scenario.notices()).containsExactly("Acme: " + GOODBYE);
  }

  @Test
  void weConfirmOnWhatsApp() {
    Scenario scenario =
        Scenario.of(
            "survey", Flows.flow("survey"), new Meanings(), new Address("whatsapp:+14155550100"));
    scenario.trigger();

    scenario.reply("STOP");

    assertThat(scenario.notices()).containsExactly(GOODBYE);
  }

  @Test
  void advancedOptOutConfirmsWhereverItIsOn() {
    Scenario scenario = running().by(alone());

    scenario.take(
        new Event.ReplyReceived(
            new MessageSid("SM1"),
            Values.of("Body", "arrêt").with("OptOutType", "STOP"),
            List.of(new Tag(Tag.OPT_OUT, 1, "OptOutType STOP")),
            "scenario",
            Optional.empty()));

    assertThat(scenario.contact().block()).contains(Block.OPTED_OUT);
    assertThat(scenario.notices()).isEmpty();
  }

  @Test
  void aSecondStopOfTheDayIsNotConfirmed() {
    Scenario scenario = running();
    scenario.reply("#opt_out leave me alone");

    scenario.later(Duration.ofHours(23)).reply("#opt_out I said leave me alone");

    assertThat(scenario.notices()).containsExactly(GOODBYE);
    scenario.later(Duration.ofHours(25)).reply("#opt_out still here?");
    assertThat(scenario.notices()).containsExactly(GOODBYE, GOODBYE);
  }

  @Test
  void aStopThatWasOnRecordBeforeItsTurnIsConfirmed() {
    Scenario scenario = running().holdSends();
    Event stop =
        new Event.ReplyReceived(
            new MessageSid("SM1"),
            Values.of("Body", "no more"),
            List.of(new Tag(Tag.OPT_OUT, 1, "no more")),
            "scenario",
            Optional.empty());
    scenario.take(stop);
    int first = scenario.waiting().size();

    scenario.take(stop);

    assertThat(first).isEqualTo(1);
    assertThat(scenario.waiting()).hasSize(2);
  }

  @Test
  void aConfirmationThatWouldComeTooLateIsNotSent() {
    Scenario scenario = running();
    Event stop =
        new Event.ReplyReceived(
            new MessageSid("SM1"),
            Values.of("Body", "no more"),
            List.of(new Tag(Tag.OPT_OUT, 1, "no more")),
            "scenario",
            Optional.empty());

    scenario.takeArrived(stop, scenario.now().minus(Duration.ofMinutes(6)));

    assertThat(scenario.notices()).isEmpty();
    assertThat(scenario.outcome("twilio_message_failed").properties().text("reason"))
        .contains("too_late");
  }

  @Test
  void aConfirmationIsSaidInThePersonsLanguage() {
    Scenario scenario =
        Flows.meaning("survey")
            .by(policy(Map.of("opted_out", Map.of("en", "Goodbye.", "de", "Tschüss."))));
    Person anna = new Person(Optional.of("43"), Values.of("language", "de-AT"));
    scenario.take(new Event.Triggered(scenario.flow(), anna, Values.EMPTY, scenario.now()));

    scenario.reply("#opt_out genug");

    assertThat(scenario.notices()).containsExactly("Tschüss.");
  }

  // ---- welcome

  @Test
  void startIsConfirmedWhereThatIsWanted() {
    Scenario scenario = running().by(alone());
    scenario.reply("STOP");

    scenario.reply("START");

    assertThat(scenario.texts()).endsWith("Welcome back to Acme.");
    assertThat(scenario.contact().block()).isEmpty();
  }

  @Test
  void aWelcomeThatHasNotLeftIsWithdrawnByAStop() {
    Scenario scenario = running().by(alone());
    scenario.reply("STOP");
    scenario.holdSends();
    scenario.reply("START");
    assertThat(scenario.waiting()).hasSize(1);

    scenario.reply("STOP");

    assertThat(scenario.waiting()).extracting(Effect.Send::purpose).doesNotContain(Purpose.FLOW);
    assertThat(scenario.contact().block()).contains(Block.OPTED_OUT);
  }

  @Test
  void startIsNotConfirmedUnlessAsked() {
    Scenario scenario = running();
    scenario.reply("STOP");

    scenario.reply("START");

    assertThat(scenario.notices()).isEmpty();
  }

  @Test
  void startOfWhoNeverStoppedIsAnAnswer() {
    Scenario scenario = running().by(alone());

    scenario.reply("START");

    assertThat(scenario.notices()).isEmpty();
  }

  // ---- help

  @Test
  void helpIsAnsweredAndMovesNoFlow() {
    Scenario scenario = running().by(alone());

    scenario.reply("HELP");

    assertThat(scenario.notices()).containsExactly("Write to care@acme.example.");
    assertThat(scenario.texts()).hasSize(1);
    assertThat(scenario.conversation().execution().orElseThrow().position().awaiting())
        .isInstanceOf(Awaiting.Reply.class);
  }

  @Test
  void whoHasOptedOutIsHelpedToo() {
    Scenario scenario = Flows.meaning("survey").by(alone()).known(Block.OPTED_OUT);

    scenario.reply("help");

    assertThat(scenario.notices()).containsExactly("Write to care@acme.example.");
    assertThat(scenario.contact().block()).contains(Block.OPTED_OUT);
  }

  @Test
  void helpLeavesTheQuestionOpen() {
    Scenario scenario = running().by(alone());
    scenario.reply("#opt_out_unclear hm");

    scenario.reply("HELP");

    assertThat(scenario.contact().block()).contains(Block.UNCLEAR);
    assertThat(scenario.notices()).endsWith("Acme: Write to care@acme.example.".substring(6));
  }

  @Test
  void helpIsTheFlowsWhereNoTextIsConfigured() {
    Scenario scenario = running();

    scenario.reply("HELP");

    assertThat(scenario.notices()).isEmpty();
    assertThat(scenario.texts()).hasSize(2);
  }

  @Test
  void aNoticeIsNotWithdrawn() {
    Scenario scenario = running().by(alone()).holdSends();
    scenario.reply("HELP");

    scenario.purchase();

    assertThat(scenario.waiting()).extracting(Effect.Send::purpose).containsExactly(Purpose.NOTICE);
  }
}
