package io.parley.store;

import static io.parley.store.StoreFixture.NOW;
import static io.parley.store.StoreFixture.after;
import static io.parley.store.StoreFixture.alias;
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
import io.parley.engine.Effect.ScheduleTimer.Purpose;
import io.parley.engine.EffectId;
import io.parley.engine.Event;
import io.parley.engine.MessageSid;
import io.parley.engine.MessageStatus;
import io.parley.engine.Moment.ContactFacts;
import io.parley.engine.Person;
import io.parley.engine.ThreadId;
import io.parley.engine.Values;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TurnCommitterTest {

  private final StoreFixture store = new StoreFixture();

  @AfterEach
  void close() {
    store.close();
  }

  // ---- one statement

  @Test
  void turnsOfManyConversationsAreOneCommit() {
    List<TurnRecord> batch = new ArrayList<>();
    for (int contact = 0; contact < 256; contact++) {
      batch.add(store.turn(fresh(contact), send(fresh(contact), 0), report(fresh(contact), 1)));
    }

    List<Written> written = await(store.committer.write(batch));

    assertThat(written).hasSize(256).containsOnly(new Written.Committed());
    assertThat(store.count("turn")).isEqualTo(256);
    assertThat(store.count("conversation")).isEqualTo(256);
    assertThat(store.texts("select distinct xmin::text from turn")).hasSize(1);
    assertThat(
            store.texts("select destination || ':' || count(*) from outbox group by destination"))
        .containsExactlyInAnyOrder("twilio:256", "customerio:256");
  }

  @Test
  void aShortLinkIsThereWithTheMessageThatCarriesIt() {
    Links links = new Links(store.pool);
    Effect.KeepLink link =
        new Effect.KeepLink("4fWq9ZtKbM", "https://shop.example/cart", effect(fresh(1), 0));

    store.write(store.turn("first", fresh(1), send(fresh(1), 0), link));

    assertThat(await(links.find("4fWq9ZtKbM")))
        .contains(
            new Links.Link("4fWq9ZtKbM", "https://shop.example/cart", link.send(), thread(1), NOW));
    assertThat(await(links.find("4fWq9ZtKbN"))).isEmpty();
  }

  @Test
  void aTurnThatIsNotWrittenKeepsNoLink() {
    Effect.KeepLink link =
        new Effect.KeepLink("4fWq9ZtKbM", "https://shop.example/cart", effect(fresh(1), 0));
    store.write(store.turn("first", fresh(1)));

    store.write(store.turn("first", after(fresh(1)), link), store.turn("second", fresh(2)));

    assertThat(store.count("link")).isZero();
  }

  @Test
  void aCodeThatAnotherLinkHasKeepsOnlyItsOwnTurnBack() {
    EffectId one = effect(fresh(1), 0);
    EffectId two = effect(fresh(2), 0);
    store.write(store.turn(fresh(1), new Effect.KeepLink("4fWq9ZtKbM", "https://a.example", one)));

    List<Written> written =
        store.write(
            store.turn(fresh(2), new Effect.KeepLink("4fWq9ZtKbM", "https://b.example", two)),
            store.turn(fresh(3)));

    assertThat(written.getFirst()).isInstanceOf(Written.Unwritable.class);
    assertThat(written.getLast()).isEqualTo(new Written.Committed());
    assertThat(store.texts("select url from link")).containsExactly("https://a.example");
  }

  @Test
  void codesAreDerivedFromASecretThatStays() {
    String secret = await(new Links(store.pool).secret());

    assertThat(secret).hasSizeGreaterThan(64);
    assertThat(await(new Links(store.pool).secret())).isEqualTo(secret);
  }

  @Test
  void aTurnIsNotWrittenWhereTheRecordOfItsContactIsNotAsItsStepBelieved() {
    Contacts contacts = new Contacts(store.pool);
    await(contacts.optOut(thread(2).theirs(), "stop", NOW));
    ContactFacts stopped = new ContactFacts(Optional.of(Block.OPTED_OUT), Optional.of(NOW));
    ContactFacts stoppedLater =
        new ContactFacts(stopped.block(), Optional.of(NOW.plus(Duration.ofSeconds(1))));
    Optional<ContactFacts> nothing = Optional.of(ContactFacts.NOTHING_KNOWN);

    List<Written> written =
        store.write(
            store.turn("free", fresh(1), send(fresh(1), 0)).believing(nothing),
            store.turn("stopped", fresh(2), send(fresh(2), 0)).believing(nothing));

    assertThat(written).containsExactly(new Written.Committed(), new Written.Fenced());
    assertThat(store.texts("select contact from outbox"))
        .containsExactly(thread(1).theirs().value());
    assertThat(store.write(store.turn("stopped", fresh(2)).believing(Optional.of(stoppedLater))))
        .containsExactly(new Written.Fenced());
    assertThat(store.write(store.turn("stopped", fresh(2)).believing(Optional.of(stopped))))
        .containsExactly(new Written.Committed());
  }

  @Test
  void tenThousandTurnsAreQuick() {
    List<Conversation> conversations = new ArrayList<>();
    for (int contact = 0; contact < 2_560; contact++) {
      conversations.add(fresh(contact));
    }
    long begun = System.nanoTime();
    int turns = 0;

    for (int round = 0; round < 4; round++) {
      for (int from = 0; from < conversations.size(); from += TurnCommitter.MAX_BATCH) {
        List<TurnRecord> batch = new ArrayList<>();
        for (int i = from; i < from + TurnCommitter.MAX_BATCH; i++) {
          Conversation before = conversations.get(i);
          batch.add(store.turn(before, send(before, 0), report(before, 1)));
          conversations.set(i, after(before));
        }
        assertThat(await(store.committer.write(batch))).containsOnly(new Written.Committed());
        turns += batch.size();
      }
    }

    double seconds = (System.nanoTime() - begun) / 1e9;
    System.out.printf("%d turns in %.2f s: %.0f turns/s%n", turns, seconds, turns / seconds);
    assertThat(seconds).isLessThan(20);
  }

  @Test
  void aReportWaitsForThoseAloneWhoTakeIt() {
    Conversation before = fresh(1);
    TurnCommitter committer =
        new TurnCommitter(
            store.writing(),
            List.of(
                Subscription.toAll("all"),
                new Subscription("replies", "twilio_reply"::equals, false),
                new Subscription("sales", "conversion"::equals, false),
                new Subscription("people", _ -> false, true)));

    await(
        committer.write(
            List.of(
                store.turn(
                    before,
                    report(before, 0),
                    new Effect.ReportAttributes(
                        effect(before, 1),
                        Person.UNKNOWN,
                        before.thread().theirs(),
                        Values.EMPTY,
                        NOW)))));

    assertThat(store.texts("select destination || ' ' || index from outbox order by 1"))
        .containsExactly("all 0", "all 1", "people 1", "replies 0");
  }

  /// To plan the statement takes several times as long as to run it.
  @Test
  void theStatementIsPlannedOnceAndNotAtEachCommit() {
    PgConnection connection = store.writing();
    TurnCommitter committer =
        new TurnCommitter(connection, List.of(Subscription.toAll(StoreFixture.SINK)));
    for (int contact = 0; contact < 20; contact++) {
      Conversation before = fresh(contact);
      await(committer.write(List.of(store.turn(before, send(before, 0), report(before, 1)))));
    }

    Row plans = first(connection, "select generic_plans, custom_plans" + OF_THE_STATEMENT);

    assertThat(plans.getLong("generic_plans")).isEqualTo(20);
    assertThat(plans.getLong("custom_plans")).isZero();
  }

  /// As where all tables were empty when it was planned, and have grown since.
  @Test
  void theStatementReadsNoWholeTable() {
    PgConnection connection = store.writing();
    TurnCommitter committer =
        new TurnCommitter(connection, List.of(Subscription.toAll(StoreFixture.SINK)));
    await(committer.write(List.of(store.turn(fresh(1), send(fresh(1), 0)))));
    await(committer.write(List.of(store.turn(fresh(2), blocked(2)))));

    List<String> plans = new ArrayList<>();
    for (Row prepared :
        await(connection.query("select name, statement" + OF_THE_STATEMENT).execute())) {
      long parameters =
          Pattern.compile("\\$\\d+")
              .matcher(prepared.getString("statement"))
              .results()
              .map(MatchResult::group)
              .distinct()
              .count();
      String nothing = String.join(", ", Collections.nCopies((int) parameters, "null"));
      plans.add(
          await(
                  connection
                      .query(
                          "explain execute \"" + prepared.getString("name") + "\"(" + nothing + ")")
                      .execute())
              .stream()
              .map(row -> row.getString(0))
              .collect(Collectors.joining("\n")));
    }

    assertThat(plans)
        .hasSize(2)
        .allSatisfy(plan -> assertThat(plan).contains("Index").doesNotContain("Seq Scan"));
  }

  private static Effect.BlockContact blocked(int contact) {
    return new Effect.BlockContact(
        StoreFixture.thread(contact).theirs(), Block.OPTED_OUT, "STOP", StoreFixture.NOW);
  }

  @Test
  void whatIsRareIsWrittenTogetherWithWhatIsUsual() {
    List<Written> written =
        store.write(
            store.turn(fresh(1), send(fresh(1), 0)),
            store.turn(fresh(2), send(fresh(2), 0), blocked(2)));

    assertThat(written).containsOnly(new Written.Committed());
    assertThat(store.count("outbox where destination = 'twilio'")).isEqualTo(2);
    assertThat(store.count("contact where block = 'OPTED_OUT'")).isEqualTo(1);
  }

  private static final String OF_THE_STATEMENT =
      " from pg_prepared_statements where statement like 'with given%'";

  private static Row first(PgConnection connection, String sql) {
    return await(connection.query(sql).execute()).iterator().next();
  }

  /// Else a second stop, right after the first, would leave the conversation open for ever.
  @Test
  void theClosingOfAConversationIsNotWithdrawnWithWhatWaitsToLeave() {
    Conversation first = fresh(1);
    Effect.Call closing =
        new Effect.Call(
            effect(first, 0),
            new Effect.Request.Conversation(
                Effect.Request.Conversation.Operation.CLOSE, Values.of("sid", "CH1")));
    store.write(store.turn(first, closing, call(first, 1, "https://shop.example/")));

    store.write(store.turn(after(first), new Effect.WithdrawSends(1)));

    assertThat(store.leaseCalls(10)).extracting(Outbox.Leased::effect).containsExactly(closing);
  }

  // ---- repeats and fences

  @Test
  void aRepeatAnswersTheFirstTurnAndWritesNothing() {
    Conversation first = fresh(1);
    store.write(store.turn("event", first));
    Conversation second = after(first);

    Written written =
        store
            .write(
                store.turn(
                    "event",
                    second,
                    send(second, 0),
                    report(second, 1),
                    new Effect.ScheduleTimer(effect(second, 2), NOW, Purpose.REPLY_TIMEOUT),
                    new Effect.RecordContact(thread(1).theirs(), "person")))
            .getFirst();

    assertThat(written)
        .isEqualTo(
            new Written.Repeated(
                new Written.FirstTurn(1, Optional.empty(), after(fresh(1)), List.of())));
    assertThat(store.count("turn")).isEqualTo(1);
    assertThat(store.count("outbox")).isZero();
    assertThat(store.count("timer")).isZero();
    assertThat(store.count("contact")).isZero();
  }

  @Test
  void eitherOfTwoNamesMakesARepeat() {
    store.write(alias(store.turn("key", fresh(1)), "delivery"));
    store.write(store.turn("bare-delivery", fresh(2)));

    List<Written> written =
        store.write(
            alias(store.turn("other-key", fresh(3)), "delivery"),
            store.turn("delivery", fresh(4)),
            alias(store.turn("one-more-key", fresh(5)), "bare-delivery"),
            alias(store.turn("new-key", fresh(6)), "new-delivery"));

    assertThat(written.subList(0, 3)).allMatch(Written.Repeated.class::isInstance);
    assertThat(written.get(3)).isEqualTo(new Written.Committed());
    assertThat(store.count("turn")).isEqualTo(3);
  }

  @Test
  void ofTwoTurnsOfOneEventInABatchOneIsWritten() {
    List<Written> written =
        store.write(
            store.turn("event", fresh(1), send(fresh(1), 0)),
            store.turn("event", fresh(2), send(fresh(2), 0)));

    assertThat(written).filteredOn(Written.Committed.class::isInstance).hasSize(1);
    assertThat(written).filteredOn(Written.Repeated.class::isInstance).hasSize(1);
    assertThat(store.count("outbox")).isEqualTo(1);
  }

  @Test
  void theSameNumberOfTwoNodesIsFencedAndKeepsNoOtherBack() {
    TurnCommitter other = store.committer();
    store.write(store.turn(fresh(1)));

    List<Written> written =
        await(other.write(List.of(store.turn(fresh(2)), store.turn(fresh(1), send(fresh(1), 0)))));

    assertThat(written).containsExactly(new Written.Committed(), new Written.Fenced());
    assertThat(store.count("outbox")).isZero();
  }

  @Test
  void twoWritersThatMeetOnManyNamesAndContactsDoNotLockEachOtherOut() {
    TurnCommitter other = store.committer();
    for (int round = 0; round < 20; round++) {
      List<TurnRecord> forwards = new ArrayList<>();
      List<TurnRecord> backwards = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        forwards.add(contested(round, i, StoreFixture.OURS));
        backwards.addFirst(contested(round, i, new Address("+15550002222")));
      }

      Future<List<Written>> one = store.committer.write(forwards);
      Future<List<Written>> two = other.write(backwards);

      List<Written> all = new ArrayList<>(await(one));
      all.addAll(await(two));
      assertThat(all).filteredOn(Written.Committed.class::isInstance).hasSize(50);
      assertThat(all).filteredOn(Written.Repeated.class::isInstance).hasSize(50);
    }
  }

  private TurnRecord contested(int round, int i, Address ours) {
    Conversation before =
        Conversation.fresh(new ThreadId(ours, thread(round * 1_000 + i).theirs()));
    return store.turn(
        "round-" + round + "-" + i,
        before,
        new Effect.RecordContact(thread(i).theirs(), "person-" + i));
  }

  // ---- records that cannot be written

  @Test
  void whatPostgresRefusesIsIsolated() {
    List<Written> written =
        store.write(
            store.turn(fresh(1)),
            store.turn("with\0nul", fresh(2)),
            store.turn("long".repeat(5_000) + noise(9_000), fresh(3)),
            store.turn(fresh(4)));

    assertThat(written.get(0)).isEqualTo(new Written.Committed());
    assertThat(written.get(1)).isInstanceOf(Written.Unwritable.class);
    assertThat(written.get(2)).isInstanceOf(Written.Unwritable.class);
    assertThat(written.get(3)).isEqualTo(new Written.Committed());
  }

  /// Text that no compression makes fit an index.
  private static String noise(int length) {
    return new java.util.Random(1)
        .ints(length, 'a', 'z' + 1)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  @Test
  void aFirstTurnThatCannotBeReadKeepsNoOtherBack() {
    store.write(store.turn("event", fresh(1)));
    store.execute("update turn set state = 'spoilt'");

    List<Written> written = store.write(store.turn("event", after(fresh(1))), store.turn(fresh(2)));

    assertThat(written.getFirst()).isInstanceOf(Written.Unwritable.class);
    assertThat(written.getLast()).isEqualTo(new Written.Committed());
  }

  // ---- sends and their answers

  @Test
  void anAcceptedSendMovesToDelivery() {
    Conversation begun = fresh(1);
    store.write(store.turn(begun, send(begun, 0)));

    store.write(
        store.answer(
            after(begun),
            new Event.SendAccepted(effect(begun, 0), new MessageSid("SM1"), Values.EMPTY)));

    assertThat(store.count("outbox")).isZero();
    assertThat(store.texts("select outcome || ' ' || provider_id from delivery"))
        .containsExactly("accepted SM1");
    assertThat(await(store.outbox.accounted(begun.id()))).containsExactly(new MessageSid("SM1"));
  }

  @Test
  void aFailedSendMovesToDeliveryEvenWhereItsTurnWithdrawsAll() {
    Conversation begun = fresh(1);
    store.write(store.turn(begun, send(begun, 0), send(begun, 1)));

    store.write(
        store.answer(
            after(begun),
            new Event.SendFailed(
                effect(begun, 0), 0, "opted_out", "blocked", Optional.of(Block.OPTED_OUT)),
            new Effect.WithdrawSends(1)));

    assertThat(store.count("outbox")).isZero();
    assertThat(store.texts("select outcome from delivery"))
        .containsExactlyInAnyOrder("opted_out", "withdrawn");
  }

  @Test
  void aReportThatOvertakesTheAnswerSettlesASendInDoubt() {
    Conversation begun = fresh(1);
    store.write(store.turn(begun, send(begun, 0)));
    await(store.outbox.markInDoubt(store.leaseSend()));

    store.write(
        store.answer(
            after(begun),
            new Event.DeliveryReported(
                Optional.of(effect(begun, 0)),
                new MessageSid("SM1"),
                MessageStatus.SENT,
                0,
                "",
                Optional.empty(),
                Values.EMPTY)));

    assertThat(store.count("outbox")).isZero();
    assertThat(store.texts("select provider_id from delivery")).containsExactly("SM1");
  }

  @Test
  void sendsOfAnOlderEpochAreWithdrawnButNeverOnesInDoubt() {
    Conversation begun = fresh(1);
    store.write(store.turn(begun, send(begun, 0), send(begun, 1), report(begun, 2)));
    await(store.outbox.markInDoubt(store.leaseSend()));
    Conversation later = after(begun);

    store.write(
        store.turn(
            later,
            send(later, 0, StoreFixture.OURS, 0),
            new Effect.WithdrawSends(1),
            send(later, 2, StoreFixture.OURS, 1)));

    assertThat(store.texts("select turn || ':' || index from outbox where destination = 'twilio'"))
        .containsExactlyInAnyOrder("1:0", "2:2");
    assertThat(store.texts("select index from outbox where destination = 'customerio'"))
        .containsExactly("2");
  }

  // ---- timers

  @Test
  void timersAreSetCancelledAndGoneWhenTheyHaveFired() {
    Conversation begun = fresh(1);
    store.write(store.turn(begun, timer(begun, 0), timer(begun, 1), timer(begun, 2)));
    Conversation second = after(begun);
    store.write(
        store.turn(
            second,
            new Effect.CancelTimer(effect(begun, 0)),
            timer(second, 1),
            new Effect.CancelTimer(effect(second, 1))));

    store.write(store.answer(after(second), new Event.TimerFired(effect(begun, 1))));

    assertThat(store.texts("select turn || ':' || index from timer")).containsExactly("1:2");
  }

  private static Effect timer(Conversation before, int index) {
    return new Effect.ScheduleTimer(
        effect(before, index), NOW.plus(Duration.ofMinutes(index)), Purpose.REPLY_TIMEOUT);
  }

  // ---- contacts

  @Test
  void whatTwoConversationsOfABatchNoteOfOneContactIsFolded() {
    Address contact = thread(1).theirs();
    Conversation other = Conversation.fresh(new ThreadId(new Address("+15550002222"), contact));

    store.write(
        store.turn(fresh(1), new Effect.RecordContact(contact, "person")),
        store.turn(other, new Effect.BlockContact(contact, Block.OPTED_OUT, "STOP", NOW)));

    assertThat(
            store.texts("select external_id || ' ' || block || ' ' || block_evidence from contact"))
        .containsExactly("person OPTED_OUT STOP");
  }

  @Test
  void anOptOutBeatsWhatElseABatchSaysOfTheContact() {
    Address contact = thread(1).theirs();
    Conversation second = Conversation.fresh(new ThreadId(new Address("+15550002222"), contact));
    Conversation third = Conversation.fresh(new ThreadId(new Address("+15550003333"), contact));

    store.write(
        store.turn(fresh(1), new Effect.BlockContact(contact, Block.UNREACHABLE, "30006", NOW)),
        store.turn(second, new Effect.BlockContact(contact, Block.OPTED_OUT, "STOP", NOW)),
        store.turn(third, new Effect.UnblockContact(contact, Block.OPTED_OUT, "START", NOW)));
    store.write(
        store.turn(
            after(fresh(1)), new Effect.BlockContact(contact, Block.UNREACHABLE, "30005", NOW)));

    assertThat(store.texts("select block || ' ' || block_evidence from contact"))
        .containsExactly("OPTED_OUT STOP");
  }

  @Test
  void aContactIsBlockedAndUnblockedAndKeepsItsPerson() {
    Address contact = thread(1).theirs();
    Conversation begun = fresh(1);
    Journal journal = new Journal(store.pool);
    store.write(
        store.turn(
            begun,
            new Effect.RecordContact(contact, "person"),
            new Effect.BlockContact(contact, Block.OPTED_OUT, "STOP", NOW)));
    assertThat(await(journal.contact(contact)).block()).contains(Block.OPTED_OUT);

    store.write(
        store.turn(
            after(begun), new Effect.UnblockContact(contact, Block.OPTED_OUT, "START", NOW)));

    assertThat(await(journal.contact(contact)).block()).isEmpty();
    assertThat(
            store.texts(
                "select external_id || ' ' || block_evidence from contact where block_at is null"))
        .containsExactly("person START");
  }

  @Test
  void whoWritesAfterAnOptOutIsReachableAndStillOptedOut() {
    Address contact = thread(1).theirs();
    Conversation other = Conversation.fresh(new ThreadId(new Address("+15550002222"), contact));
    store.write(store.turn(other, new Effect.BlockContact(contact, Block.OPTED_OUT, "STOP", NOW)));

    store.write(store.turn(fresh(1), reached(contact)));

    assertThat(blocks()).containsExactly("OPTED_OUT STOP");
  }

  @Test
  void whoWritesIsReachable() {
    Address contact = thread(1).theirs();
    store.write(
        store.turn(fresh(1), new Effect.BlockContact(contact, Block.UNREACHABLE, "30006", NOW)));

    store.write(
        store.turn(
            after(fresh(1)),
            reached(contact),
            new Effect.UnblockContact(contact, Block.OPTED_OUT, "START", NOW.minusSeconds(9))));

    assertThat(blocks()).containsExactly("none START");
  }

  @Test
  void aStartFromBeforeTheStopLiftsNothing() {
    Address contact = thread(1).theirs();
    Conversation begun = fresh(1);
    store.write(store.turn(begun, new Effect.BlockContact(contact, Block.OPTED_OUT, "STOP", NOW)));

    store.write(
        store.turn(
            after(begun),
            new Effect.UnblockContact(contact, Block.OPTED_OUT, "START", NOW.minusMillis(1))));

    assertThat(blocks()).containsExactly("OPTED_OUT STOP");
  }

  @Test
  void anOlderStopLeavesTheTimeOfTheYounger() {
    Address contact = thread(1).theirs();
    Effect.BlockContact stop = new Effect.BlockContact(contact, Block.OPTED_OUT, "STOP", NOW);
    Effect.BlockContact older =
        new Effect.BlockContact(contact, Block.OPTED_OUT, "END", NOW.minusSeconds(60));
    store.write(store.turn(fresh(1), stop));
    store.write(store.turn(after(fresh(1)), older));

    store.write(
        store.turn(
            after(after(fresh(1))),
            new Effect.UnblockContact(contact, Block.OPTED_OUT, "START", NOW.minusSeconds(30))));

    assertThat(blocks()).containsExactly("OPTED_OUT END");
  }

  @Test
  void ofTwoBlocksTheWeightierHolds() {
    Address contact = thread(1).theirs();
    store.write(
        store.turn(fresh(1), new Effect.BlockContact(contact, Block.UNREACHABLE, "30006", NOW)));
    store.write(
        store.turn(after(fresh(1)), new Effect.BlockContact(contact, Block.UNCLEAR, "hm", NOW)));
    assertThat(blocks()).containsExactly("UNCLEAR hm");

    store.write(
        store.turn(fresh(2), new Effect.BlockContact(contact, Block.UNREACHABLE, "30006", NOW)));
    assertThat(blocks()).containsExactly("UNCLEAR hm");

    store.write(
        store.turn(
            after(fresh(2)), new Effect.BlockContact(contact, Block.OPTED_OUT, "STOP", NOW)));
    store.write(store.turn(fresh(3), new Effect.BlockContact(contact, Block.UNCLEAR, "hm", NOW)));
    assertThat(blocks()).containsExactly("OPTED_OUT STOP");
  }

  @Test
  void anAnswerLiftsTheOpenQuestionAndNoOptOut() {
    Address contact = thread(1).theirs();
    Effect answered = new Effect.UnblockContact(contact, Block.UNCLEAR, "go on", NOW);
    store.write(store.turn(fresh(1), new Effect.BlockContact(contact, Block.UNCLEAR, "hm", NOW)));
    store.write(store.turn(after(fresh(1)), answered));
    assertThat(blocks()).containsExactly("none go on");

    store.write(
        store.turn(fresh(2), new Effect.BlockContact(contact, Block.OPTED_OUT, "STOP", NOW)));
    store.write(store.turn(fresh(3), answered));
    assertThat(blocks()).containsExactly("OPTED_OUT STOP");
  }

  @Test
  void startLiftsTheOpenQuestionToo() {
    Address contact = thread(1).theirs();
    store.write(store.turn(fresh(1), new Effect.BlockContact(contact, Block.UNCLEAR, "hm", NOW)));

    store.write(
        store.turn(
            after(fresh(1)), new Effect.UnblockContact(contact, Block.OPTED_OUT, "START", NOW)));

    assertThat(blocks()).containsExactly("none START");
  }

  @Test
  void aReplyIsKeptWithItsTurnAndForgottenInTime() {
    store.write(
        store.turn(
            fresh(1),
            new Effect.KeepReply("hm ok", "9f86", List.of("yes", "no"), 0.5, "replies-1", "cart")));
    assertThat(
            store.texts(
                "select text || ' ' || text_sha256 || ' ' || tags || ' ' || score || ' ' || tagger"
                    + " || ' ' || flow || ' ' || turn from reply_review"))
        .containsExactly("hm ok 9f86 yes,no 0.5 replies-1 cart 1");

    ReplyReviews kept = new ReplyReviews(store.pool);
    store.execute("update reply_review set at = now() - interval '3 days'");
    assertThat(await(kept.forget(Duration.ofDays(4)))).isZero();
    assertThat(await(kept.forget(Duration.ofDays(2)))).isEqualTo(1);
    assertThat(store.count("reply_review")).isZero();
  }

  private static Effect reached(Address contact) {
    return new Effect.UnblockContact(contact, Block.UNREACHABLE, "the contact wrote to us", NOW);
  }

  private List<String> blocks() {
    return store.texts("select coalesce(block, 'none') || ' ' || block_evidence from contact");
  }

  // ---- the inbox

  @Test
  void aTurnTakesItsEventOutOfTheInbox() {
    TurnRecord turn = store.turn("event", fresh(1));
    Inbox inbox = new Inbox(store.pool);
    await(inbox.keep(InboxTest.kept("event"), "slow"));
    await(inbox.keep(InboxTest.kept("other"), "slow"));

    store.write(turn);

    assertThat(store.texts("select source_id from inbox")).containsExactly("other");
  }
}
