package io.parley.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.Address;
import io.parley.engine.After;
import io.parley.engine.Awaiting;
import io.parley.engine.Block;
import io.parley.engine.Effect;
import io.parley.engine.Effect.Content;
import io.parley.engine.Effect.ScheduleTimer.Purpose;
import io.parley.engine.EffectId;
import io.parley.engine.Event;
import io.parley.engine.FlowRef;
import io.parley.engine.FlowSid;
import io.parley.engine.MessageStatus;
import io.parley.engine.Owner;
import io.parley.engine.Reason;
import io.parley.engine.Step;
import io.parley.engine.ThreadId;
import io.parley.engine.Values;
import io.parley.engine.policy.PersonFacts;
import io.parley.testkit.Scenario;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Agents who take a conversation from the bot, write, and give it back.
class AgentTest {

  private static final Instant NIGHT = Instant.parse("2026-03-02T06:00:00Z");

  // ---- taking

  @Test
  void anAgentWhoTakesAConversationStopsTheBotAtOnce() {
    Scenario scenario = asked().holdSends();
    scenario.trigger();
    int epoch = scenario.conversation().epoch();

    scenario.agentTakes("mia");

    assertThat(scenario.waiting()).as("the question has not left and does not leave").isEmpty();
    assertThat(scenario.conversation().owner()).isEqualTo(Owner.AGENT);
    assertThat(scenario.conversation().epoch()).isGreaterThan(epoch);
    assertThat(scenario.conversation().handoff().orElseThrow().reason()).isEqualTo("taken");
    assertThat(scenario.outcome("agent_handoff_accepted").properties().text("agent"))
        .contains("mia");
  }

  @Test
  void oneOfTwoAgentsWhoRaceGetsTheConversation() {
    Scenario scenario = HandoffTest.handedOver();
    scenario.later(Duration.ofSeconds(30));

    scenario.agentTakes("mia");
    scenario.agentTakes("ben");

    assertThat(scenario.refusals()).containsExactly(Reason.ALREADY_TAKEN);
    assertThat(scenario.conversation().handoff().orElseThrow().holder()).contains("mia");
    assertThat(scenario.outcome("agent_handoff_accepted").properties().entries())
        .containsEntry("waited_seconds", 30L);
  }

  @Test
  void whoHoldsAConversationMayTakeItAgain() {
    Scenario scenario = HandoffTest.handedOver();
    scenario.agentTakes("mia");
    int epoch = scenario.conversation().epoch();

    Step again = scenario.agentTakes("mia");

    assertThat(again).isInstanceOf(Step.Turn.class);
    assertThat(scenario.conversation().epoch()).isEqualTo(epoch);
  }

  @Test
  void aLeadGivesAConversationToAnotherAgent() {
    Scenario scenario = HandoffTest.handedOver();
    scenario.agentTakes("mia");

    scenario.take(new Event.AgentTook(Optional.empty(), "ben", true));
    scenario.agentSays("mia", "Hello, Mia here");

    assertThat(scenario.refusals()).containsExactly(Reason.ALREADY_TAKEN);
    assertThat(scenario.spoken()).isEmpty();
    assertThat(scenario.conversation().handoff().orElseThrow().holder()).contains("ben");
  }

  @Test
  void aConversationThatGoesBackToTheQueueWaitsForTheNextAgent() {
    Scenario scenario = HandoffTest.handedOver();
    scenario.agentTakes("mia");

    scenario.take(new Event.HandoffReturned(scenario.handoff(), "silent"));
    scenario.agentSays("mia", "Sorry, I was away");
    scenario.agentTakes("ben");

    assertThat(scenario.refusals()).containsExactly(Reason.NOT_TAKEN);
    assertThat(scenario.conversation().handoff().orElseThrow().holder()).contains("ben");
  }

  @Test
  void anExternalDeskSpeaksInItsConversation() {
    Scenario scenario = HandoffTest.handedOver();

    scenario.take(new Event.HandoffPlaced(scenario.handoff(), "chatwoot", "17"));
    scenario.agentSays("someone there", "Hello from afar");
    scenario.agentTakes("mia");

    assertThat(scenario.conversation().owner()).isEqualTo(Owner.EXTERNAL);
    assertThat(scenario.spoken()).containsExactly("Hello from afar");
    assertThat(scenario.refusals()).containsExactly(Reason.ALREADY_TAKEN);
  }

  @Test
  void whatAnExternalDeskEndsLateIsTheAgentsWhoTookItMeanwhile() {
    Scenario scenario = HandoffTest.handedOver();
    scenario.take(new Event.HandoffPlaced(scenario.handoff(), "chatwoot", "17"));
    scenario.take(new Event.AgentTook(Optional.empty(), "mia", true));

    scenario.take(closedBy(scenario, "chatwoot:17"));
    scenario.take(returnedBy(scenario, "chatwoot:17"));

    assertThat(scenario.refusals()).containsExactly(Reason.ALREADY_TAKEN, Reason.ALREADY_TAKEN);
    assertThat(scenario.conversation().handoff().orElseThrow().holder()).contains("mia");
  }

  @Test
  void whatAnExternalDeskEndsAfterItWasTakenFromItWaitsOnForTheNext() {
    Scenario scenario = HandoffTest.handedOver();
    scenario.take(new Event.HandoffPlaced(scenario.handoff(), "chatwoot", "17"));
    scenario.take(new Event.AgentTook(Optional.empty(), "mia", true));
    scenario.take(new Event.HandoffReturned(scenario.handoff(), "released"));

    scenario.take(closedBy(scenario, "chatwoot:17"));
    scenario.take(returnedBy(scenario, "chatwoot:17"));

    assertThat(scenario.refusals()).containsExactly(Reason.NOT_TAKEN, Reason.LATE_ANSWER);
    assertThat(scenario.conversation().owner()).isEqualTo(Owner.QUEUED);
  }

  @Test
  void whatItsHolderEndsIsOver() {
    Scenario scenario = HandoffTest.handedOver();
    scenario.take(new Event.HandoffPlaced(scenario.handoff(), "chatwoot", "17"));

    scenario.take(closedBy(scenario, "chatwoot:17"));

    assertThat(scenario.refusals()).isEmpty();
    assertThat(scenario.conversation().owner()).isEqualTo(Owner.BOT);
  }

  @Test
  void anAgentWhoWasSilentLosesNothingToTheNext() {
    Scenario scenario = HandoffTest.handedOver();
    scenario.agentTakes("mia");
    scenario.take(new Event.AgentTook(Optional.empty(), "ben", true));

    scenario.take(returnedBy(scenario, "mia"));

    assertThat(scenario.refusals()).containsExactly(Reason.ALREADY_TAKEN);
    assertThat(scenario.conversation().handoff().orElseThrow().holder()).contains("ben");
  }

  private static Event closedBy(Scenario scenario, String holder) {
    return new Event.HandoffClosed(
        scenario.handoff(), "solved", Values.EMPTY, new After.Usual(), Optional.of(holder));
  }

  private static Event returnedBy(Scenario scenario, String holder) {
    return new Event.HandoffReturned(scenario.handoff(), "late", Optional.of(holder));
  }

  @Test
  void theTimeToBeTakenDoesNotEndWhatAnAgentHasTaken() {
    Scenario scenario = HandoffTest.handedOver();
    assertThat(scenario.timers()).extracting("purpose").contains(Purpose.HANDOFF_TIMEOUT);

    scenario.agentTakes("mia");
    assertThat(scenario.timers()).extracting("purpose").doesNotContain(Purpose.HANDOFF_TIMEOUT);

    scenario.take(new Event.HandoffReturned(scenario.handoff(), "drained"));
    assertThat(scenario.timers()).extracting("purpose").contains(Purpose.HANDOFF_TIMEOUT);
  }

  // ---- writing

  @Test
  void whatAnAgentSaysReachesTheContact() {
    Scenario scenario = HandoffTest.handedOver();
    scenario.agentTakes("mia");

    scenario.agentSays("mia", "Hello, how can I help?");

    assertThat(scenario.spoken()).containsExactly("Hello, how can I help?");
    assertThat(scenario.sent().getLast().epoch()).isEqualTo(scenario.conversation().epoch());
    assertThat(scenario.conversation().owner()).isEqualTo(Owner.AGENT);
  }

  @Test
  void theStatusOfOurOwnMessageIsNoTakeover() {
    Scenario scenario = asked();
    scenario.trigger();

    scenario.deliver(MessageStatus.DELIVERED);
    scenario.deliver(MessageStatus.READ);

    assertThat(scenario.conversation().owner()).isEqualTo(Owner.BOT);
    assertThat(scenario.conversation().handoff()).isEmpty();
  }

  @Test
  void nobodyWritesToWhoHasStopped() {
    Scenario scenario = HandoffTest.handedOver();
    scenario.agentTakes("mia");
    EffectId handoff = scenario.handoff();

    scenario.reply("STOP");
    scenario.take(wrote(handoff, "One more thing", true));

    assertThat(scenario.conversation().handoff()).isEmpty();
    assertThat(scenario.refusals()).containsExactly(Reason.LATE_ANSWER);
    assertThat(scenario.spoken()).isEmpty();
  }

  @Test
  void aStopTakesBackWhatTheAgentSaidAndHasNotLeft() {
    Scenario scenario = taken().holdSends();
    scenario.agentSays("mia", "I will look it up");

    scenario.reply("STOP");

    assertThat(scenario.waiting()).noneMatch(it -> it.purpose() == Effect.Send.Purpose.AGENT);
    assertThat(scenario.conversation().owner()).isEqualTo(Owner.BOT);
    assertThat(scenario.effects()).anyMatch(Effect.CloseHandoff.class::isInstance);
  }

  @Test
  void aContactWhoIsAskedWhetherToStopIsNotWrittenToUntilTheAnswer() {
    Scenario scenario = HandoffTest.handedOver().known(Block.UNCLEAR);
    scenario.agentTakes("mia");

    scenario.agentSays("mia", "Hello?");

    assertThat(scenario.refusals()).containsExactly(Reason.OPT_OUT_UNCLEAR);
    assertThat(scenario.conversation().owner()).isEqualTo(Owner.AGENT);
    assertThat(scenario.spoken()).isEmpty();
  }

  @Test
  void inQuietHoursAnAgentIsToldUntilWhen() {
    Scenario scenario = taken().at(NIGHT);

    scenario.agentSays("mia", "Good night");

    assertThat(scenario.refusals()).containsExactly(Reason.QUIET_HOURS);
    assertThat(scenario.outcome("twilio_message_refused").properties().text("until"))
        .hasValueSatisfying(until -> assertThat(Instant.parse(until)).isAfter(NIGHT));
    assertThat(scenario.spoken()).isEmpty();
  }

  @Test
  void whatMayWaitLeavesWhenQuietHoursAreOver() {
    Scenario scenario = taken().at(NIGHT);

    scenario.take(wrote(scenario.handoff(), "Good morning", true));

    assertThat(scenario.refusals()).isEmpty();
    assertThat(scenario.waiting().getFirst().notBefore().orElseThrow()).isAfter(NIGHT);
  }

  @Test
  void aContactWhoJustWroteIsAnsweredAtNight() {
    Scenario scenario = taken().at(NIGHT);
    scenario.reply("are you there?");

    scenario.agentSays("mia", "Yes, I am");

    assertThat(scenario.spoken()).containsExactly("Yes, I am");
  }

  @Test
  void whenWhatsAppsWindowIsShutATemplateAloneReachesTheContact() {
    Scenario scenario =
        Scenario.of(
            "colours",
            questions().read(),
            new Meanings(),
            new Address("whatsapp:" + Scenario.THEIRS.value()));
    scenario.agentTakes("mia");

    scenario.agentSays("mia", "Are you still there?");
    scenario.take(
        new Event.AgentWrote(
            scenario.handoff(),
            "mia",
            "draft-2",
            new Content.Template("HX" + "0".repeat(32), Values.of("1", "Jane")),
            false));

    assertThat(scenario.refusals()).containsExactly(Reason.OUTSIDE_WINDOW);
    assertThat(scenario.sent())
        .singleElement()
        .satisfies(it -> assertThat(it.content()).isInstanceOf(Content.Template.class));
    scenario.reply("yes, I am");
    scenario.agentSays("mia", "Good");
    assertThat(scenario.spoken()).endsWith("Good");
  }

  @Test
  void aMessageThatIsTooLongIsRefused() {
    Scenario scenario = taken();

    scenario.agentSays("mia", "x".repeat(1_601));

    assertThat(scenario.refusals()).containsExactly(Reason.TOO_LONG);
  }

  @Test
  void anAgentPromisesNoDiscountThatNoGateGranted() {
    Scenario scenario = taken().by(OfferingTest.POLICY);

    scenario.agentSays("mia", "I can give you 15% off");

    assertThat(scenario.refusals()).containsExactly(Reason.OFFER_NOT_GRANTED);
    assertThat(scenario.spoken()).isEmpty();
  }

  @Test
  void whatTheQueueTellsItTellsOnce() {
    Scenario scenario = HandoffTest.handedOver();

    scenario.take(new Event.QueueSpoke(scenario.handoff(), "position", "You are number 2"));
    scenario.take(new Event.QueueSpoke(scenario.handoff(), "position", "You are number 1"));

    assertThat(scenario.texts()).containsExactly("You are number 2");
    assertThat(scenario.refusals()).containsExactly(Reason.ALREADY_SAID);
  }

  @Test
  void whatTheQueueHadToTellIsNotToldAfterSomebodyCame() {
    Scenario scenario = HandoffTest.handedOver().holdSends();
    scenario.take(new Event.QueueSpoke(scenario.handoff(), "nobody", "Nobody is here"));

    scenario.agentTakes("mia");

    assertThat(scenario.waiting()).isEmpty();
  }

  // ---- closing

  @Test
  void nothingThatAnAgentSaidIsLostWhenTheHandoffIsClosed() {
    Scenario scenario = taken().holdSends();
    scenario.agentSays("mia", "All the best");

    scenario.agentCloses(new After.Ends());

    assertThat(scenario.waiting()).extracting(AgentTest::text).containsExactly("All the best");
    assertThat(scenario.conversation().owner()).isEqualTo(Owner.BOT);
    assertThat(scenario.result()).contains("closed");
  }

  @Test
  void whatTheBotSaysInTheTurnOfTheCloseIsSent() {
    Scenario scenario = HandoffTest.handedOver();
    scenario.agentTakes("mia");

    scenario.take(new Event.HandoffClosed(scenario.handoff(), "solved", Values.of("agent", "Mia")));

    assertThat(scenario.texts()).containsExactly("solved by Mia");
  }

  @Test
  void afterTheCloseTheNextReplyGoesToTheBot() {
    Scenario scenario = taken();
    scenario.agentCloses(new After.GoesOn());

    scenario.reply("blue");

    assertThat(scenario.texts()).contains("You said blue");
    assertThat(scenario.refusals()).isEmpty();
  }

  @Test
  void aWaitBeginsAnewWhenTheFlowGoesOn() {
    Scenario scenario = taken();
    assertThat(scenario.timers()).extracting("purpose").doesNotContain(Purpose.REPLY_TIMEOUT);
    scenario.later(Duration.ofHours(5));

    scenario.agentCloses(new After.GoesOn());

    assertThat(scenario.timers())
        .filteredOn(it -> it.purpose() == Purpose.REPLY_TIMEOUT)
        .singleElement()
        .satisfies(
            it -> assertThat(it.dueAt()).isEqualTo(scenario.now().plus(Duration.ofHours(1))));
  }

  @Test
  void aQuestionThatHadNotLeftIsAskedWhenTheFlowGoesOn() {
    Scenario scenario = asked().holdSends();
    scenario.trigger();
    scenario.agentTakes("mia");

    scenario.agentCloses(new After.GoesOn());

    assertThat(scenario.waiting()).extracting(AgentTest::text).containsExactly("Which colour?");
  }

  @Test
  void aQuestionThatHadLeftAllTheSameIsNotAskedTwice() {
    Scenario scenario = asked().holdSends();
    scenario.trigger();
    Effect.Send question = scenario.waiting().getFirst();
    scenario.agentTakes("mia");

    scenario.answer(question);
    assertThat(scenario.conversation().owner()).isEqualTo(Owner.AGENT);
    scenario.agentCloses(new After.GoesOn());

    assertThat(scenario.waiting()).isEmpty();
    assertThat(scenario.conversation().execution().orElseThrow().position().awaiting())
        .isInstanceOf(Awaiting.Reply.class);
  }

  @Test
  void anAnswerToACallIsKeptUntilTheFlowGoesOn() {
    Scenario scenario =
        scenario(
            Drafts.flow()
                .widget(
                    "first",
                    "make-http-request",
                    "{\"method\": \"GET\", \"url\": \"https://shop.example/stock\"}",
                    "success>told",
                    "failed")
                .message("told", "{{widgets.first.body}}", "sent", "failed"));
    scenario.trigger();
    Effect.Call call =
        (Effect.Call)
            scenario.effects().stream().filter(Effect.Call.class::isInstance).findFirst().get();
    scenario.agentTakes("mia");

    scenario.take(new Event.CallAnswered(call.id(), 200, "text/plain", "in stock", Values.EMPTY));
    assertThat(scenario.texts()).isEmpty();
    scenario.agentCloses(new After.GoesOn());

    assertThat(scenario.texts()).containsExactly("in stock");
  }

  @Test
  void aCodeThatWasReservedMeanwhileGoesBackWhereTheFlowEnds() {
    Scenario scenario = OfferingTest.troubled(OfferingTest.flow("second"), Values.EMPTY);
    scenario.agentTakes("mia");

    scenario.grant("LAW-7KXW4MPN", "15%");
    assertThat(scenario.conversation().bargain().held()).isEmpty();
    scenario.agentCloses(new After.Ends());

    assertThat(scenario.outcome("offer_returned").properties().text("reason")).contains("late");
  }

  @Test
  void aCodeThatWasReservedMeanwhileGoesBackWhenTheContactStops() {
    Scenario scenario = OfferingTest.troubled(OfferingTest.flow("second"), Values.EMPTY);
    scenario.agentTakes("mia");
    scenario.grant("LAW-7KXW4MPN", "15%");

    scenario.reply("STOP");

    assertThat(scenario.outcome("offer_returned").properties().text("reason")).contains("late");
    assertThat(scenario.conversation().handoff()).isEmpty();
  }

  @Test
  void theFlowGoesOnWhereThePersonLeadsIt() {
    Scenario scenario = taken();

    scenario.agentCloses(new After.At("bye"));

    assertThat(scenario.texts()).endsWith("Bye then");
    assertThat(scenario.conversation().owner()).isEqualTo(Owner.BOT);
  }

  @Test
  void aWidgetThatIsNotThereLeavesTheHandoffOpen() {
    Scenario scenario = taken();

    scenario.agentCloses(new After.At("nowhere"));

    assertThat(scenario.refusals()).containsExactly(Reason.UNKNOWN_WIDGET);
    assertThat(scenario.conversation().owner()).isEqualTo(Owner.AGENT);
  }

  @Test
  void aSurveyBeginsWhenThePersonIsDone() {
    FlowRef survey = new FlowRef(FlowSid.named("care-survey"), "care-survey", 1);
    Scenario scenario =
        taken()
            .besides(
                survey,
                Drafts.flow().message("first", "Was {{flow.data.who}} kind?", "sent").read());

    scenario.agentCloses(new After.Begins(survey, Values.of("who", "Mia")));

    assertThat(scenario.texts()).endsWith("Was Mia kind?");
    assertThat(scenario.outcome("agent_handoff_closed").properties().text("then"))
        .contains("begins");
  }

  @Test
  void aPurchaseWhileAnAgentSpeaksEndsTheFlowAfterwards() {
    Scenario scenario = taken();

    scenario.purchase();
    assertThat(scenario.conversation().owner()).isEqualTo(Owner.AGENT);
    assertThat(scenario.conversation().execution()).isPresent();
    scenario.agentSays("mia", "Thank you for your order");
    scenario.agentCloses(new After.GoesOn());

    assertThat(scenario.spoken()).containsExactly("Thank you for your order");
    assertThat(scenario.result()).contains("purchased");
  }

  // ---- by a widget of its own

  @Test
  void aWidgetHandsOverToAPersonOfATopic() {
    Scenario scenario = handedOverByWidget();

    Effect.OpenHandoff opened = HandoffTest.opened(scenario);
    assertThat(opened.request().entries())
        .containsEntry("topic", "returns")
        .containsEntry("skills", List.of("french"))
        .containsEntry("priority", 5L)
        .containsEntry("reason", "widget");
    assertThat(opened.request().object("attributes").text("order")).contains("A-7");

    scenario.agentTakes("mia");
    scenario.agentCloses(new After.Usual());

    assertThat(scenario.texts()).containsExactly("It was solved");
  }

  @Test
  void nobodyInTimeLeavesTheWidgetByTimeout() {
    Scenario scenario = handedOverByWidget();

    scenario.fire(
        scenario.timers().stream()
            .filter(it -> it.purpose() == Purpose.HANDOFF_TIMEOUT)
            .findFirst()
            .orElseThrow());

    assertThat(scenario.texts()).containsExactly("Nobody is here");
    assertThat(scenario.conversation().owner()).isEqualTo(Owner.BOT);
  }

  private static Scenario handedOverByWidget() {
    Scenario scenario =
        scenario(
            Drafts.flow()
                .widget(
                    "first",
                    "parley.handoff",
                    "{\"topic\": \"returns\", \"skills\": [\"{{flow.data.language}}\"],"
                        + " \"priority\": 5, \"attributes\": {\"order\": \"{{flow.data.order}}\"},"
                        + " \"timeout\": \"30m\"}",
                    "closed>after",
                    "failed>sorry",
                    "timeout>sorry")
                .message("after", "It was {{widgets.first.disposition}}", "sent", "failed")
                .message("sorry", "Nobody is here", "sent", "failed"));
    scenario.trigger(Values.of("language", "french").with("order", "A-7"));
    return scenario;
  }

  // ---- what calls a person

  @Test
  void aReplyWithATagOfThePolicyCallsAPerson() {
    Scenario scenario = called("handoff: {tags: [human_agent]}");
    scenario.trigger();

    scenario.reply("a person please #human_agent");

    assertThat(scenario.conversation().owner()).isEqualTo(Owner.QUEUED);
    assertThat(scenario.conversation().handoff().orElseThrow().reason())
        .isEqualTo("tag:human_agent");
    assertThat(scenario.outcomeNames()).contains("agent_handoff");
    assertThat(scenario.timers()).extracting("purpose").doesNotContain(Purpose.REPLY_TIMEOUT);
  }

  @Test
  void soManyRepliesInARowThatMeanNothingCallAPerson() {
    Scenario scenario = called("handoff: {untagged: 2}");
    scenario.trigger();

    scenario.reply("hm");
    scenario.trigger();
    scenario.reply("yes #shipping");
    scenario.trigger();
    scenario.reply("hm");
    assertThat(scenario.conversation().owner()).isEqualTo(Owner.BOT);
    scenario.reply("what");

    assertThat(scenario.conversation().handoff().orElseThrow().reason()).isEqualTo("untagged");
  }

  @Test
  void nobodyIsCalledWhereThePolicySaysNothing() {
    Scenario scenario = called("");
    scenario.trigger();

    scenario.reply("a person please #human_agent");

    assertThat(scenario.conversation().owner()).isEqualTo(Owner.BOT);
  }

  // ---- triggers

  @Test
  void aTriggerThatMayInterruptTakesTheConversationFromThePerson() {
    Scenario scenario = taken();

    scenario.trigger(Values.of("controls", Values.of("interrupt_handoff", true)));

    assertThat(scenario.refusals()).isEmpty();
    assertThat(scenario.conversation().owner()).isEqualTo(Owner.BOT);
    assertThat(scenario.texts()).hasSize(2);
  }

  @Test
  void aTriggerInAnotherThreadOfThePersonIsRefusedWhileSomebodySpeaks() {
    PersonFacts facts =
        new PersonFacts(
            Optional.of("42"),
            List.of(),
            Optional.empty(),
            List.of(
                new PersonFacts.Other(
                    new ThreadId(Scenario.OURS, new Address("whatsapp:+14155550100")),
                    false,
                    Optional.empty(),
                    true)),
            List.of());
    Scenario scenario = asked().of(() -> facts);

    scenario.trigger();
    scenario.trigger(Values.of("controls", Values.of("interrupt_handoff", true)));

    assertThat(scenario.refusals()).containsExactly(Reason.HANDED_OFF);
    assertThat(scenario.texts()).hasSize(1);
  }

  // ---- how it begins

  /// A flow that asks and waits.
  private static Scenario asked() {
    return scenario(questions());
  }

  private static Drafts questions() {
    return Drafts.flow()
        .ask("first", "Which colour?", "incomingMessage>said", "timeout>bye", "deliveryFailure")
        .message("said", "You said {{widgets.first.inbound.Body}}", "sent", "failed")
        .message("bye", "Bye then", "sent", "failed");
  }

  private static Scenario scenario(Drafts flow) {
    return Scenario.of("colours", flow.read(), new Meanings());
  }

  private static Scenario called(String policy) {
    return asked().by(OfferingTest.policy(policy.isEmpty() ? "{}" : policy));
  }

  /// A flow has asked, and an agent has taken the conversation before the answer.
  private static Scenario taken() {
    Scenario scenario = asked();
    scenario.trigger();
    scenario.agentTakes("mia");
    return scenario;
  }

  private static Event wrote(EffectId handoff, String text, boolean whenOpen) {
    return new Event.AgentWrote(
        handoff, "mia", "draft", new Content.Text(text, List.of()), whenOpen);
  }

  private static String text(Effect.Send send) {
    return send.content() instanceof Content.Text text ? text.body() : "";
  }
}
