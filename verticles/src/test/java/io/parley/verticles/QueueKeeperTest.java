package io.parley.verticles;

import static io.parley.verticles.DeskWorld.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.EffectId;
import io.parley.engine.Owner;
import io.parley.engine.Values;
import io.parley.engine.policy.Policy;
import io.parley.store.QueueEntry;
import io.parley.store.QueueQuery;
import io.parley.store.QueueQuery.Folder;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The queue of conversations that wait for a person, on the engine, the journal and the rows
/// themselves.
class QueueKeeperTest {

  private static final DeskWorld WORLD = new DeskWorld();

  private static final String ONE_AT_A_TIME = "agents: {capacity: 1, offer: 45s, silence: 10m}";

  @AfterAll
  static void close() {
    WORLD.close();
  }

  @BeforeEach
  void empty() {
    WORLD.clear();
  }

  // ---- holding and draining

  @Test
  void theQueueHoldsWhenNobodyIsFree() {
    WORLD.rules(ONE_AT_A_TIME);
    WORLD.online("ann");
    EffectId first = WORLD.handOver(1);
    EffectId second = WORLD.handOver(2);

    WORLD.keep();
    WORLD.take(first, "ann");
    WORLD.keep();

    assertThat(WORLD.offeredTo(second)).isEmpty();
    assertThat(WORLD.folder(new Folder.Unassigned())).containsExactly(second);
    assertThat(WORLD.load("ann")).isEqualTo(1);
  }

  @Test
  void theQueueDrainsOldestFirstWhenASlotFrees() {
    WORLD.rules(ONE_AT_A_TIME);
    WORLD.online("ann");
    EffectId held = WORLD.handOver(1);
    WORLD.keep();
    WORLD.take(held, "ann");
    WORLD.pass(Duration.ofSeconds(1));
    EffectId older = WORLD.handOver(2);
    WORLD.pass(Duration.ofSeconds(1));
    EffectId younger = WORLD.handOver(3);
    WORLD.keep();

    WORLD.close(held, "solved");
    WORLD.keep();

    assertThat(WORLD.offeredTo(older)).isEqualTo("ann");
    assertThat(WORLD.offeredTo(younger)).isEmpty();
  }

  @Test
  void whatIsMorePressingGoesBeforeWhatIsOlder() {
    WORLD.rules(ONE_AT_A_TIME);
    WORLD.handOver(1);
    WORLD.pass(Duration.ofSeconds(1));
    EffectId pressing = WORLD.handOver(2, Values.of("priority", "5"));

    WORLD.online("ann");
    WORLD.keep();

    assertThat(WORLD.offeredTo(pressing)).isEqualTo("ann");
  }

  @Test
  void whatSleepsOrWaitsForTheCustomerFreesASlot() {
    WORLD.rules(ONE_AT_A_TIME);
    WORLD.online("ann");
    EffectId first = offeredAndTaken(1, "ann");
    EffectId second = WORLD.handOver(2);

    await(WORLD.queue.snooze(first, Optional.of(WORLD.now().plus(Duration.ofHours(2)))));
    WORLD.keep();
    WORLD.take(second, "ann");
    await(WORLD.queue.waitForCustomer(second, true));
    EffectId third = WORLD.handOver(3);
    WORLD.keep();

    assertThat(WORLD.offeredTo(third)).isEqualTo("ann");
  }

  @Test
  void whoHasAnsweredAndHearsNothingHasAHandFreeAfterAWhile() {
    WORLD.rules("agents: {capacity: 1, idle: 15m}");
    WORLD.online("ann");
    EffectId first = offeredAndTaken(1, "ann");
    WORLD.write(first, "ann", "Which size do you wear?");
    EffectId second = WORLD.handOver(2);
    WORLD.keep();
    String before = WORLD.offeredTo(second);

    WORLD.pass(Duration.ofMinutes(15));
    WORLD.seen("ann");
    WORLD.keep();

    assertThat(before).isEmpty();
    assertThat(WORLD.entry(first).hold().waitingForCustomer()).isTrue();
    assertThat(WORLD.offeredTo(second)).isEqualTo("ann");
  }

  @Test
  void whatSleepsWakesByTimeAndByTheCustomersReply() {
    EffectId byTime = WORLD.handOver(1);
    EffectId byReply = WORLD.handOver(2);
    WORLD.keep();
    Instant later = WORLD.now().plus(Duration.ofHours(1));
    await(WORLD.queue.snooze(byTime, Optional.of(later)));
    await(WORLD.queue.snooze(byReply, Optional.of(later)));

    WORLD.reply(2, "me again");
    WORLD.keep();
    List<EffectId> afterReply = WORLD.folder(new Folder.Snoozed());
    WORLD.pass(Duration.ofHours(1));
    WORLD.keep();

    assertThat(afterReply).containsExactly(byTime);
    assertThat(WORLD.folder(new Folder.Snoozed())).isEmpty();
  }

  // ---- who is asked

  @Test
  void loadIsSharedFairlyUnderACap() {
    WORLD.rules("agents: {capacity: 3}");
    WORLD.online("ann");
    WORLD.online("ben");
    WORLD.online("cem");
    IntStream.rangeClosed(1, 10).forEach(WORLD::handOver);

    WORLD.keep();

    assertThat(List.of(WORLD.load("ann"), WORLD.load("ben"), WORLD.load("cem")))
        .containsExactly(3, 3, 3);
    assertThat(WORLD.offered).hasSize(9);
  }

  @Test
  void onlyWhoHasTheSkillsAndTheTopicIsAsked() {
    WORLD.rules(
        """
        topics: {billing: {skills: [billing]}, care: {}}
        routing:
          - {when: {attributes.kind: bill}, topic: billing}
          - {when: {}, topic: care}
        """);
    WORLD.online("ann", "billing");
    WORLD.onlineFor("ben", "care");
    EffectId bill = WORLD.handOver(1, Values.of("kind", "bill"));
    EffectId other = WORLD.handOver(2);

    WORLD.keep();

    assertThat(WORLD.entry(bill).rank().topic()).isEqualTo("billing");
    assertThat(WORLD.offeredTo(bill)).isEqualTo("ann");
    assertThat(WORLD.offeredTo(other)).isEqualTo("ben");
  }

  @Test
  void anOfferThatIsLetPassGoesToAnother() {
    WORLD.rules(ONE_AT_A_TIME);
    WORLD.online("ann");
    EffectId id = WORLD.handOver(1);
    WORLD.keep();
    String first = WORLD.offeredTo(id);

    WORLD.online("ben");
    WORLD.pass(Duration.ofSeconds(45));
    WORLD.keep();

    assertThat(first).isEqualTo("ann");
    assertThat(WORLD.offeredTo(id)).isEqualTo("ben");
    assertThat(WORLD.status("ann")).isEqualTo("online");
  }

  @Test
  void whoLetsOffersPassIsSetAwayButNeverTheLastOne() {
    WORLD.rules("agents: {capacity: 1, offer: 45s, misses: 2}");
    WORLD.online("ann");
    WORLD.online("ben");
    WORLD.handOver(1);
    WORLD.handOver(2);

    for (int i = 0; i < 8; i++) {
      WORLD.keep();
      WORLD.pass(Duration.ofSeconds(45));
      WORLD.seen("ann", "ben");
    }
    WORLD.keep();

    assertThat(List.of(WORLD.status("ann"), WORLD.status("ben")))
        .containsExactlyInAnyOrder("away", "online");
  }

  @Test
  void whoTakesOneBeginsWithoutMisses() {
    WORLD.rules("agents: {capacity: 1, offer: 45s, misses: 2}");
    WORLD.online("ann");
    WORLD.online("ben");
    EffectId id = WORLD.handOver(1);
    WORLD.keep();
    String misser = WORLD.offeredTo(id);
    WORLD.pass(Duration.ofSeconds(45));
    WORLD.keep();
    WORLD.take(id, misser);

    WORLD.keep();

    assertThat(await(WORLD.presence.find(misser)).orElseThrow().misses()).isZero();
  }

  @Test
  void whatIsOfferedToWhomGoesAwayIsTakenBackAndIsNoMiss() {
    WORLD.rules(ONE_AT_A_TIME);
    WORLD.online("ann");
    EffectId waits = WORLD.handOver(1);
    WORLD.keep();
    String before = WORLD.offeredTo(waits);

    await(WORLD.presence.away("ann", WORLD.now()));
    WORLD.keep();

    assertThat(before).isEqualTo("ann");
    assertThat(WORLD.offeredTo(waits)).isEmpty();
    assertThat(await(WORLD.presence.find("ann")).orElseThrow().misses()).isZero();
  }

  @Test
  void whoIsSignedInNowhereAnyMoreIsOfflineThoughNothingWaits() {
    String ann = WORLD.signedIn("ann", Duration.ofMinutes(5));
    WORLD.online(ann);
    WORLD.online("a system that is no user");

    WORLD.keep();
    assertThat(WORLD.status(ann)).isEqualTo("online");
    WORLD.pass(Duration.ofMinutes(5));
    WORLD.keep();

    assertThat(WORLD.status(ann)).isEqualTo("offline");
    assertThat(WORLD.status("a system that is no user")).isEqualTo("online");
  }

  @Test
  void whoseDeskIsNotHeardOfIsAskedNothing() {
    WORLD.rules("agents: {present: 90s}");
    WORLD.online("ann");
    WORLD.pass(Duration.ofSeconds(91));
    EffectId id = WORLD.handOver(1);

    WORLD.keep();
    String unheard = WORLD.offeredTo(id);
    WORLD.seen("ann");
    WORLD.keep();

    assertThat(unheard).isEmpty();
    assertThat(WORLD.offeredTo(id)).isEqualTo("ann");
  }

  // ---- silence

  @Test
  void aConversationWhoseAgentIsSilentGoesToAnother() {
    WORLD.rules(ONE_AT_A_TIME);
    WORLD.online("ann");
    EffectId id = offeredAndTaken(1, "ann");
    WORLD.online("ben");

    WORLD.pass(Duration.ofMinutes(10));
    WORLD.seen("ann", "ben");
    WORLD.keep();

    QueueEntry entry = WORLD.entry(id);
    assertThat(entry.hold().owner()).isEqualTo(Owner.QUEUED);
    assertThat(WORLD.offeredTo(id)).isEqualTo("ben");
  }

  @Test
  void whoHasAnsweredIsNotSilentUntilTheCustomerWritesAgain() {
    WORLD.rules("agents: {capacity: 1, silence: 10m, idle: off}");
    WORLD.online("ann");
    EffectId id = offeredAndTaken(1, "ann");
    WORLD.pass(Duration.ofMinutes(1));
    WORLD.write(id, "ann", "One moment");

    WORLD.pass(Duration.ofHours(1));
    WORLD.keep();
    Owner answered = WORLD.entry(id).hold().owner();
    WORLD.reply(1, "still there?");
    WORLD.pass(Duration.ofMinutes(10));
    WORLD.keep();

    assertThat(answered).isEqualTo(Owner.AGENT);
    assertThat(WORLD.entry(id).hold().owner()).isEqualTo(Owner.QUEUED);
  }

  // ---- promises

  @Test
  void aPromiseIsWarnedOfBeforeAndEscalatedAfter() {
    WORLD.rules("sla: {first: 1h, warn: 0.5, escalate: 10}");
    EffectId id = WORLD.handOver(1);
    WORLD.keep();
    String fresh = state(id);

    WORLD.pass(Duration.ofMinutes(30));
    WORLD.keep();
    String warned = state(id);
    WORLD.pass(Duration.ofMinutes(30));
    WORLD.keep();
    WORLD.pass(Duration.ofMinutes(30));
    WORLD.keep();

    assertThat(List.of(fresh, warned, state(id))).containsExactly("ok", "warned", "breached");
    assertThat(WORLD.entry(id).rank().priority()).isEqualTo(10);
    assertThat(WORLD.metrics.scrape())
        .contains("parley_handoffs_sla_breached{topic=\"general\"} 1.0")
        .contains("parley_handoffs_promises_broken_total{promise=\"first\",topic=\"general\"} 1.0");
  }

  @Test
  void aPromiseCountsHoursInWhichSomebodyIsThere() {
    WORLD.policy(weekdays("09:00-17:00"));
    WORLD.rules("topics: {general: {calendar: support, sla: {first: 1h}}}");
    WORLD.at("2026-03-06T16:30:00Z");
    EffectId id = WORLD.handOver(1);

    WORLD.keep();

    assertThat(WORLD.entry(id).sla().firstDue()).contains(Instant.parse("2026-03-09T09:30:00Z"));
  }

  @Test
  void theNextAnswerIsDueFromTheCustomersReplyOn() {
    WORLD.rules("sla: {first: 1h, next: 30m}");
    WORLD.online("ann");
    EffectId id = offeredAndTaken(1, "ann");
    WORLD.write(id, "ann", "Which size?");
    WORLD.keep();
    Optional<Instant> answered = WORLD.entry(id).sla().nextDue();
    WORLD.pass(Duration.ofMinutes(5));

    WORLD.reply(1, "Medium");
    WORLD.keep();

    assertThat(answered).isEmpty();
    assertThat(WORLD.entry(id).sla().nextDue()).contains(WORLD.now().plus(Duration.ofMinutes(30)));
  }

  // ---- what is said

  private static final String TEXTS =
      """
      topics: {general: {calendar: support}}
      agents: {capacity: 1}
      texts:
        queued: "You are number {{ position }} in line."
        position: "{{ ahead }} before you."
        after_hours: "We are back {{ opens_at }}."
        no_agent: "Nobody is here just now."
        callback: "We will call you."
        too_long: "Sorry for the wait. Reply CALL and we will call you."
        too_long_after: 15m
      """;

  @Test
  void whoComesAfterHoursIsToldWhenSomebodyIsThereAgain() {
    WORLD.policy(weekdays("09:00-12:00,13:00-17:00"));
    WORLD.rules(TEXTS);
    WORLD.at("2026-03-06T18:00:00Z");
    WORLD.handOver(1);

    WORLD.keep();
    WORLD.pass(Duration.ofMinutes(1));
    WORLD.keep();

    assertThat(WORLD.said(1)).containsExactly("We are back Monday at 09:00.");
  }

  @Test
  void whoComesAtLunchIsToldWhenItIsOver() {
    WORLD.policy(weekdays("09:00-12:00,13:00-17:00"));
    WORLD.rules(TEXTS);
    WORLD.at("2026-03-06T12:30:00Z");
    WORLD.handOver(1);

    WORLD.keep();

    assertThat(WORLD.said(1)).containsExactly("We are back Friday at 13:00.");
  }

  @Test
  void whoComesWhileNobodyIsOnlineIsToldSo() {
    WORLD.policy(weekdays("09:00-17:00"));
    WORLD.rules(TEXTS);
    WORLD.handOver(1);

    WORLD.keep();

    assertThat(WORLD.said(1)).containsExactly("Nobody is here just now.");
  }

  @Test
  void whoWaitsIsToldWhereTheyStandAndAgainWhenTheyAsk() {
    WORLD.policy(weekdays("09:00-17:00"));
    WORLD.rules(TEXTS);
    WORLD.online("ann");
    offeredAndTaken(1, "ann");
    WORLD.handOver(2);
    WORLD.pass(Duration.ofSeconds(1));
    WORLD.handOver(3);
    WORLD.keep();

    WORLD.reply(3, "where am I in the line?");
    WORLD.reply(3, "It is about a day cream");
    WORLD.keep();

    assertThat(WORLD.said(2)).containsExactly("You are number 1 in line.");
    assertThat(WORLD.said(3)).containsExactly("You are number 2 in line.", "1 before you.");
  }

  @Test
  void whoWaitsTooLongMayAskToBeCalled() {
    WORLD.policy(weekdays("09:00-17:00"));
    WORLD.rules(TEXTS);
    WORLD.online("ann");
    offeredAndTaken(1, "ann");
    EffectId id = WORLD.handOver(2);
    WORLD.keep();

    WORLD.pass(Duration.ofMinutes(15));
    WORLD.seen("ann");
    WORLD.keep();
    WORLD.reply(2, "CALL");
    WORLD.keep();

    assertThat(WORLD.said(2))
        .containsExactly(
            "You are number 1 in line.",
            "Sorry for the wait. Reply CALL and we will call you.",
            "We will call you.");
    assertThat(WORLD.entry(id).callback().map(QueueEntry.CallRequest::words)).contains("CALL");
  }

  @Test
  void aQueueWithoutTextsSaysNothing() {
    WORLD.handOver(1);

    WORLD.keep();
    WORLD.reply(1, "anybody there?");
    WORLD.keep();

    assertThat(WORLD.said(1)).isEmpty();
  }

  // ---- what is known

  @Test
  void whatIsKnownIsFrozenAndFound() {
    EffectId id = WORLD.handOver(7, Values.of("kind", "bill"));
    WORLD.reply(7, "My parcel is squashed");

    WORLD.keep();

    QueueEntry entry = WORLD.entry(id);
    assertThat(entry.contact().name()).contains("Asha No7");
    assertThat(entry.snippet()).isEqualTo("My parcel is squashed");
    for (String search : List.of("asha", "squash", "0007", "4150000007", "person-7")) {
      assertThat(
              await(
                      WORLD.queue.list(
                          new QueueQuery(
                              new Folder.All(), List.of(), QueueQuery.Filters.NONE, search, 0, 10)))
                  .total())
          .as(search)
          .isEqualTo(1);
    }
    String known =
        await(
            WORLD
                .pool
                .query("select context::json ->> 'external_id' as id from handoff_queue")
                .execute()
                .map(rows -> rows.iterator().next().getString("id")));
    assertThat(known).isEqualTo("person-7");
  }

  // ---- several keepers, and many conversations

  @Test
  void ofTwoKeepersNoneOffersWhatTheOtherHasOffered() {
    WORLD.rules("agents: {capacity: 10}");
    IntStream.range(0, 8).forEach(i -> WORLD.online("agent-" + i));
    IntStream.rangeClosed(1, 80).forEach(WORLD::handOver);
    List<QueueRound> keepers = List.of(WORLD.keeper(), WORLD.keeper(), WORLD.keeper());

    for (int i = 0; i < 3; i++) {
      List<Future<Boolean>> rounds = new ArrayList<>();
      keepers.forEach(it -> rounds.add(it.run()));
      await(Future.all(rounds));
    }

    Set<String> handoffs = new LinkedHashSet<>();
    WORLD.offered.forEach(it -> handoffs.add(it.split(" ", 2)[0]));
    assertThat(WORLD.offered).hasSize(80);
    assertThat(handoffs).hasSize(80);
    IntStream.range(0, 8).forEach(i -> assertThat(WORLD.load("agent-" + i)).isEqualTo(10));
  }

  @Test
  void threeHundredHandoffsSettleWithinTheCapacityOfTwentyAgents() {
    WORLD.rules("agents: {capacity: 5}");
    IntStream.range(0, 20).forEach(i -> WORLD.online("agent-" + i));
    List<EffectId> all = new ArrayList<>();
    for (int i = 1; i <= 300; i++) {
      WORLD.pass(Duration.ofMillis(1));
      all.add(WORLD.handOver(i));
    }
    int done = 0;

    while (done < all.size()) {
      WORLD.keep();
      List<EffectId> taken = new ArrayList<>();
      for (QueueEntry entry : WORLD.entries(new Folder.Unassigned())) {
        if (entry.hold().offer().isPresent()) {
          WORLD.take(entry.handoff().orElseThrow(), entry.hold().offer().get().agent());
          taken.add(entry.handoff().orElseThrow());
        }
      }
      for (int i = 0; i < 20; i++) {
        assertThat(WORLD.load("agent-" + i)).isLessThanOrEqualTo(5);
      }
      assertThat(taken).isEqualTo(all.subList(done, done + taken.size())).hasSize(100);
      taken.forEach(id -> WORLD.close(id, "solved"));
      done += taken.size();
    }

    assertThat(WORLD.folder(new Folder.All())).isEmpty();
    assertThat(WORLD.folder(new Folder.Closed())).hasSize(300);
  }

  // ---- what tests do over and over

  private static EffectId offeredAndTaken(int contact, String agent) {
    EffectId id = WORLD.handOver(contact);
    WORLD.keep();
    assertThat(WORLD.offeredTo(id)).isEqualTo(agent);
    WORLD.take(id, agent);
    WORLD.keep();
    return id;
  }

  private static String state(EffectId id) {
    return WORLD.entry(id).sla().now().orElseThrow().state();
  }

  private static Policy weekdays(String hours) {
    return DeskWorld.policy(
        """
        hours: {quiet: off}
        calendars: {support: {time_zone: Europe/London, hours: {mon-fri: "%s"}}}
        """
            .formatted(hours));
  }
}
