package io.parley.store;

import static io.parley.store.StoreFixture.LEASE;
import static io.parley.store.StoreFixture.NOW;
import static io.parley.store.StoreFixture.OURS;
import static io.parley.store.StoreFixture.SINK;
import static io.parley.store.StoreFixture.after;
import static io.parley.store.StoreFixture.await;
import static io.parley.store.StoreFixture.call;
import static io.parley.store.StoreFixture.effect;
import static io.parley.store.StoreFixture.fresh;
import static io.parley.store.StoreFixture.report;
import static io.parley.store.StoreFixture.send;
import static io.parley.store.StoreFixture.thread;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.Address;
import io.parley.engine.Block;
import io.parley.engine.Conversation;
import io.parley.engine.Effect;
import io.parley.engine.EffectId;
import io.parley.engine.Engagement;
import io.parley.engine.Event;
import io.parley.engine.MessageSid;
import io.parley.engine.Values;
import io.parley.engine.hours.Clues;
import io.parley.engine.hours.Occasion;
import io.parley.store.Outbox.Departure;
import io.parley.store.Outbox.Leased;
import io.parley.store.Outbox.Share;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OutboxTest {

  private static final String SLOW = "https://slow.example/";
  private static final String FAST = "https://Fast.example/";
  private static final Address OTHER_SENDER = new Address("+15550002222");

  private final StoreFixture store = new StoreFixture();
  private final Outbox outbox = store.outbox;

  @AfterEach
  void close() {
    store.close();
  }

  // ---- leases of sends

  @Test
  void onlyTheHeadOfEachConversationIsLeasedOldestFirst() {
    store.write(store.turn(fresh(2), send(fresh(2), 0), send(fresh(2), 1)));
    store.write(store.turn(fresh(1), send(fresh(1), 0)));

    List<EffectId> leased = store.leaseSends(10);

    assertThat(leased).containsExactly(effect(fresh(2), 0), effect(fresh(1), 0));
    assertThat(store.leaseSends(10)).isEmpty();
  }

  @Test
  void busySendersArePassedOverAndNoSenderTakesMoreThanItsShare() {
    for (int contact = 0; contact < 10; contact++) {
      store.write(store.turn(fresh(contact), send(fresh(contact), 0, OURS, 0)));
    }
    store.write(store.turn(fresh(100), send(fresh(100), 0, OTHER_SENDER, 0)));

    assertThat(await(outbox.leaseSends(new Share(10, 3), LEASE, List.of())))
        .extracting(Leased::sender)
        .containsExactly(OURS.value(), OURS.value(), OURS.value(), OTHER_SENDER.value());
    store.letLeasesExpire();
    assertThat(await(outbox.leaseSends(new Share(10, 10), LEASE, List.of(OURS.value()))))
        .extracting(Leased::id)
        .containsExactly(effect(fresh(100), 0));
  }

  @Test
  void aLeaseThatExpiredIsDueAgainAndALeaseAloneIsNoAttempt() {
    store.write(store.turn(fresh(1), send(fresh(1), 0)));
    Leased first = store.leaseSend();

    store.letLeasesExpire();
    Leased second = store.leaseSend();

    assertThat(second.id()).isEqualTo(first.id());
    assertThat(second.attempts()).isEqualTo(1);
    assertThat(await(outbox.markInDoubt(second))).isEqualTo(new LastLook.Go());
    await(outbox.postpone(second, Duration.ZERO, "busy"));
    assertThat(store.leaseSend().attempts()).isEqualTo(2);
  }

  @Test
  void twoLeasersNeverGetTheSameRow() {
    for (int contact = 0; contact < 300; contact++) {
      store.write(store.turn(fresh(contact), send(fresh(contact), 0)));
    }
    List<Future<List<Leased>>> leases = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      leases.add(outbox.leaseSends(new Share(20, 20), LEASE, List.of()));
    }

    await(Future.all(leases));

    List<EffectId> all =
        leases.stream().flatMap(lease -> lease.result().stream()).map(Leased::id).toList();
    assertThat(all).doesNotHaveDuplicates().isNotEmpty();
    int left = store.leaseSends(400).size();
    assertThat(all.size() + left).isEqualTo(300);
  }

  @Test
  void aRowThatCannotBeReadKeepsNoOtherBack() {
    store.write(store.turn(fresh(1), send(fresh(1), 0)));
    store.write(store.turn(fresh(2), send(fresh(2), 0)));
    store.execute(
        "update outbox set effect = 'spoilt' where conversation = '" + fresh(1).id() + "'");

    assertThat(store.leaseSends(10)).containsExactly(effect(fresh(2), 0));
  }

  // ---- the last look

  @Test
  void ofTwoMarkersOneMayGo() {
    store.write(store.turn(fresh(1), send(fresh(1), 0)));
    Leased leased = store.leaseSend();

    List<LastLook> looks =
        await(
            Future.all(List.of(outbox.markInDoubt(leased), outbox.markInDoubt(leased)))
                .map(both -> both.list()));

    assertThat(looks).containsExactlyInAnyOrder(new LastLook.Go(), new LastLook.Gone());
  }

  @Test
  void eachSendOfABatchIsDecidedByItself() {
    running(NOW.minusSeconds(60));
    IntStream.rangeClosed(1, 6)
        .forEach(it -> store.write(store.turn(fresh(it), send(fresh(it), 0))));
    handedOffElsewhere(onWhatsApp());
    store.execute(
        "insert into contact (address, block, updated_at) values ('%s', 'OPTED_OUT', now())"
            .formatted(thread(3).theirs().value()));
    store.execute(
        "update conversation set epoch = 1 where id = '%s'".formatted(fresh(4).id().value()));

    assertThat(looks(leased(), 6, 5, 1, 2, 3, 4))
        .containsExactly(
            new LastLook.Go(),
            new LastLook.Go(),
            new LastLook.HandedOff(),
            new LastLook.Go(),
            new LastLook.Blocked(Block.OPTED_OUT),
            new LastLook.Gone());

    assertThat(store.texts("select contact from outbox where in_doubt_since is not null"))
        .containsExactlyInAnyOrderElementsOf(addresses(2, 5, 6));
    assertThat(store.texts("select contact from outbox where in_doubt_since is null"))
        .containsExactlyInAnyOrderElementsOf(addresses(1, 3));
    assertThat(store.texts("select outcome from delivery")).containsExactly("withdrawn");
  }

  @Test
  void aSendThatAnotherHoldsIsWaitedForByNobody() {
    IntStream.rangeClosed(1, 4)
        .forEach(it -> store.write(store.turn(fresh(it), send(fresh(it), 0))));
    Map<String, Leased> leased = leased();
    PgConnection other = store.writing();
    await(
        other
            .query(
                "begin; select from outbox where contact = '%s' for update"
                    .formatted(thread(1).theirs().value()))
            .execute());

    assertThat(looks(leased, 4, 3, 1, 2))
        .containsExactly(
            new LastLook.Go(), new LastLook.Go(), new LastLook.Gone(), new LastLook.Go());

    await(other.query("rollback").execute());
    store.letLeasesExpire();
    assertThat(await(outbox.markInDoubt(store.leaseSend()))).isEqualTo(new LastLook.Go());
  }

  /// All that may be sent, by whom it is to.
  private Map<String, Leased> leased() {
    return await(outbox.leaseSends(new Share(9, 9), LEASE, List.of())).stream()
        .collect(Collectors.toMap(Leased::contact, it -> it));
  }

  /// What is said of the sends to contacts that are asked about at once: of the first two by
  /// statements of their own, of all others by one.
  private List<LastLook> looks(Map<String, Leased> leased, Integer... contacts) {
    return await(
        Future.all(addresses(contacts).stream().map(leased::get).map(outbox::markInDoubt).toList())
            .map(looks -> looks.list()));
  }

  private static List<String> addresses(Integer... contacts) {
    return Stream.of(contacts).map(it -> thread(it).theirs().value()).toList();
  }

  @Test
  void aSendToABlockedContactIsNotMarked() {
    store.write(store.turn(fresh(1), send(fresh(1), 0)));
    Leased leased = store.leaseSend();
    store.write(
        store.turn(
            Conversation.fresh(new io.parley.engine.ThreadId(OTHER_SENDER, thread(1).theirs())),
            new Effect.BlockContact(thread(1).theirs(), Block.OPTED_OUT, "STOP", NOW)));

    assertThat(await(outbox.markInDoubt(leased))).isEqualTo(new LastLook.Blocked(Block.OPTED_OUT));
    assertThat(store.texts("select in_doubt_since is null from outbox")).containsExactly("true");
  }

  private static Effect.Send later(Conversation before, int index) {
    return send(before, index)
        .leaving(
            new io.parley.engine.Departure(
                Optional.of(Instant.now().plusSeconds(3_600)),
                Occasion.TIMER,
                Optional.empty(),
                Clues.of(before.thread().theirs())));
  }

  @Test
  void whatWaitsForItsTimeIsNotLeasedAndHoldsBackWhatComesAfterIt() {
    store.write(store.turn(fresh(1), later(fresh(1), 0)));
    store.write(store.turn(after(fresh(1)), send(after(fresh(1)), 0)));
    store.write(store.turn(fresh(2), send(fresh(2), 0)));

    assertThat(store.leaseSends(10)).containsExactly(effect(fresh(2), 0));
    store.execute("update outbox set due_at = now(), not_before = now()");
    assertThat(store.leaseSends(10))
        .contains(effect(fresh(1), 0))
        .doesNotContain(effect(after(fresh(1)), 0));
  }

  @Test
  void whatIsDeferredLeavesInItsTurnAtItsTimeAndAfterItWhatStandsBehindIt() {
    store.write(store.turn(fresh(1), send(fresh(1), 0), send(fresh(1), 1)));
    store.write(store.turn(fresh(2), send(fresh(2), 0)));
    Leased head = store.leaseSend();

    await(outbox.defer(head, Duration.ofHours(8), "quiet hours"));

    assertThat(store.leaseSends(10)).containsExactly(effect(fresh(2), 0));
    assertThat(
            store.texts("select not_before > now() + interval '7 hours' from outbox order by seq"))
        .containsExactly("true", "true", "false");
    assertThat(store.texts("select last_error from outbox where last_error is not null"))
        .containsExactly("quiet hours");
    store.execute("update outbox set due_at = least(due_at, now()), not_before = now()");
    store.execute("update outbox set due_at = now() where last_error is not null");
    head = store.leaseSend();
    assertThat(head.id()).isEqualTo(effect(fresh(1), 0));
    await(outbox.delivered(List.of(head)));
    assertThat(store.leaseSends(1)).containsExactly(effect(fresh(1), 1));
  }

  @Test
  void aNoticeWaitsForNothingThatIsDeferred() {
    store.write(store.turn(fresh(1), send(fresh(1), 0)));
    Leased head = store.leaseSend();
    store.write(store.turn(after(fresh(1)), told(after(fresh(1)), 0, Effect.Send.Purpose.NOTICE)));

    await(outbox.defer(head, Duration.ofHours(8), "quiet hours"));

    assertThat(store.leaseSends(10)).containsExactly(effect(after(fresh(1)), 0));
  }

  @Test
  void whatIsGivenBackKeepsItsPlace() {
    store.write(store.turn(fresh(1), send(fresh(1), 0)));
    store.write(store.turn(fresh(2), send(fresh(2), 0)));
    Leased first = store.leaseSend();

    await(outbox.giveBack(List.of(first), Duration.ZERO, "the sender's rate"));

    assertThat(store.leaseSends(1)).containsExactly(first.id());
  }

  @Test
  void whatWaitsForItsTimeIsWithdrawnAsAnythingThatWaits() {
    store.write(store.turn(fresh(1), later(fresh(1), 0)));

    store.write(store.turn(after(fresh(1)), new Effect.WithdrawSends(1)));

    assertThat(store.texts("select outcome from delivery")).containsExactly("withdrawn");
    assertThat(store.texts("select 'left' from outbox")).isEmpty();
  }

  private static Effect.Send told(Conversation before, int index, Effect.Send.Purpose purpose) {
    Effect.Send send = send(before, index);
    return new Effect.Send(
        send.id(),
        send.from(),
        send.to(),
        send.content(),
        send.epoch(),
        send.byline(),
        purpose,
        Optional.empty());
  }

  @Test
  void aNoticeLeavesWhateverIsOnRecord() {
    store.write(
        store.turn(
            fresh(1),
            told(fresh(1), 0, Effect.Send.Purpose.NOTICE),
            new Effect.BlockContact(thread(1).theirs(), Block.OPTED_OUT, "STOP", NOW)));
    Leased leased = store.leaseSend();
    store.write(store.turn(after(fresh(1)), new Effect.WithdrawSends(1)));

    assertThat(await(outbox.markInDoubt(leased))).isEqualTo(new LastLook.Go());
  }

  @Test
  void whatAnAgentSaidLeavesAlthoughTheFlowsIsWithdrawn() {
    store.write(
        store.turn(fresh(1), told(fresh(1), 0, Effect.Send.Purpose.AGENT), send(fresh(1), 1)));
    store.write(store.turn(after(fresh(1)), new Effect.WithdrawSends(1)));

    Leased leased = store.leaseSend();

    assertThat(leased.id()).isEqualTo(effect(fresh(1), 0));
    assertThat(await(outbox.markInDoubt(leased))).isEqualTo(new LastLook.Go());
    assertThat(store.count("outbox")).isOne();
  }

  /// A person is asked to speak in another thread of the contact of conversation 1.
  private void handedOffElsewhere(Conversation elsewhere) {
    store.write(
        store.turn(elsewhere, new Effect.OpenHandoff(effect(elsewhere, 0), Values.EMPTY, 1)));
  }

  private static Conversation onWhatsApp() {
    return Conversation.fresh(
        new io.parley.engine.ThreadId(
            new Address("whatsapp:" + OTHER_SENDER.value()),
            new Address("whatsapp:" + thread(1).theirs().value())));
  }

  /// An execution is alive in conversation 1.
  private void running(Instant since) {
    store.execute(
        """
        insert into execution (sid, flow, revision, conversation, first_turn, contact, initiated_by, started_at)
        values ('FN1', 'FW1', 1, '%s', 1, '%s', 'key', '%s')
        """
            .formatted(fresh(1).id().value(), thread(1).theirs().value(), since));
  }

  @Test
  void aFlowThatRanBeforeWaitsWhileAPersonSpeaksInAnotherThread() {
    running(NOW.minusSeconds(60));
    store.write(store.turn(fresh(1), send(fresh(1), 0)));
    handedOffElsewhere(onWhatsApp());
    Leased leased = store.leaseSend();

    assertThat(await(outbox.markInDoubt(leased))).isEqualTo(new LastLook.HandedOff());
    store.execute("update handoff set closed_at = now()");
    assertThat(await(outbox.markInDoubt(leased))).isEqualTo(new LastLook.Go());
  }

  @Test
  void aFlowOfThePersonWaitsThoughTheyAreSpokenWithAtAnotherNumber() {
    running(NOW.minusSeconds(60));
    store.write(store.turn(fresh(1), send(fresh(1), 0)));
    store.execute(
        "insert into contact (address, external_id, updated_at) values ('%s', 'asha', now())"
            .formatted(thread(1).theirs().value()));
    handedOffElsewhere(fresh(2));
    store.execute("update handoff set external_id = 'asha'");

    assertThat(await(outbox.markInDoubt(store.leaseSend()))).isEqualTo(new LastLook.HandedOff());
  }

  @Test
  void aFlowThatWasLetInWhileAPersonSpeaksElsewhereSpeaks() {
    running(NOW.plusSeconds(60));
    store.write(store.turn(fresh(1), send(fresh(1), 0)));
    handedOffElsewhere(onWhatsApp());

    assertThat(await(outbox.markInDoubt(store.leaseSend()))).isEqualTo(new LastLook.Go());
  }

  @Test
  void whatAnAgentSaysWaitsForNoOtherAgent() {
    running(NOW.minusSeconds(60));
    store.write(store.turn(fresh(1), told(fresh(1), 0, Effect.Send.Purpose.AGENT)));
    handedOffElsewhere(onWhatsApp());

    assertThat(await(outbox.markInDoubt(store.leaseSend()))).isEqualTo(new LastLook.Go());
  }

  @Test
  void whatAnAgentSaidIsHeldByAnyBlock() {
    store.write(store.turn(fresh(1), told(fresh(1), 0, Effect.Send.Purpose.AGENT)));
    Leased leased = store.leaseSend();
    store.write(
        store.turn(
            Conversation.fresh(new io.parley.engine.ThreadId(OTHER_SENDER, thread(1).theirs())),
            new Effect.BlockContact(thread(1).theirs(), Block.UNCLEAR, "hm", NOW)));

    assertThat(await(outbox.markInDoubt(leased))).isEqualTo(new LastLook.Blocked(Block.UNCLEAR));
  }

  @Test
  void aStopTakesBackWhatAnAgentOfAnOlderEpochSaid() {
    store.write(store.turn(fresh(1), told(fresh(1), 0, Effect.Send.Purpose.AGENT)));
    Leased leased = store.leaseSend();

    store.write(store.turn(after(fresh(1)), new Effect.WithdrawAgentSends(1)));

    assertThat(await(outbox.markInDoubt(leased))).isEqualTo(new LastLook.Gone());
    assertThat(store.texts("select outcome from delivery")).containsExactly("withdrawn");
  }

  @Test
  void whatAnAgentSaidForTheMorningKeepsNothingBackThatComesAfterIt() {
    store.write(store.turn(fresh(1), told(fresh(1), 0, Effect.Send.Purpose.AGENT)));
    store.execute("update outbox set not_before = now() + interval '8 hours', due_at = not_before");
    Conversation later = after(fresh(1));
    store.write(store.turn(later, told(later, 0, Effect.Send.Purpose.AGENT), send(later, 1)));

    assertThat(store.leaseSends(10)).contains(effect(later, 0));
    store.execute("delete from outbox where turn = 2 and index = 0");
    assertThat(store.leaseSends(10)).containsExactly(effect(later, 1));
  }

  // ---- sends that turns hand over

  @Test
  void aSendThatIsHandedOverIsLeasedUntilItsCourierIsTakenForDead() {
    TurnRecord turn = handing(fresh(1));
    store.write(turn);
    Leased handed = Leased.handed(send(fresh(1), 0), turn.step().next(), turn.at());

    assertThat(store.leaseSends(10)).isEmpty();
    store.letLeasesExpire();
    assertThat(store.leaseSend()).isEqualTo(handed);
    assertThat(await(outbox.markInDoubt(handed))).isEqualTo(new LastLook.Go());
    assertThat(await(outbox.markInDoubt(handed))).isEqualTo(new LastLook.Gone());
  }

  @Test
  void aSendThatIsHandedOverWaitsForWhatItsConversationSaysBeforeIt() {
    store.write(store.turn(fresh(1), send(fresh(1), 0)));
    Conversation later = after(fresh(1));
    TurnRecord turn = handing(later);
    store.write(turn);
    Leased handed = Leased.handed(send(later, 0), turn.step().next(), turn.at());

    assertThat(await(outbox.markInDoubt(handed))).isEqualTo(new LastLook.Behind());
    await(outbox.giveBack(List.of(handed), Duration.ZERO, "behind"));
    Leased first = store.leaseSend();
    assertThat(first.id()).isEqualTo(effect(fresh(1), 0));
    assertThat(await(outbox.markInDoubt(first))).isEqualTo(new LastLook.Go());
    await(outbox.bury(first, "no"));
    assertThat(store.leaseSends(10)).containsExactly(effect(later, 0));
    assertThat(await(outbox.markInDoubt(handed))).isEqualTo(new LastLook.Go());
  }

  @Test
  void aSendThatIsHandedOverIsStoppedAsAnyOther() {
    TurnRecord turn = handing(fresh(1));
    store.write(turn);
    Leased handed = Leased.handed(send(fresh(1), 0), turn.step().next(), turn.at());
    store.write(store.turn(after(fresh(1)), new Effect.WithdrawSends(1)));

    assertThat(await(outbox.markInDoubt(handed))).isEqualTo(new LastLook.Gone());
  }

  @Test
  void aCallWaitsForNoMessageOfItsConversation() {
    store.write(store.turn(fresh(1), send(fresh(1), 0), call(fresh(1), 1, "https://example.com")));

    assertThat(await(outbox.markInDoubt(store.leaseCalls(1).getFirst())))
        .isEqualTo(new LastLook.Go());
  }

  private TurnRecord handing(Conversation before) {
    return store.turn(before, send(before, 0)).handing(Optional.of(effect(before, 0)));
  }

  @Test
  void theQuestionLeavesWhileItIsOpen() {
    store.write(
        store.turn(
            fresh(1),
            told(fresh(1), 0, Effect.Send.Purpose.QUESTION),
            new Effect.BlockContact(thread(1).theirs(), Block.UNCLEAR, "hm", NOW)));
    Leased leased = store.leaseSend();
    store.write(store.turn(after(fresh(1)), new Effect.WithdrawSends(1)));

    assertThat(await(outbox.markInDoubt(leased))).isEqualTo(new LastLook.Go());
  }

  @Test
  void theQuestionIsWithdrawnByAnAnswer() {
    store.write(
        store.turn(
            fresh(1),
            told(fresh(1), 0, Effect.Send.Purpose.QUESTION),
            new Effect.BlockContact(thread(1).theirs(), Block.UNCLEAR, "hm", NOW)));
    Leased leased = store.leaseSend();
    store.write(
        store.turn(
            after(fresh(1)),
            new Effect.BlockContact(thread(1).theirs(), Block.OPTED_OUT, "STOP", NOW)));

    assertThat(await(outbox.markInDoubt(leased))).isEqualTo(new LastLook.Gone());
    assertThat(store.count("outbox")).isZero();
    assertThat(store.texts("select outcome from delivery")).containsExactly("withdrawn");
  }

  @Test
  void anOpenQuestionHoldsWhatFlowsSay() {
    store.write(store.turn(fresh(1), send(fresh(1), 0)));
    Leased leased = store.leaseSend();
    store.write(
        store.turn(
            Conversation.fresh(new io.parley.engine.ThreadId(OTHER_SENDER, thread(1).theirs())),
            new Effect.BlockContact(thread(1).theirs(), Block.UNCLEAR, "hm", NOW)));

    assertThat(await(outbox.markInDoubt(leased))).isEqualTo(new LastLook.Blocked(Block.UNCLEAR));
  }

  // ---- orders

  /// A conversation that recovers a cart, and has heard of one order.
  private static Conversation recovering(int contact) {
    Conversation it = fresh(contact);
    return new Conversation(
        it.id(),
        it.thread(),
        it.turn(),
        it.owner(),
        it.epoch(),
        it.person(),
        it.execution(),
        it.messages(),
        it.runs(),
        it.traffic(),
        it.bargain(),
        new Engagement(Optional.empty(), Optional.of(NOW), List.of("heard"), List.of()),
        it.handoff(),
        it.untagged());
  }

  private void bought(String order, Instant at) {
    await(
        new Purchases(store.pool)
            .record(
                new Purchases.Order(
                    new Event.PurchaseSeen(order, Values.of("total", 39.5), at),
                    Optional.empty(),
                    Optional.of(thread(1).theirs().value())),
                NOW));
  }

  @Test
  void anOrderThatTheThreadKnowsOrThatIsOlderHoldsNothingBack() {
    bought("heard", NOW.plusSeconds(1));
    bought("old", NOW.minusSeconds(1));
    store.write(store.turn(recovering(1), send(fresh(1), 0)));

    assertThat(await(outbox.markInDoubt(store.leaseSend()))).isEqualTo(new LastLook.Go());
    assertThat(store.count("inbox")).isZero();
  }

  @Test
  void anOrderThatTheThreadDoesNotKnowWithdrawsAMessageAndIsToldToTheThread() {
    bought("unheard", NOW);
    bought("later", NOW.plusSeconds(1));
    store.write(store.turn(recovering(1), send(fresh(1), 0)));

    assertThat(await(outbox.markInDoubt(store.leaseSend()))).isEqualTo(new LastLook.Gone());

    assertThat(store.texts("select outcome from delivery")).containsExactly("withdrawn");
    assertThat(await(new Inbox(store.pool).lease(9, LEASE)))
        .singleElement()
        .satisfies(
            kept -> {
              assertThat(kept.source()).isEqualTo("purchase");
              assertThat(kept.thread()).isEqualTo(thread(1));
              assertThat(kept.event())
                  .isEqualTo(new Event.PurchaseSeen("unheard", Values.of("total", 39.5), NOW));
            });
  }

  @Test
  void aNoticeOvertakesWhatFlowsSay() {
    store.write(store.turn(fresh(1), send(fresh(1), 0)));
    store.write(store.turn(fresh(2), send(fresh(2), 0)));
    store.write(store.turn(after(fresh(2)), told(after(fresh(2)), 0, Effect.Send.Purpose.NOTICE)));

    assertThat(store.leaseSends(1)).containsExactly(effect(after(fresh(2)), 0));
    assertThat(store.leaseSends(10)).containsExactly(effect(fresh(1), 0), effect(fresh(2), 0));
  }

  @Test
  void aWithdrawnSendIsGone() {
    store.write(store.turn(fresh(1), send(fresh(1), 0)));
    Leased leased = store.leaseSend();
    store.write(store.turn(after(fresh(1)), new Effect.WithdrawSends(1)));

    assertThat(await(outbox.markInDoubt(leased))).isEqualTo(new LastLook.Gone());
  }

  @Test
  void aSendWithdrawnInDoubtIsGoneOnceItSurelyHasNotLeft() {
    store.write(store.turn(fresh(1), send(fresh(1), 0)));
    Leased leased = store.leaseSend();
    await(outbox.markInDoubt(leased));
    store.write(store.turn(after(fresh(1)), new Effect.WithdrawSends(1)));
    assertThat(store.texts("select outcome from delivery")).as("it may have left").isEmpty();
    await(outbox.postpone(leased, Duration.ZERO, "Twilio never had it"));

    assertThat(await(outbox.markInDoubt(store.leaseSend()))).isEqualTo(new LastLook.Gone());

    assertThat(store.texts("select outcome from delivery")).containsExactly("withdrawn");
    assertThat(store.texts("select 'left' from outbox")).isEmpty();
  }

  // ---- what became of messages

  private static List<EffectId> both(Conversation before) {
    return List.of(effect(before, 0), effect(before, 1));
  }

  private void accept(Conversation before, int index) {
    store.write(
        store.answer(
            after(before),
            new Event.SendAccepted(
                effect(before, index), new MessageSid("SM" + index), Values.EMPTY)));
  }

  @Test
  void whatWaitsIsOpenAtWhateverTimeItIsToLeave() {
    store.write(store.turn(fresh(1), later(fresh(1), 0)));
    store.write(store.turn(fresh(2), send(fresh(2), 0)));

    assertThat(await(outbox.departure(List.of(effect(fresh(1), 0))))).isEqualTo(Departure.OPEN);
    assertThat(await(outbox.departure(List.of(effect(fresh(2), 0))))).isEqualTo(Departure.OPEN);
  }

  @Test
  void whatIsInDoubtIsOpenThoughItWasWithdrawn() {
    store.write(store.turn(fresh(1), send(fresh(1), 0)));
    await(outbox.markInDoubt(store.leaseSend()));
    store.write(store.turn(after(fresh(1)), new Effect.WithdrawSends(1)));

    assertThat(await(outbox.departure(List.of(effect(fresh(1), 0))))).isEqualTo(Departure.OPEN);
  }

  @Test
  void oneOfThemThatWasTakenHasLeftWhateverBecameOfTheOthers() {
    store.write(store.turn(fresh(1), send(fresh(1), 0), send(fresh(1), 1)));
    await(outbox.markInDoubt(store.leaseSend()));
    accept(fresh(1), 0);
    assertThat(await(outbox.departure(both(fresh(1))))).as("one waits").isEqualTo(Departure.LEFT);

    store.write(store.turn(after(after(fresh(1))), new Effect.WithdrawSends(1)));

    assertThat(await(outbox.departure(both(fresh(1))))).isEqualTo(Departure.LEFT);
    assertThat(await(outbox.departure(List.of(effect(fresh(1), 1))))).isEqualTo(Departure.NONE);
  }

  @Test
  void whatWasWithdrawnOrRefusedHasNotLeftNorWill() {
    store.write(store.turn(fresh(1), send(fresh(1), 0), send(fresh(1), 1)));
    await(outbox.markInDoubt(store.leaseSend()));
    store.write(
        store.answer(
            after(fresh(1)),
            new Event.SendFailed(
                effect(fresh(1), 0), 21610, "opted_out", "no", Optional.of(Block.OPTED_OUT))),
        store.turn(after(after(fresh(1))), new Effect.WithdrawSends(1)));

    assertThat(await(outbox.departure(both(fresh(1))))).isEqualTo(Departure.NONE);
    assertThat(store.texts("select outcome from delivery order by outcome"))
        .containsExactly("opted_out", "withdrawn");
  }

  @Test
  void whatTheLastLookHeldBackIsOpenUntilItsConversationKnows() {
    store.write(store.turn(fresh(1), send(fresh(1), 0)));
    Leased leased = store.leaseSend();
    store.write(
        store.turn(
            Conversation.fresh(new io.parley.engine.ThreadId(OTHER_SENDER, thread(1).theirs())),
            new Effect.BlockContact(thread(1).theirs(), Block.OPTED_OUT, "STOP", NOW)));

    assertThat(await(outbox.markInDoubt(leased))).isEqualTo(new LastLook.Blocked(Block.OPTED_OUT));

    assertThat(await(outbox.departure(List.of(leased.id())))).isEqualTo(Departure.OPEN);
  }

  @Test
  void onlyMessagesDepart() {
    store.write(store.turn(fresh(1), call(fresh(1), 0, FAST), report(fresh(1), 1)));

    assertThat(await(outbox.departure(both(fresh(1))))).isEqualTo(Departure.NONE);
    assertThat(await(outbox.departure(List.of()))).isEqualTo(Departure.NONE);
  }

  // ---- in doubt

  @Test
  void aSendInDoubtIsLookedUpAfterTheGraceAndNeverLeasedForSending() {
    store.write(store.turn(fresh(1), send(fresh(1), 0), send(fresh(1), 1)));
    await(outbox.markInDoubt(store.leaseSend()));
    store.letLeasesExpire();

    assertThat(await(outbox.leaseInDoubt(10, LEASE, Duration.ofMinutes(1)))).isEmpty();
    assertThat(store.leaseSends(10)).as("nor is what stands behind it").isEmpty();
    List<Leased> inDoubt = await(outbox.leaseInDoubt(10, LEASE, Duration.ZERO));

    assertThat(inDoubt).extracting(Leased::id).containsExactly(effect(fresh(1), 0));
    assertThat(inDoubt.getFirst().inDoubtSince()).isPresent();
    assertThat(await(outbox.leaseInDoubt(10, LEASE, Duration.ZERO))).as("leased").isEmpty();
    await(outbox.keepInDoubt(inDoubt.getFirst(), Duration.ZERO, "not found yet"));
    assertThat(await(outbox.leaseInDoubt(10, LEASE, Duration.ZERO)))
        .extracting(Leased::inDoubtSince)
        .containsExactly(inDoubt.getFirst().inDoubtSince());
    await(outbox.postpone(inDoubt.getFirst(), Duration.ZERO, "Twilio never had it"));
    assertThat(store.leaseSends(10)).containsExactly(effect(fresh(1), 0));
  }

  @Test
  void whoLostARowToAnotherHasNoSayInItAnyMore() {
    store.write(store.turn(fresh(1), send(fresh(1), 0)));
    Leased first = store.leaseSend();
    await(outbox.markInDoubt(first));
    store.letLeasesExpire();
    Leased lookedUp = await(outbox.leaseInDoubt(10, LEASE, Duration.ZERO)).getFirst();
    store.letLeasesExpire();
    Leased lookedUpAgain = await(outbox.leaseInDoubt(10, LEASE, Duration.ZERO)).getFirst();
    await(outbox.postpone(lookedUpAgain, Duration.ZERO, "Twilio never had it"));
    Leased second = store.leaseSend();
    assertThat(await(outbox.markInDoubt(second))).isEqualTo(new LastLook.Go());

    await(outbox.postpone(lookedUp, Duration.ZERO, "Twilio never had it"));
    await(outbox.postpone(first, Duration.ZERO, "a stop overtook the send"));
    await(outbox.keepInDoubt(lookedUp, Duration.ZERO, "not found yet"));

    assertThat(store.leaseSends(10)).as("it is on its way").isEmpty();
    assertThat(await(outbox.leaseInDoubt(10, LEASE, Duration.ZERO))).as("nor looked up").isEmpty();
    await(outbox.postpone(second, Duration.ZERO, "too many requests"));
    assertThat(await(outbox.markInDoubt(first))).isEqualTo(new LastLook.Gone());
    assertThat(store.leaseSend().attempts()).isEqualTo(3);
  }

  @Test
  void noMoreSendsInDoubtAreLeasedThanAskedFor() {
    for (int contact = 0; contact < 5; contact++) {
      store.write(store.turn(fresh(contact), send(fresh(contact), 0)));
    }
    store.execute("update outbox set in_doubt_since = now()");

    assertThat(await(outbox.leaseInDoubt(2, LEASE, Duration.ZERO))).hasSize(2);
  }

  // ---- calls

  @Test
  void callsAreLeasedOldestFirstPastHostsThatAreBusy() {
    store.write(store.turn(fresh(1), call(fresh(1), 0, SLOW), call(fresh(1), 1, FAST)));
    store.write(store.turn(fresh(2), call(fresh(2), 0, FAST), send(fresh(2), 1)));
    store.write(store.turn(fresh(3), call(fresh(3), 0, SLOW)));

    assertThat(store.leaseCalls(10, "slow.example"))
        .extracting(Leased::id)
        .containsExactly(effect(fresh(2), 0));
    assertThat(store.leaseCalls(10))
        .as("of a conversation the first alone")
        .extracting(Leased::id)
        .containsExactly(effect(fresh(1), 0), effect(fresh(3), 0));
    assertThat(store.leaseSends(10)).containsExactly(effect(fresh(2), 1));
    assertThat(await(outbox.leaseReports(SINK, 10, LEASE))).isEmpty();
  }

  @Test
  void theAnswerToACallTakesItOutOfTheOutbox() {
    store.write(store.turn(fresh(1), call(fresh(1), 0, FAST)));
    store.write(store.turn(fresh(2), call(fresh(2), 0, FAST)));
    store.leaseCalls(10).forEach(row -> await(outbox.markInDoubt(row)));

    store.write(
        store.answer(
            after(fresh(1)),
            new Event.CallAnswered(effect(fresh(1), 0), 204, "", "", Values.EMPTY)),
        store.answer(
            after(fresh(2)), new Event.CallFailed(effect(fresh(2), 0), "timeout", "late")));

    assertThat(store.count("outbox")).isZero();
    assertThat(store.texts("select outcome from delivery order by outcome"))
        .containsExactly("answered 204", "timeout");
  }

  @Test
  void aStopWithdrawsTheCallsThatHaveNotLeft() {
    store.write(store.turn(fresh(1), call(fresh(1), 0, FAST)));
    store.write(store.turn(fresh(2), call(fresh(2), 0, FAST)));
    Leased left = store.leaseCalls(1).getFirst();
    assertThat(await(outbox.markInDoubt(left))).isEqualTo(new LastLook.Go());
    Leased leased = store.leaseCalls(1).getFirst();

    store.write(
        store.turn(after(fresh(1)), new Effect.WithdrawSends(1)),
        store.turn(after(fresh(2)), new Effect.WithdrawSends(1)));

    assertThat(await(outbox.markInDoubt(leased))).isEqualTo(new LastLook.Gone());
    await(outbox.postpone(left, Duration.ZERO, "it may be asked again"));
    assertThat(await(outbox.markInDoubt(store.leaseCalls(1).getFirst())))
        .as("nor again")
        .isEqualTo(new LastLook.Gone());
    assertThat(store.texts("select outcome from delivery"))
        .containsExactly("withdrawn", "withdrawn");
    assertThat(store.count("outbox")).isZero();
  }

  @Test
  void aConversationIsClosedWhateverIsWithdrawn() {
    Conversation begun = fresh(1);
    Effect.Request closing = Effect.Request.Conversation.closing("CH1", "");
    store.write(store.turn(begun, new Effect.Call(effect(begun, 0), closing)));

    store.write(store.turn(after(begun), new Effect.WithdrawSends(1)));

    assertThat(await(outbox.markInDoubt(store.leaseCalls(1).getFirst())))
        .isEqualTo(new LastLook.Go());
  }

  @Test
  void aBlockOfTheContactHoldsNoCallBack() {
    store.write(
        store.turn(
            fresh(1),
            call(fresh(1), 0, FAST),
            new Effect.BlockContact(thread(1).theirs(), Block.OPTED_OUT, "STOP", NOW)));

    assertThat(await(outbox.markInDoubt(store.leaseCalls(1).getFirst())))
        .isEqualTo(new LastLook.Go());
  }

  @Test
  void whatIsInDoubtIsFoundByItsDestination() {
    store.write(store.turn(fresh(1), call(fresh(1), 0, FAST), send(fresh(1), 1)));
    await(outbox.markInDoubt(store.leaseCalls(1).getFirst()));
    await(outbox.markInDoubt(store.leaseSend()));
    store.letLeasesExpire();

    assertThat(await(outbox.leaseInDoubt(Outbox.CALLS, 10, LEASE, Duration.ZERO)))
        .extracting(Leased::id)
        .containsExactly(effect(fresh(1), 0));
    assertThat(await(outbox.leaseInDoubt(10, LEASE, Duration.ZERO)))
        .extracting(Leased::id)
        .containsExactly(effect(fresh(1), 1));
  }

  @Test
  void aHostThatCannotBeOneHoldsNoTurnBack() {
    store.write(
        store.turn(fresh(1), call(fresh(1), 0, "https://" + "a".repeat(5_000) + ".example/")),
        store.turn(fresh(2), call(fresh(2), 0, "not a url")));

    assertThat(store.leaseCalls(10)).extracting(Leased::sender).containsExactly("", "");
  }

  // ---- reports

  @Test
  void reportsAreLeasedInOrderAndNonePastOneThatIsLeased() {
    store.write(store.turn(fresh(1), report(fresh(1), 0), report(fresh(1), 1)));
    store.write(store.turn(fresh(2), report(fresh(2), 0)));

    List<Leased> first = await(outbox.leaseReports(SINK, 1, LEASE));
    List<Leased> second = await(outbox.leaseReports(SINK, 10, LEASE));

    assertThat(first).extracting(Leased::id).containsExactly(effect(fresh(1), 0));
    assertThat(second).extracting(Leased::id).containsExactly(effect(fresh(2), 0));
    await(outbox.delivered(first));
    assertThat(await(outbox.leaseReports(SINK, 10, LEASE)))
        .extracting(Leased::id)
        .containsExactly(effect(fresh(1), 1));
  }

  @Test
  void twoNodesNeverInterleaveTheReportsOfAConversation() {
    Conversation conversation = fresh(1);
    for (int turn = 0; turn < 40; turn++) {
      Conversation before = conversation;
      List<Effect> reports = new ArrayList<>();
      for (int index = 0; index < 5; index++) {
        reports.add(report(before, index));
      }
      store.write(store.turn(before, reports.toArray(Effect[]::new)));
      conversation = after(before);
    }
    Set<EffectId> delivered = new HashSet<>();
    List<EffectId> order = new ArrayList<>();

    while (delivered.size() < 200) {
      List<Future<List<Leased>>> nodes = new ArrayList<>();
      for (int node = 0; node < 4; node++) {
        nodes.add(outbox.leaseReports(SINK, 7, LEASE));
      }
      await(Future.all(nodes));
      List<List<Leased>> holders =
          nodes.stream().map(Future::result).filter(rows -> !rows.isEmpty()).toList();
      assertThat(holders).hasSize(1);
      holders.forEach(
          rows -> {
            rows.forEach(row -> order.add(row.id()));
            rows.forEach(row -> delivered.add(row.id()));
            await(outbox.delivered(rows));
          });
    }

    assertThat(order)
        .isSortedAccordingTo(
            java.util.Comparator.comparingInt(EffectId::turn).thenComparingInt(EffectId::index));
    assertThat(store.count("outbox")).isZero();
    assertThat(store.count("delivery")).isEqualTo(200);
  }

  @Test
  void aReportThatWasTriedInVainCountsIt() {
    store.write(store.turn(fresh(1), report(fresh(1), 0)));
    List<Leased> leased = await(outbox.leaseReports(SINK, 1, LEASE));
    await(outbox.giveBack(leased, Duration.ZERO, "did not fit"));
    leased = await(outbox.leaseReports(SINK, 1, LEASE));
    assertThat(leased.getFirst().attempts()).isEqualTo(1);

    await(outbox.retry(leased, "answered 503"));

    leased = await(outbox.leaseReports(SINK, 1, LEASE));
    assertThat(leased.getFirst().attempts()).isEqualTo(2);
    assertThat(store.texts("select last_error from outbox")).containsExactly("answered 503");
  }

  // ---- dead letters

  @Test
  void aBuriedReportCanBeReadAndReplayed() {
    store.write(store.turn(fresh(1), report(fresh(1), 0), report(fresh(1), 1)));
    List<Leased> leased = await(outbox.leaseReports(SINK, 10, LEASE));
    await(outbox.bury(leased.getFirst(), "refused"));
    await(outbox.bury(leased.getLast(), "refused too"));
    DeadLetters letters = new DeadLetters(store.pool);

    assertThat(await(letters.list(DeadLetters.Which.ALL, 10)))
        .extracting(DeadLetters.DeadLetter::reason)
        .containsExactly("refused too", "refused");
    assertThat(await(letters.list(DeadLetters.Which.of(effect(fresh(1), 0)), 10)))
        .singleElement()
        .extracting(it -> it.body().toString())
        .asString()
        .contains("twilio_reply");
    assertThat(await(letters.list(DeadLetters.Which.of(effect(fresh(9), 0)), 10))).isEmpty();
    assertThat(
            await(
                letters.replay(
                    DeadLetters.Which.of(effect(fresh(1), 1)), DeadLetters.Done.NOTHING, 10)))
        .returns(1, DeadLetters.Done::letters);
    assertThat(await(letters.count())).isEqualTo(1);
    assertThat(await(letters.replay(DeadLetters.Which.ALL, DeadLetters.Done.NOTHING, 10)))
        .returns(1, DeadLetters.Done::letters);
    assertThat(await(letters.count())).isZero();
    assertThat(await(outbox.leaseReports(SINK, 10, LEASE))).hasSize(2);
  }

  @Test
  void whatWaitsForADestinationCanBeBuriedAltogether() {
    store.write(store.turn(fresh(1), send(fresh(1), 0), report(fresh(1), 1), report(fresh(1), 2)));

    assertThat(await(outbox.buryAll(SINK, "given up"))).isEqualTo(2);
    assertThat(await(outbox.buryAll(SINK, "given up"))).isZero();

    assertThat(store.texts("select destination from outbox")).containsExactly("twilio");
    assertThat(await(new DeadLetters(store.pool).counts())).containsExactly(Map.entry(SINK, 2L));
    await(new DeadLetters(store.pool).replay(DeadLetters.Which.ALL, DeadLetters.Done.NOTHING, 10));
    assertThat(await(outbox.leaseReports(SINK, 10, LEASE))).hasSize(2);
  }

  @Test
  void depthsTellWhatWaitsWhere() {
    store.write(store.turn(fresh(1), send(fresh(1), 0), report(fresh(1), 1), report(fresh(1), 2)));
    await(outbox.markInDoubt(store.leaseSend()));

    assertThat(await(outbox.depths()))
        .extracting(depth -> depth.destination() + " " + depth.rows() + " " + depth.inDoubt())
        .containsExactlyInAnyOrder("twilio 1 1", "customerio 2 0");
  }
}
