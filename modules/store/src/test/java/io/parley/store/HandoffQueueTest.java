package io.parley.store;

import static io.parley.store.StoreFixture.NOW;
import static io.parley.store.StoreFixture.after;
import static io.parley.store.StoreFixture.await;
import static io.parley.store.StoreFixture.effect;
import static io.parley.store.StoreFixture.fresh;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.Conversation;
import io.parley.engine.Effect;
import io.parley.engine.EffectId;
import io.parley.engine.Owner;
import io.parley.engine.Values;
import io.parley.store.Presence.Abilities;
import io.parley.store.Presence.Status;
import io.parley.store.QueueQuery.Folder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The rows of the queue, which come with handoffs and are told of their changes.
class HandoffQueueTest {

  private static final StoreFixture STORE = new StoreFixture();
  private static final HandoffQueue QUEUE = new HandoffQueue(STORE.pool);
  private static final Presence PRESENCE = new Presence(STORE.pool);
  private static final Instant LATER = NOW.plus(Duration.ofMinutes(1));

  @AfterAll
  static void close() {
    STORE.close();
  }

  @BeforeEach
  void empty() {
    STORE.execute("delete from handoff");
    STORE.execute("delete from agent_presence");
  }

  @Test
  void aHandoffWaitsInTheQueueFromItsTurnOn() {
    EffectId id = handOver(1);

    QueueEntry entry = await(QUEUE.find(id)).orElseThrow();

    assertThat(entry.hold().owner()).isEqualTo(Owner.QUEUED);
    assertThat(entry.rank().topic()).isEqualTo("general");
    assertThat(ids(new Folder.Unassigned())).containsExactly(id);
    assertThat(await(QUEUE.counts("ann", List.of())).unassigned()).isEqualTo(1);
  }

  @Test
  void whatIsClosedLeavesTheFoldersOfWhatIsOpen() {
    Conversation conversation = fresh(2);
    EffectId id = handOver(2);

    STORE.write(STORE.turn(after(conversation), new Effect.CloseHandoff(id, "timeout")));

    assertThat(ids(new Folder.All())).isEmpty();
    assertThat(ids(new Folder.Closed())).containsExactly(id);
    assertThat(await(QUEUE.find(id)).orElseThrow().hold().owner()).isEqualTo(Owner.CLOSED);
  }

  @Test
  void ofTwoWhoAskAtOnceEachGetsAnotherOne() {
    EffectId first = handOver(3);
    EffectId second = handOver(4);

    Optional<QueueEntry> one = await(QUEUE.claim("ann", List.of(), List.of(), NOW, LATER));
    Optional<QueueEntry> other = await(QUEUE.claim("ben", List.of(), List.of(), NOW, LATER));
    Optional<QueueEntry> none = await(QUEUE.claim("cem", List.of(), List.of(), NOW, LATER));

    assertThat(List.of(one.orElseThrow(), other.orElseThrow()))
        .extracting(it -> it.handoff().orElseThrow())
        .containsExactlyInAnyOrder(first, second);
    assertThat(none).isEmpty();
  }

  @Test
  void whoLacksASkillIsGivenNothing() {
    EffectId id = handOver(5);
    STORE.execute("update handoff_queue set skills = '{billing}'");

    assertThat(await(QUEUE.claim("ann", List.of("french"), List.of(), NOW, LATER))).isEmpty();
    assertThat(
            await(QUEUE.claim("ann", List.of("french", "billing"), List.of(), NOW, LATER))
                .flatMap(QueueEntry::handoff))
        .contains(id);
  }

  @Test
  void whatWasOfferedCountsAsLoadUntilItIsDeclined() {
    EffectId id = handOver(6);
    await(PRESENCE.set("ann", Status.ONLINE, Abilities.USUAL, NOW));

    await(QUEUE.claim("ann", List.of(), List.of(), NOW, LATER));
    int offered = await(PRESENCE.find("ann")).orElseThrow().load();
    boolean declined = await(QUEUE.decline(id, "ann"));

    assertThat(offered).isEqualTo(1);
    assertThat(declined).isTrue();
    assertThat(await(PRESENCE.find("ann")).orElseThrow().load()).isZero();
    assertThat(await(QUEUE.isOffered(id, "ann", NOW))).isFalse();
  }

  @Test
  void whatSleepsIsInNoFolderOfThoseThatWait() {
    EffectId id = handOver(7);

    await(QUEUE.snooze(id, Optional.of(LATER)));

    assertThat(ids(new Folder.Unassigned())).isEmpty();
    assertThat(ids(new Folder.Snoozed())).containsExactly(id);
    assertThat(await(QUEUE.claim("ann", List.of(), List.of(), NOW, LATER))).isEmpty();
  }

  @Test
  void whatTheContactWritesWakesIt() {
    EffectId id = handOver(8);
    await(QUEUE.snooze(id, Optional.of(LATER)));
    await(QUEUE.waitForCustomer(id, true));

    STORE.execute("update handoff set customer_wrote_at = now()");

    QueueEntry.Hold hold = await(QUEUE.find(id)).orElseThrow().hold();
    assertThat(hold.snoozedUntil()).isEmpty();
    assertThat(hold.waitingForCustomer()).isFalse();
  }

  private static EffectId handOver(int contact) {
    Conversation conversation = fresh(contact);
    EffectId id = effect(conversation, 0);
    STORE.execute("delete from turn where conversation = '" + conversation.id() + "'");
    STORE.write(STORE.turn(conversation, new Effect.OpenHandoff(id, Values.EMPTY, 1)));
    return id;
  }

  private static List<EffectId> ids(Folder folder) {
    return await(QUEUE.list(QueueQuery.of(folder, 100))).rows().stream()
        .map(it -> it.handoff().orElseThrow())
        .toList();
  }
}
