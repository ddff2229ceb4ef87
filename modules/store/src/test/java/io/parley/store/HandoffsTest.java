package io.parley.store;

import static io.parley.store.StoreFixture.after;
import static io.parley.store.StoreFixture.await;
import static io.parley.store.StoreFixture.effect;
import static io.parley.store.StoreFixture.fresh;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.After;
import io.parley.engine.Conversation;
import io.parley.engine.Effect;
import io.parley.engine.Effect.NoteHandoff.Deed;
import io.parley.engine.EffectId;
import io.parley.engine.Event;
import io.parley.engine.Owner;
import io.parley.engine.Values;
import io.parley.store.Handoffs.Handoff;
import io.parley.store.Handoffs.Which;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/// The rows of handoffs, which come and are closed with turns.
class HandoffsTest {

  private static final StoreFixture STORE = new StoreFixture();
  private static final Handoffs HANDOFFS = new Handoffs(STORE.pool);

  @AfterAll
  static void close() {
    STORE.close();
  }

  @Test
  void aHandoffIsOpenFromItsTurnOn() {
    Conversation conversation = fresh(1);

    STORE.write(STORE.turn(conversation, open(conversation)));

    Handoff handoff = find(effect(conversation, 0)).orElseThrow();
    assertThat(handoff.owner()).isEqualTo(Owner.QUEUED);
    assertThat(handoff.thread()).isEqualTo(conversation.thread());
    assertThat(handoff.request().text("workflow")).contains("care");
    assertThat(handoff.closedAt()).isEmpty();
    assertThat(ids(Which.OPEN)).contains(handoff.id());
    assertThat(ids(Which.CLOSED)).doesNotContain(handoff.id());
  }

  @Test
  void thePersonWhoClosesItSaysWhatCameOfIt() {
    Conversation conversation = fresh(2);
    EffectId id = effect(conversation, 0);
    STORE.write(STORE.turn(conversation, open(conversation)));

    STORE.write(
        STORE.answer(after(conversation), new Event.HandoffClosed(id, "solved", Values.EMPTY)));

    Handoff handoff = find(id).orElseThrow();
    assertThat(handoff.owner()).isEqualTo(Owner.CLOSED);
    assertThat(handoff.disposition()).contains("solved");
    assertThat(handoff.closedAt()).contains(StoreFixture.NOW);
    assertThat(ids(Which.OPEN)).doesNotContain(id);
  }

  @Test
  void whatElseEndsItIsToldToo() {
    Conversation conversation = fresh(3);
    EffectId id = effect(conversation, 0);
    STORE.write(STORE.turn(conversation, open(conversation)));

    STORE.write(STORE.turn(after(conversation), new Effect.CloseHandoff(id, "timeout")));

    assertThat(find(id).orElseThrow().why()).contains("timeout");
    assertThat(find(id).orElseThrow().disposition()).isEmpty();
  }

  @Test
  void aHandoffThatItsOwnTurnTakesBackIsNeverOpen() {
    Conversation conversation = fresh(4);
    EffectId id = effect(conversation, 0);

    STORE.write(
        STORE.turn(conversation, open(conversation), new Effect.CloseHandoff(id, "unreachable")));

    Handoff handoff = find(id).orElseThrow();
    assertThat(handoff.owner()).isEqualTo(Owner.CLOSED);
    assertThat(handoff.why()).contains("unreachable");
  }

  @Test
  void aTurnThatIsNotWrittenOpensNothing() {
    Conversation conversation = fresh(5);
    STORE.write(STORE.turn("taken", fresh(6)));

    STORE.write(STORE.turn("taken", conversation, open(conversation)));

    assertThat(find(effect(conversation, 0))).isEmpty();
  }

  @Test
  void whoHoldsItAndWhoWroteWhenIsOnItsRow() {
    Conversation conversation = fresh(8);
    EffectId id = effect(conversation, 0);
    STORE.write(STORE.turn(conversation, open(conversation)));
    Conversation taken = after(conversation);
    Conversation heard = after(taken);
    Conversation answered = after(heard);

    STORE.write(STORE.turn(taken, note(id, Owner.AGENT, Deed.TAKEN)));
    STORE.write(STORE.turn(heard, note(id, Owner.AGENT, Deed.CONTACT_WROTE)));
    STORE.write(STORE.turn(answered, note(id, Owner.AGENT, Deed.AGENT_WROTE)));

    Handoff handoff = find(id).orElseThrow();
    assertThat(handoff.owner()).isEqualTo(Owner.AGENT);
    assertThat(handoff.holder()).contains("mia");
    assertThat(handoff.takenAt()).contains(StoreFixture.NOW);
    assertThat(handoff.firstReplyAt()).contains(StoreFixture.NOW);
    assertThat(
            STORE.texts(
                "select (customer_wrote_at = touched_at and agent_wrote_at = touched_at)::text"
                    + " from handoff where conversation = '"
                    + conversation.id()
                    + "'"))
        .containsExactly("true");
  }

  @Test
  void aSurveyInPlaceOfTheFlowEndsTheOneAndIsAliveItself() {
    Played played =
        new Played(STORE, "cart", Played.CART, 31).triggered("2026-05-01T10:00:00Z", "");
    played.scenario.agentTakes("mia");

    played.scenario.agentCloses(new After.Begins(played.scenario.flow(), Values.EMPTY));
    played.written();

    assertThat(courses(played)).containsExactly("closed", "alive");
  }

  @Test
  void aTriggerThatInterruptsEndsTheFlowOfBefore() {
    Played played =
        new Played(STORE, "cart", Played.CART, 32).triggered("2026-05-01T10:00:00Z", "");
    played.scenario.agentTakes("mia");

    played.scenario.trigger(Values.of("controls", Values.of("interrupt_handoff", true)));
    played.written();

    assertThat(courses(played)).containsExactly("stopped", "alive");
  }

  /// How the executions of a conversation ended, the oldest first.
  private static List<String> courses(Played played) {
    return STORE.texts(
        "select coalesce(result, 'alive') from execution where conversation = '"
            + played.scenario.conversation().id()
            + "' order by first_turn");
  }

  @Test
  void aConversationThatAnAgentTookIsTheAgentsFromItsFirstRowOn() {
    Conversation conversation = fresh(9);
    EffectId id = effect(conversation, 0);

    STORE.write(
        STORE.turn(
            conversation,
            new Effect.OpenHandoff(id, Values.of("reason", "taken"), 1),
            note(id, Owner.AGENT, Deed.TAKEN)));

    Handoff handoff = find(id).orElseThrow();
    assertThat(handoff.owner()).isEqualTo(Owner.AGENT);
    assertThat(handoff.reason()).isEqualTo("taken");
    assertThat(handoff.holder()).contains("mia");
    assertThat(handoff.takenAt()).contains(StoreFixture.NOW);
  }

  private static Effect note(EffectId id, Owner owner, Deed deed) {
    return new Effect.NoteHandoff(id, owner, Optional.of("mia"), deed);
  }

  @Test
  void theTranscriptTellsWhatBothSaidAndWhatBecameOfOurs() {
    Conversation conversation = fresh(7);
    Event reply =
        new Event.ReplyReceived(
            new io.parley.engine.MessageSid("SM7"),
            Values.of("Body", "hi").with("MediaUrl0", "https://example.com/a.jpg"),
            List.of(),
            "test",
            Optional.empty());
    STORE.write(STORE.answer(conversation, reply, StoreFixture.send(conversation, 0)));
    STORE.write(
        STORE.answer(
            after(conversation),
            new Event.SendAccepted(
                effect(conversation, 0), new io.parley.engine.MessageSid("SM8"), Values.EMPTY)));
    STORE.write(
        STORE.turn(after(after(conversation)), StoreFixture.send(after(after(conversation)), 0)));

    List<Transcript.Said> said = await(new Transcript(STORE.pool).latest(conversation.id(), 10));

    assertThat(said)
        .extracting(it -> it.by() + " " + it.text() + " " + it.fate())
        .containsExactly("CONTACT hi received", "US Hello accepted", "US Hello waiting");
    assertThat(said.getFirst().media()).containsExactly("https://example.com/a.jpg");
  }

  private static Effect.OpenHandoff open(Conversation conversation) {
    return new Effect.OpenHandoff(effect(conversation, 0), Values.of("workflow", "care"), 1);
  }

  private static Optional<Handoff> find(EffectId id) {
    return await(HANDOFFS.find(id)).map(Handoffs.Whole::handoff);
  }

  private static List<EffectId> ids(Which which) {
    return await(HANDOFFS.list(which, 100)).stream().map(Handoff::id).toList();
  }
}
