package io.parley.store;

import static io.parley.store.StoreFixture.NOW;
import static io.parley.store.StoreFixture.OURS;
import static io.parley.store.StoreFixture.after;
import static io.parley.store.StoreFixture.await;
import static io.parley.store.StoreFixture.effect;
import static io.parley.store.StoreFixture.fresh;
import static io.parley.store.StoreFixture.thread;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.Address;
import io.parley.engine.Block;
import io.parley.engine.Conversation;
import io.parley.engine.Effect;
import io.parley.engine.Effect.ScheduleTimer.Purpose;
import io.parley.engine.EffectId;
import io.parley.engine.Event;
import io.parley.engine.Moment.ContactFacts;
import io.parley.engine.ThreadId;
import io.parley.engine.Traffic;
import io.parley.engine.Values;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class JournalTest {

  private final StoreFixture store = new StoreFixture();
  private final Journal journal = new Journal(store.pool);

  @AfterEach
  void close() {
    store.close();
  }

  // ---- conversations

  @Test
  void aThreadWithoutTurnsIsFresh() {
    assertThat(await(journal.load(thread(1))))
        .isEqualTo(new Journal.Loaded(fresh(1), ContactFacts.NOTHING_KNOWN));
    assertThat(await(journal.thread(fresh(1).id()))).isEmpty();
  }

  @Test
  void theLastTurnIsLoadedWithWhatIsKnownOfTheContact() {
    store.write(store.turn(fresh(1)));
    store.write(
        store.turn(
            after(fresh(1)),
            new Effect.BlockContact(thread(1).theirs(), Block.UNREACHABLE, "30006", NOW)));

    assertThat(await(journal.load(thread(1))))
        .isEqualTo(
            new Journal.Loaded(
                after(after(fresh(1))),
                new ContactFacts(Optional.of(Block.UNREACHABLE), Optional.of(NOW))));
    assertThat(await(journal.thread(fresh(1).id()))).contains(thread(1));
  }

  // ---- our last message

  @Test
  void theLastMessageIsFoundByWhatTheConversationKeepsInMind() {
    Conversation spoken = says(fresh(1), "first", thread(1).theirs(), true);
    spoken = says(spoken, "second", thread(1).theirs(), true);
    Conversation heard = quiet(quiet(spoken));

    assertThat(await(journal.lastSaid(heard))).isEqualTo("second");
  }

  @Test
  void aMessageThatTheConversationDoesNotKeepInMindIsTheLastWhereItCameLater() {
    Conversation spoken = says(fresh(1), "first", thread(1).theirs(), true);
    Conversation heard = quiet(says(spoken, "You have said stop", thread(1).theirs(), false));

    assertThat(await(journal.lastSaid(heard))).isEqualTo("You have said stop");
  }

  @Test
  void whatWasSaidAtAnotherAddressOfTheContactIsNotTheLastMessageHere() {
    Address whatsApp = new Address("whatsapp:" + thread(1).theirs());
    Conversation spoken = says(fresh(1), "here", thread(1).theirs(), false);
    Conversation heard = quiet(says(spoken, "there", whatsApp, true));

    assertThat(await(journal.lastSaid(heard))).isEqualTo("here");
  }

  @Test
  void whoWasNeverWrittenToWasToldNothing() {
    assertThat(await(journal.lastSaid(quiet(fresh(1))))).isEmpty();
  }

  /// A turn that says something.
  private Conversation says(Conversation before, String text, Address to, boolean kept) {
    Effect.Send send =
        new Effect.Send(effect(before, 0), OURS, to, new Effect.Content.Text(text, List.of()), 0);
    Traffic traffic = before.traffic();
    List<Traffic.Sent> sends = new ArrayList<>(traffic.sends());
    if (kept) {
      sends.add(new Traffic.Sent(send.id(), NOW, true, Values.EMPTY));
    }
    store.write(store.turn(before, send));
    return with(after(before), new Traffic(traffic.window(), traffic.cause(), sends));
  }

  private Conversation quiet(Conversation before) {
    store.write(store.turn(before));
    return after(before);
  }

  private static Conversation with(Conversation conversation, Traffic traffic) {
    return new Conversation(
        conversation.id(),
        conversation.thread(),
        conversation.turn(),
        conversation.owner(),
        conversation.epoch(),
        conversation.person(),
        conversation.execution(),
        conversation.messages(),
        conversation.runs(),
        traffic,
        conversation.bargain(),
        conversation.engagement(),
        conversation.handoff(),
        conversation.untagged());
  }

  @Test
  void aThreadIsFoundByTheNameThatItTookElseByItsOtherEnd() {
    Address room = new Address("CH" + "0".repeat(31) + "1");
    ThreadId held = new ThreadId(new Address("IS" + "0".repeat(31) + "1"), room);
    assertThat(await(journal.threadNamed(room))).isEmpty();

    store.write(store.turn(Conversation.fresh(held)));
    assertThat(await(journal.threadNamed(room))).contains(held);

    store.write(store.turn(fresh(1), new Effect.NameThread(room)));
    assertThat(await(journal.threadNamed(room))).contains(thread(1));

    store.write(store.turn(fresh(2), new Effect.NameThread(room)));
    assertThat(await(journal.threadNamed(room))).contains(thread(2));
  }

  @Test
  void whatIsSaidInAConversationIsPacedByItAndHeldBackByItsThreadsContact() {
    Address room = new Address("CH" + "0".repeat(31) + "1");
    EffectId id = new EffectId(fresh(1).id(), 1, 0);
    store.write(
        store.turn(
            fresh(1),
            new Effect.Send(
                id, thread(1).ours(), room, new Effect.Content.Text("hi", List.of()), 0)));

    assertThat(
            await(
                store.outbox.leaseSends(new Outbox.Share(9, 9), Duration.ofSeconds(9), List.of())))
        .singleElement()
        .satisfies(
            row -> {
              assertThat(row.sender()).isEqualTo(room.value());
              assertThat(row.contact()).isEqualTo(thread(1).theirs().value());
            });
  }

  @Test
  void aPersonIsFoundByPhoneByWhatsAppAndByExternalId() {
    Address phone = thread(1).theirs();
    ThreadId whatsApp =
        new ThreadId(new Address("whatsapp:" + OURS), new Address("whatsapp:" + phone));
    ThreadId work = thread(2);
    store.write(
        store.turn(fresh(1), new Effect.RecordContact(phone, "person")),
        store.turn(Conversation.fresh(whatsApp)),
        store.turn(Conversation.fresh(work), new Effect.RecordContact(work.theirs(), "person")),
        store.turn(fresh(3)));

    assertThat(await(journal.threadsOf(Optional.of(phone), Optional.empty())))
        .as("the phone tells who it is, and the person has another")
        .containsExactlyInAnyOrder(thread(1), whatsApp, work);
    assertThat(await(journal.threadsOf(Optional.empty(), Optional.of("person"))))
        .containsExactlyInAnyOrder(thread(1), whatsApp, work);
    assertThat(await(journal.threadsOf(Optional.of(phone), Optional.of("person"))))
        .containsExactlyInAnyOrder(thread(1), whatsApp, work);
    assertThat(await(journal.threadsOf(Optional.empty(), Optional.of("nobody")))).isEmpty();
  }

  // ---- timers

  @Test
  void dueTimersAreLeasedOnceTheLongestDueFirst() {
    Timers timers = new Timers(store.pool);
    store.write(
        store.turn(
            fresh(1),
            new Effect.ScheduleTimer(
                effect(fresh(1), 0), NOW.plusSeconds(2), Purpose.REPLY_TIMEOUT),
            new Effect.ScheduleTimer(
                effect(fresh(1), 1), NOW.plusSeconds(1), Purpose.EXECUTION_EXPIRY),
            new Effect.ScheduleTimer(
                effect(fresh(1), 2), NOW.plusSeconds(60), Purpose.REPLY_TIMEOUT)));

    List<Timers.Due> due = await(timers.lease(NOW.plusSeconds(2), 10, Duration.ofSeconds(30)));

    assertThat(due)
        .containsExactly(
            new Timers.Due(effect(fresh(1), 1), thread(1)),
            new Timers.Due(effect(fresh(1), 0), thread(1)));
    assertThat(await(timers.lease(NOW.plusSeconds(2), 10, Duration.ofSeconds(30)))).isEmpty();
    assertThat(await(timers.lease(NOW.plusSeconds(40), 10, Duration.ofSeconds(30))))
        .as("the lease expired")
        .hasSize(2);
  }

  @Test
  void aTimerWhoseEventIsInTheInboxIsLeftToTheInbox() {
    Timers timers = new Timers(store.pool);
    EffectId kept = effect(fresh(1), 0);
    EffectId other = effect(fresh(1), 1);
    store.write(
        store.turn(
            fresh(1),
            new Effect.ScheduleTimer(kept, NOW, Purpose.REPLY_TIMEOUT),
            new Effect.ScheduleTimer(other, NOW, Purpose.EXECUTION_EXPIRY)));
    Inbox inbox = new Inbox(store.pool);
    Event fired = new Event.TimerFired(kept);
    await(
        inbox.keep(
            new Inbox.Kept("timer", kept.toString(), Optional.empty(), thread(1), fired, NOW),
            "poison"));

    assertThat(await(timers.lease(NOW, 10, Duration.ofSeconds(30))))
        .containsExactly(new Timers.Due(other, thread(1)));
  }

  @Test
  void noMoreTimersAreLeasedThanAskedFor() {
    Effect[] effects = new Effect[5];
    for (int i = 0; i < effects.length; i++) {
      effects[i] = new Effect.ScheduleTimer(effect(fresh(1), i), NOW, Purpose.REPLY_TIMEOUT);
    }
    store.write(store.turn(fresh(1), effects));

    assertThat(await(new Timers(store.pool).lease(NOW, 2, Duration.ofSeconds(30)))).hasSize(2);
  }
}
