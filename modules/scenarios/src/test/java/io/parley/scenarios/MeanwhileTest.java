package io.parley.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.After;
import io.parley.engine.Awaiting;
import io.parley.engine.Effect.Content;
import io.parley.engine.Event;
import io.parley.engine.Owner;
import io.parley.engine.Reason;
import io.parley.engine.Values;
import io.parley.engine.policy.Consent;
import io.parley.engine.policy.ConsentChannel;
import io.parley.engine.policy.PersonFacts;
import io.parley.testkit.Scenario;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What happens in the same moment as a handoff, or in the middle of one.
class MeanwhileTest {

  private static final Instant NIGHT = Instant.parse("2026-03-02T06:00:00Z");

  // ---- purchases

  @Test
  void anOrderThatTheFlowWaitsForMovesItOnce() {
    Scenario scenario = awaiting("Order Completed");
    scenario.trigger();
    scenario.agentTakes("mia");
    scenario.purchase();

    scenario.agentCloses(new After.GoesOn());

    assertThat(scenario.texts()).containsExactly("There it is");
  }

  @Test
  void anOrderThatMakesNothingMootDoesNotEndTheFlowAfterwards() {
    Scenario scenario = awaiting("Order Shipped");
    scenario.trigger(Values.of("controls", Values.of("after_purchase", true)));
    scenario.agentTakes("mia");
    scenario.purchase();

    scenario.agentCloses(new After.GoesOn());

    assertThat(scenario.conversation().execution().orElseThrow().position().awaiting())
        .isInstanceOf(Awaiting.Happening.class);
  }

  @Test
  void anOrderIsNotForgottenForManyEventsThatCameAfterIt() {
    Scenario scenario = awaiting("Order Shipped");
    scenario.trigger();
    scenario.agentTakes("mia");
    scenario.purchase();
    for (int i = 0; i < 20; i++) {
      scenario.take(new Event.EventSeen("Page Viewed", Values.of("page", i), scenario.now()));
    }

    scenario.agentCloses(new After.GoesOn());

    assertThat(scenario.result()).contains("purchased");
  }

  @Test
  void anOrderWhileAWidgetWaitsForThePersonIsWhatTheConversationEndsWith() {
    Scenario scenario = HandoffTest.handedOver();
    scenario.purchase();
    scenario.agentTakes("mia");

    scenario.agentCloses(new After.Ends());

    assertThat(scenario.result()).contains("purchased");
  }

  // ---- who speaks

  @Test
  void aDeskThatCannotTakeItDoesNotTakeItFromAnAgent() {
    Scenario scenario = HandoffTest.handedOver();
    scenario.agentTakes("mia");

    scenario.take(new Event.HandoffFailed(scenario.handoff(), "the desk elsewhere is down"));

    assertThat(scenario.refusals()).containsExactly(Reason.ALREADY_TAKEN);
    assertThat(scenario.conversation().owner()).isEqualTo(Owner.AGENT);
    assertThat(scenario.texts()).isEmpty();
  }

  @Test
  void anExecutionThatIsTooOldLeavesTheConversationToTheAgent() {
    Scenario scenario = awaiting("Order Shipped");
    scenario.trigger();
    scenario.agentTakes("mia");

    scenario.expire();
    scenario.agentSays("mia", "Still here");
    scenario.agentCloses(new After.GoesOn());

    assertThat(scenario.result()).contains("expired");
    assertThat(scenario.spoken()).containsExactly("Still here");
    assertThat(scenario.conversation().owner()).isEqualTo(Owner.BOT);
  }

  @Test
  void whatComesOfAHandoffThatIsOverChangesNothing() {
    Scenario scenario = HandoffTest.handedOver();
    var over = scenario.handoff();
    scenario.agentTakes("mia");
    scenario.agentCloses(new After.Ends());

    scenario.take(new Event.HandoffReturned(over, "silent"));
    scenario.take(new Event.HandoffPlaced(over, "chatwoot", "17"));
    scenario.take(new Event.HandoffFailed(over, "nobody"));
    scenario.take(new Event.QueueSpoke(over, "position", "You are next"));

    assertThat(scenario.refusals()).containsOnly(Reason.LATE_ANSWER).hasSize(4);
    assertThat(scenario.conversation().owner()).isEqualTo(Owner.BOT);
    assertThat(scenario.waiting()).isEmpty();
  }

  // ---- no message any more

  @Test
  void aConsentThatIsTakenBackEndsAHandoffThatNoFlowIsIn() {
    Scenario scenario = awaiting("Order Shipped").of(() -> NOBODY).at(NIGHT);
    scenario.agentTakes("mia");
    scenario.take(
        new Event.AgentWrote(
            scenario.handoff(), "mia", "draft", new Content.Text("Hello", List.of()), true));
    assertThat(scenario.waiting()).hasSize(1);
    Consent revoked =
        new Consent(
            Optional.of(Scenario.THEIRS.value()),
            Optional.of("42"),
            ConsentChannel.SMS,
            Consent.MARKETING,
            Consent.State.REVOKED,
            Consent.Method.PREFERENCES,
            "shop",
            "box cleared",
            scenario.now());

    scenario.take(new Event.ConsentRevoked(revoked, "Consent Revoked", Values.EMPTY));

    assertThat(scenario.waiting()).isEmpty();
    assertThat(scenario.conversation().handoff()).isEmpty();
    assertThat(scenario.outcomeNames()).contains("consent_revoked");
  }

  @Test
  void aStopWhileAnAgentsMessageIsInDoubtEndsTheHandoffWhateverBecomesOfTheMessage() {
    Scenario scenario = HandoffTest.handedOver().holdSends();
    scenario.agentTakes("mia");
    scenario.agentSays("mia", "Hello");
    var inDoubt = scenario.waiting().getFirst();

    scenario.reply("STOP");
    scenario.answer(inDoubt);

    assertThat(scenario.conversation().owner()).isEqualTo(Owner.BOT);
    assertThat(scenario.conversation().handoff()).isEmpty();
    assertThat(scenario.waiting()).allMatch(it -> it.purpose().name().equals("NOTICE"));
  }

  private static final PersonFacts NOBODY =
      new PersonFacts(Optional.of("42"), List.of(), Optional.empty(), List.of(), List.of());

  private static Scenario awaiting(String event) {
    return Scenario.of(
        "meanwhile",
        Drafts.flow()
            .widget(
                "first",
                "parley.wait-for-event",
                "{\"event\": \"" + event + "\"}",
                "occurred>after",
                "timeout")
            .message("after", "There it is", "sent", "failed")
            .read(),
        new Meanings());
  }
}
