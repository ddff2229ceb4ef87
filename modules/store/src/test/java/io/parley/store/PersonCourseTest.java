package io.parley.store;

import static io.parley.store.StoreFixture.NOW;
import static io.parley.store.StoreFixture.after;
import static io.parley.store.StoreFixture.await;
import static io.parley.store.StoreFixture.fresh;
import static io.parley.store.StoreFixture.thread;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.Address;
import io.parley.engine.Block;
import io.parley.engine.Conversation;
import io.parley.engine.Effect;
import io.parley.engine.Event;
import io.parley.engine.FlowRef;
import io.parley.engine.FlowSid;
import io.parley.engine.Person;
import io.parley.engine.Step;
import io.parley.engine.ThreadId;
import io.parley.engine.Values;
import io.parley.engine.policy.Consent;
import io.parley.engine.policy.ConsentChannel;
import io.parley.engine.policy.ConsentRules.Kinship;
import io.parley.engine.policy.PersonFacts;
import io.parley.store.Purchases.Order;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/// What a step knew of the person, and its commit: between the two others write.
class PersonCourseTest {

  private static final FlowRef FLOW = new FlowRef(FlowSid.named("flow"), "flow", 1);
  private static final int RACES = 300;
  private static final int AT_ONCE = 12;
  private static final StoreFixture STORE = new StoreFixture();
  private static final Persons PERSONS = new Persons(STORE.pool);
  private static final Purchases PURCHASES = new Purchases(STORE.pool);
  private static final Journal JOURNAL = new Journal(STORE.pool);
  private static final List<TurnCommitter> WRITERS =
      IntStream.range(0, 6).mapToObj(_ -> STORE.committer()).toList();
  private static int names;

  @AfterAll
  static void close() {
    STORE.close();
  }

  // ---- what steps know and write

  private static Address address(int contact) {
    return thread(contact).theirs();
  }

  private static Future<Persons.Known> ask(int contact, String person) {
    return PERSONS.ask(
        new Persons.Question(
            address(contact),
            Optional.of(person),
            Kinship.NUMBER,
            Optional.of(thread(contact)),
            Persons.Ids.TOLD_AND_ON_RECORD));
  }

  private static TurnRecord trigger(int contact, String person, Persons.Known known) {
    Event event =
        new Event.Triggered(
            FLOW, new Person(Optional.of(person), Values.EMPTY), Values.EMPTY, NOW, Duration.ZERO);
    return record(contact, event, List.of(new Effect.RecordContact(address(contact), person)))
        .knowing(known.courses());
  }

  private static TurnRecord stop(int contact, Persons.Known known) {
    List<Effect> blocks = new ArrayList<>();
    for (PersonFacts.Known each : known.facts().addresses()) {
      blocks.add(new Effect.BlockContact(each.address(), Block.OPTED_OUT, "STOP", NOW));
    }
    return record(contact, new Event.EventSeen("stop", Values.EMPTY, NOW), blocks)
        .knowing(known.courses());
  }

  private static TurnRecord record(int contact, Event event, List<Effect> effects) {
    Conversation next = after(fresh(contact));
    return new TurnRecord(
        "test",
        "course-" + ++names,
        Optional.empty(),
        thread(contact),
        NOW,
        event,
        new Step.Turn(next, effects, List.of(), List.of()));
  }

  private static Order order(Optional<String> person, Optional<String> number) {
    return new Order(
        new Event.PurchaseSeen("o-" + ++names, Values.EMPTY, NOW.plusSeconds(1)), person, number);
  }

  private static Written write(TurnRecord record) {
    return STORE.write(record).getFirst();
  }

  // ---- one after the other

  @Test
  void aTriggerThatDoesNotKnowOfAnOrderIsNotWritten() {
    Persons.Known before = await(ask(1, "one"));

    await(PURCHASES.record(order(Optional.of("one"), Optional.empty()), NOW));

    assertThat(write(trigger(1, "one", before))).isEqualTo(new Written.Overtaken());
    assertThat(await(JOURNAL.load(thread(1))).conversation().turn()).isZero();
    assertThat(write(trigger(1, "one", await(ask(1, "one"))))).isEqualTo(new Written.Committed());
  }

  @Test
  void anOrderCountsByItsNumberAndByWhoIsOnRecordOfIt() {
    STORE.execute(
        "insert into contact (address, external_id, updated_at) values ('whatsapp:%s', 'two', now())"
            .formatted(address(2)));
    Persons.Known byNumber = await(ask(2, "somebody"));
    Persons.Known byRecord = await(ask(3, "two"));
    Persons.Known another = await(ask(4, "another"));

    await(PURCHASES.record(order(Optional.empty(), Optional.of(address(2).value())), NOW));

    assertThat(write(trigger(2, "somebody", byNumber))).isEqualTo(new Written.Overtaken());
    assertThat(write(trigger(3, "two", byRecord))).isEqualTo(new Written.Overtaken());
    assertThat(write(trigger(4, "another", another))).isEqualTo(new Written.Committed());
  }

  @Test
  void aTriggerThatDoesNotKnowOfARevocationIsNotWrittenAndAGrantIsInNobodysWay() {
    ConsentHistory consents = new ConsentHistory(STORE.pool);
    Persons.Known before = await(ask(5, "five"));

    await(consents.record(List.of(consent(Consent.State.GRANTED)), NOW));
    assertThat(await(ask(5, "five")).courses()).isEqualTo(before.courses());
    await(consents.record(List.of(consent(Consent.State.REVOKED)), NOW));

    assertThat(write(trigger(5, "five", before))).isEqualTo(new Written.Overtaken());
  }

  private static Consent consent(Consent.State state) {
    return new Consent(
        Optional.empty(),
        Optional.of("five"),
        ConsentChannel.SMS,
        Consent.MARKETING,
        state,
        Consent.Method.PREFERENCES,
        "shop",
        "",
        NOW);
  }

  @Test
  void aTriggerThatDoesNotKnowOfAStopIsNotWrittenNorAStopThatDoesNotKnowOfATrigger() {
    Persons.Known early = await(ask(7, "six"));
    Persons.Known stopping = await(ask(6, "six"));

    assertThat(write(stop(6, stopping))).isEqualTo(new Written.Committed());
    assertThat(write(trigger(7, "six", early))).isEqualTo(new Written.Overtaken());
    Persons.Known late = await(ask(8, "six"));
    assertThat(write(trigger(7, "six", await(ask(7, "six"))))).isEqualTo(new Written.Committed());
    assertThat(write(stop(8, late))).isEqualTo(new Written.Overtaken());
    assertThat(write(stop(8, await(ask(8, "six"))))).isEqualTo(new Written.Committed());
  }

  @Test
  void ofOneBatchEachIsWrittenOrNot() {
    Persons.Known stale = await(ask(20, "seven"));
    await(PURCHASES.record(order(Optional.of("seven"), Optional.empty()), NOW));

    assertThat(
            STORE.write(
                trigger(20, "seven", stale),
                STORE.turn(fresh(21)),
                trigger(22, "eight", await(ask(22, "eight")))))
        .containsExactly(new Written.Overtaken(), new Written.Committed(), new Written.Committed());
  }

  /// Whoever else tells that something stands against it is in no hurry.
  @Test
  void sixteenStopsAtOnceDoNotOvertakeEachOther() {
    List<TurnRecord> stops =
        IntStream.range(0, 16).mapToObj(i -> stop(30 + i, await(ask(30 + i, "nine")))).toList();

    List<Future<List<Written>>> written =
        IntStream.range(0, 16)
            .mapToObj(i -> WRITERS.get(i % WRITERS.size()).write(List.of(stops.get(i))))
            .toList();

    assertThat(written).allMatch(it -> await(it).getFirst().equals(new Written.Committed()));
  }

  // ---- at the same time

  /// Takes what was overtaken again, as the service does; whether it was written in the end.
  private static Future<Boolean> until(int contact, Supplier<Future<Optional<TurnRecord>>> step) {
    return step.get()
        .compose(
            record ->
                record.isEmpty()
                    ? Future.succeededFuture(false)
                    : WRITERS
                        .get(contact % WRITERS.size())
                        .write(List.of(record.get()))
                        .compose(
                            written -> {
                              if (written.getFirst() instanceof Written.Overtaken) {
                                return until(contact, step);
                              }
                              assertThat(written).containsOnly(new Written.Committed());
                              return Future.succeededFuture(true);
                            }));
  }

  private static void race(IntFunction<Future<?>> pair) {
    for (int from = 0; from < RACES; from += AT_ONCE) {
      await(Future.all(IntStream.range(from, from + AT_ONCE).mapToObj(pair).toList()));
    }
  }

  @Test
  void anOrderIsKnownToATriggerOrFindsItsThread() {
    race(
        i -> {
          int contact = 1_000 + i;
          String person = "order-race-" + i;
          Optional<String> id = i % 2 == 0 ? Optional.of(person) : Optional.empty();
          Optional<Address> number = i % 2 == 0 ? Optional.empty() : Optional.of(address(contact));
          Future<Boolean> begun =
              until(
                  contact,
                  () ->
                      ask(contact, person)
                          .map(
                              known ->
                                  known.facts().lastPurchase().isPresent()
                                      ? Optional.empty()
                                      : Optional.of(trigger(contact, person, known))));
          Future<List<ThreadId>> told =
              PURCHASES
                  .record(order(id, number.map(Address::value)), NOW)
                  .compose(_ -> JOURNAL.threadsOf(number, id));
          return Future.all(begun, told)
              .map(
                  _ ->
                      assertThat(!begun.result() || told.result().contains(thread(contact)))
                          .as("race " + i)
                          .isTrue());
        });
  }

  @Test
  void aStopIsKnownToATriggerOrReachesItsAddress() {
    STORE.execute(
        """
        insert into contact (address, external_id, updated_at)
        select '+1555' || lpad((10000 + i)::text, 7, '0'), 'stop-race-' || i, now()
          from generate_series(0, %d) i
        """
            .formatted(RACES));
    race(
        i -> {
          int one = 10_000 + i;
          int two = 20_000 + i;
          String person = "stop-race-" + i;
          Future<Boolean> begun =
              until(
                  two,
                  () ->
                      ask(two, person)
                          .map(
                              known ->
                                  known.facts().addresses().stream()
                                          .anyMatch(it -> it.block().isPresent())
                                      ? Optional.empty()
                                      : Optional.of(trigger(two, person, known))));
          Future<Boolean> stopped =
              until(one, () -> ask(one, person).map(known -> Optional.of(stop(one, known))));
          return Future.all(begun, stopped)
              .compose(_ -> JOURNAL.contact(address(two)))
              .map(
                  contact ->
                      assertThat(!begun.result() || contact.is(Block.OPTED_OUT))
                          .as("race " + i)
                          .isTrue());
        });
  }
}
