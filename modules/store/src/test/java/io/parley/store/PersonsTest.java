package io.parley.store;

import static io.parley.store.StoreFixture.NOW;
import static io.parley.store.StoreFixture.OURS;
import static io.parley.store.StoreFixture.await;
import static io.parley.store.StoreFixture.fresh;
import static io.parley.store.StoreFixture.thread;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.Address;
import io.parley.engine.Block;
import io.parley.engine.Conversation;
import io.parley.engine.Effect;
import io.parley.engine.Event;
import io.parley.engine.ThreadId;
import io.parley.engine.Values;
import io.parley.engine.policy.Consent;
import io.parley.engine.policy.Consent.Method;
import io.parley.engine.policy.Consent.State;
import io.parley.engine.policy.ConsentChannel;
import io.parley.engine.policy.ConsentRules.Kinship;
import io.parley.engine.policy.PersonFacts;
import io.parley.store.Purchases.Order;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PersonsTest {

  private static final Address PHONE = thread(1).theirs();
  private static final Address WORK = thread(2).theirs();
  private static final Address WHATSAPP = new Address("whatsapp:" + PHONE);

  private final StoreFixture store = new StoreFixture();
  private final Persons persons = new Persons(store.pool);
  private final Purchases purchases = new Purchases(store.pool);
  private final ConsentHistory consents = new ConsentHistory(store.pool);
  private final Suppressions suppressions = new Suppressions(store.pool);

  @AfterEach
  void close() {
    store.close();
  }

  private PersonFacts ask(Address address, Optional<String> externalId, Kinship kinship) {
    return await(
            persons.ask(new Persons.Question(address, externalId, kinship, Optional.of(thread(1)))))
        .facts();
  }

  private PersonFacts ask(Address address) {
    return ask(address, Optional.empty(), Kinship.NUMBER);
  }

  private void know(Address address, String externalId) {
    execute(
        "insert into contact (address, external_id, updated_at) values ('%s', '%s', now())"
            .formatted(address, externalId));
  }

  private void execute(String sql) {
    store.execute(sql);
  }

  private static List<String> addresses(PersonFacts facts) {
    return facts.addresses().stream().map(it -> it.address().value()).sorted().toList();
  }

  // ---- which addresses

  @Test
  void ofAnUnknownAddressNothingIsKnownButItsTwin() {
    PersonFacts facts = ask(PHONE);

    assertThat(addresses(facts)).containsExactly(PHONE.value(), WHATSAPP.value());
    assertThat(facts.externalId()).isEmpty();
    assertThat(facts.lastPurchase()).isEmpty();
    assertThat(facts.threads()).isEmpty();
    assertThat(facts.consents()).isEmpty();
  }

  @Test
  void addressesBelongTogetherByExternalIdAndByNumber() {
    know(PHONE, "42");
    know(WORK, "42");
    know(thread(3).theirs(), "43");

    assertThat(addresses(ask(WHATSAPP)))
        .containsExactly(PHONE.value(), WORK.value(), WHATSAPP.value(), "whatsapp:" + WORK);
    assertThat(ask(WHATSAPP).externalId()).contains("42");
    assertThat(addresses(ask(PHONE, Optional.empty(), Kinship.ADDRESS)))
        .containsExactly(PHONE.value(), WORK.value());
    assertThat(addresses(ask(WHATSAPP, Optional.empty(), Kinship.ADDRESS)))
        .containsExactly(WHATSAPP.value());
  }

  @Test
  void anExternalIdThatIsToldCountsAndNotTheOneOnRecord() {
    know(PHONE, "42");
    know(WORK, "42");
    know(thread(3).theirs(), "43");

    assertThat(addresses(ask(PHONE, Optional.of("43"), Kinship.ADDRESS)))
        .containsExactly(PHONE.value(), thread(3).theirs().value());
  }

  @Test
  void theBlocksOfAllAddressesAreTold() {
    know(PHONE, "42");
    know(WORK, "42");
    await(new Contacts(store.pool).optOut(WORK, "STOP", NOW));

    assertThat(ask(PHONE).addresses())
        .contains(
            new PersonFacts.Known(WORK, Optional.of(Block.OPTED_OUT), NOW),
            new PersonFacts.Known(PHONE, Optional.empty(), Instant.EPOCH));
  }

  // ---- purchases

  @Test
  void thePurchaseThatWasMadeLastIsFoundByNumberAndByExternalId() {
    know(PHONE, "42");
    record("1", Optional.of("42"), Optional.empty(), 0);
    record("2", Optional.empty(), Optional.of(PHONE.value()), 60);
    record("3", Optional.of("43"), Optional.empty(), 90);

    assertThat(ask(WHATSAPP).lastPurchase())
        .contains(new PersonFacts.Purchase("2", NOW.plusSeconds(60)));
    assertThat(ask(WORK, Optional.of("43"), Kinship.NUMBER).lastPurchase())
        .contains(new PersonFacts.Purchase("3", NOW.plusSeconds(90)));
    assertThat(ask(WORK).lastPurchase()).isEmpty();
  }

  @Test
  void aPurchaseThatIsToldOfLateIsNotTheLast() {
    record("2", Optional.empty(), Optional.of(PHONE.value()), 60);
    record("1", Optional.empty(), Optional.of(PHONE.value()), 0);

    assertThat(ask(PHONE).lastPurchase()).map(PersonFacts.Purchase::orderId).contains("2");
  }

  @Test
  void anOrderThatIsSeenTwiceIsOne() {
    assertThat(record("1", Optional.of("42"), Optional.empty(), 60)).isTrue();
    assertThat(record("1", Optional.of("42"), Optional.of(PHONE.value()), 0)).isFalse();
    assertThat(record("1", Optional.empty(), Optional.of(PHONE.value()), 90)).isFalse();

    assertThat(store.texts("select order_id || ' ' || external_id || ' ' || number from purchase"))
        .containsExactly("1 42 " + PHONE);
    assertThat(ask(PHONE).lastPurchase()).map(PersonFacts.Purchase::at).contains(NOW);
    assertThat(record("1", Optional.of("43"), Optional.empty(), 0))
        .as("the order of another person, of another shop")
        .isTrue();
  }

  @Test
  void anOrderThatIsToldOfTwiceAtTheSameTimeIsNewOnce() {
    List<Boolean> fresh =
        Stream.of("42", "42", "42", "42", "42", "42")
            .map(id -> order("1", Optional.of(id), Optional.of(PHONE.value()), 0))
            .map(order -> purchases.record(order, NOW))
            .toList()
            .stream()
            .map(StoreFixture::await)
            .toList();

    assertThat(fresh).containsOnlyOnce(true);
    assertThat(store.count("purchase")).isEqualTo(1);
  }

  private boolean record(
      String order, Optional<String> externalId, Optional<String> number, int seconds) {
    return await(purchases.record(order(order, externalId, number, seconds), NOW));
  }

  private static Order order(
      String order, Optional<String> externalId, Optional<String> number, int seconds) {
    return new Order(
        new Event.PurchaseSeen(order, Values.EMPTY, NOW.plusSeconds(seconds)), externalId, number);
  }

  // ---- other threads

  @Test
  void otherThreadsThatAreLiveOrSuppressAreTold() {
    ThreadId whatsApp = new ThreadId(new Address("whatsapp:" + OURS), WHATSAPP);
    Conversation other = Conversation.fresh(whatsApp);
    store.write(
        store.turn(fresh(1), new Effect.RecordContact(PHONE, "42")),
        store.turn(other),
        store.turn(fresh(2), new Effect.RecordContact(WORK, "42")),
        store.turn(fresh(3)));
    live(fresh(1));
    live(other);
    live(fresh(3));
    Instant until = NOW.plusSeconds(3600);
    open(fresh(2), until);
    open(other, until);
    end(other);

    assertThat(ask(PHONE).threads())
        .containsExactlyInAnyOrder(
            new PersonFacts.Other(whatsApp, true, Optional.empty()),
            new PersonFacts.Other(thread(2), false, Optional.of(until)));
  }

  @Test
  void aThreadInWhichAPersonSpeaksIsTold() {
    store.write(
        store.turn(fresh(1), new Effect.RecordContact(PHONE, "42")),
        store.turn(
            fresh(2),
            new Effect.RecordContact(WORK, "42"),
            new Effect.OpenHandoff(StoreFixture.effect(fresh(2), 1), Values.EMPTY, 1)));

    assertThat(ask(PHONE).threads())
        .containsExactly(new PersonFacts.Other(thread(2), false, Optional.empty(), true));
  }

  /// Its address may have got another owner meanwhile.
  @Test
  void aThreadThatHasEngagedThePersonIsToldWhomeverItsAddressBelongsTo() {
    store.write(
        store.turn(
            fresh(2),
            new Effect.RecordContact(WORK, "43"),
            new Effect.Engage(List.of("id:42", "number:" + WORK), true)),
        store.turn(fresh(3), new Effect.Engage(List.of("id:42"), false)));

    assertThat(ask(PHONE, Optional.of("42"), Kinship.NUMBER).threads())
        .containsExactly(new PersonFacts.Other(thread(2), true, Optional.empty()));
    assertThat(ask(new Address("whatsapp:" + WORK), Optional.empty(), Kinship.NUMBER).threads())
        .hasSize(1);
    assertThat(ask(PHONE).threads()).isEmpty();
  }

  private void live(Conversation conversation) {
    execute(
        "insert into execution (sid, flow, revision, conversation, first_turn, contact,"
            + " initiated_by, started_at) values ('FN%1$s', 'FW', 1, '%1$s', 1, '%2$s', 'x', now())"
                .formatted(conversation.id(), conversation.thread().theirs()));
  }

  // ---- suppression windows

  private void open(Conversation conversation, Instant until) {
    execute(
        "insert into suppression (conversation, reason, started_at, until)"
            + " values ('%s', 'conversation', '%s', '%s')"
                .formatted(conversation.id(), NOW, until));
  }

  private void end(Conversation conversation) {
    execute(
        "update suppression set ended_at = '%s', ended_reason = 'elapsed' where conversation = '%s'"
            .formatted(NOW, conversation.id()));
  }

  @Test
  void aWindowIsEndedOnceItIsOver() {
    open(fresh(1), NOW.plusSeconds(60));

    assertThat(await(suppressions.end(fresh(1).id(), NOW.plusSeconds(59), "unknown"))).isFalse();
    assertThat(await(suppressions.end(fresh(1).id(), NOW.plusSeconds(60), "unknown"))).isTrue();
    assertThat(await(suppressions.end(fresh(1).id(), NOW.plusSeconds(61), "again"))).isFalse();
    assertThat(store.texts("select ended_reason from suppression")).containsExactly("unknown");
  }

  @Test
  void theWindowsThatAreOverAreSweptTheLongestOverFirst() {
    store.write(store.turn(fresh(1)), store.turn(fresh(2)), store.turn(fresh(3)));
    for (int i = 1; i <= 3; i++) {
      open(fresh(i), NOW.plusSeconds(100 - i * 10L));
    }
    end(fresh(2));

    assertThat(await(suppressions.over(NOW.plusSeconds(90), 10)))
        .extracting(Suppressions.Over::thread)
        .containsExactly(thread(3), thread(1));
    assertThat(await(suppressions.over(NOW.plusSeconds(69), 10))).isEmpty();
  }

  // ---- consents

  @Test
  void ofEachAddressChannelAndProgrammeTheNewestConsentIsTold() {
    know(PHONE, "42");
    know(WORK, "42");
    Consent grant = consent(Optional.of(PHONE.value()), State.GRANTED, "marketing", 0);
    Consent revoked = consent(Optional.of(PHONE.value()), State.REVOKED, "marketing", 60);
    Consent late = consent(Optional.of(PHONE.value()), State.GRANTED, "marketing", 30);
    Consent orders = consent(Optional.of(PHONE.value()), State.GRANTED, "orders", 0);
    Consent ofPerson = consent(Optional.empty(), State.GRANTED, "marketing", 0);
    Consent ofWork = consent(Optional.of(WORK.value()), State.GRANTED, "marketing", 10);
    Instant told = NOW.plusSeconds(600);
    assertThat(await(consents.record(List.of(grant, revoked, orders, ofPerson, ofWork), told)))
        .isEqualTo(5);
    assertThat(await(consents.record(List.of(late, revoked), told))).isEqualTo(1);

    assertThat(ask(WHATSAPP).consents())
        .containsExactlyInAnyOrder(revoked, orders, ofPerson, ofWork);
    assertThat(store.count("consent")).as("the history").isEqualTo(6);
  }

  @Test
  void nothingWasSaidLaterThanItWasTold() {
    await(
        consents.record(
            List.of(consent(Optional.of(PHONE.value()), State.GRANTED, "marketing", 60)), NOW));

    assertThat(ask(PHONE).consents()).extracting(Consent::at).containsExactly(NOW);
  }

  @Test
  void ofTwoConsentsOfOneMomentTheRevocationIsTold() {
    Consent grant = consent(Optional.of(PHONE.value()), State.GRANTED, "marketing", 0);
    Consent revoked = consent(Optional.of(PHONE.value()), State.REVOKED, "marketing", 0);
    await(consents.record(List.of(revoked, grant), NOW));

    assertThat(ask(PHONE).consents()).containsExactly(revoked);
  }

  private static Consent consent(
      Optional<String> number, State state, String programme, int seconds) {
    return new Consent(
        number,
        Optional.of("42"),
        ConsentChannel.SMS,
        programme,
        state,
        Method.CHECKOUT,
        "shop",
        "https://shop.example.com/checkout",
        NOW.plusSeconds(seconds));
  }

  // ---- the plan

  /// Each look-up goes by an index, and what is read does not grow with the number of contacts.
  @Test
  void amongAHundredThousandContactsAllLookUpsGoByIndex() {
    store.execute(
        """
        insert into contact (address, external_id, updated_at)
        select '+1555' || lpad(i::text, 7, '0'), (i / 2)::text, now() from generate_series(1, 100000) i;
        insert into conversation (id, ours, theirs, created_at)
        select gen_random_uuid(), '+15550001111', '+1555' || lpad(i::text, 7, '0'), now()
          from generate_series(1, 100000) i;
        insert into execution (sid, flow, revision, conversation, first_turn, contact, initiated_by,
                               started_at, ended_at)
        select 'FN' || id, 'FW', 1, id, 1, theirs, 'x', now(), case when random() < 0.9 then now() end
          from conversation;
        insert into suppression (conversation, reason, started_at, until)
        select id, 'x', now(), now() from conversation where random() < 0.3;
        insert into purchase (order_id, external_id, number, at, seen_at)
        select i::text, (i / 2)::text, '+1555' || lpad(i::text, 7, '0'), now(), now()
          from generate_series(1, 100000) i;
        insert into consent (address, external_id, channel, programme, state, method, source, evidence,
                             at, recorded_at)
        select '+1555' || lpad(i::text, 7, '0'), (i / 2)::text, 'sms', 'marketing', 'granted',
               'checkout', '', '', now() - n * interval '1 day', now()
          from generate_series(1, 100000) i cross join generate_series(1, 2) n;
        insert into kept_opt_out (address_hash, at)
        select keyed_hash('+1666' || i), now() from generate_series(1, 1000) i;
        insert into person_course (person, begun, closed, seen)
        select 'number:' || theirs, 1, 1, 0 from conversation;
        insert into engaged (person, conversation, live)
        select 'number:' || theirs, id, random() < 0.1 from conversation;
        insert into handoff (conversation, turn, index, ours, theirs, flow, widget, epoch, format, effect,
                             state, opened_at, closed_at)
        select id, 1, 0, ours, theirs, '', '', 1, 4, '', 'QUEUED', now(),
               case when random() < 0.5 then now() end
          from conversation where random() < 0.1;
        analyze;
        """);
    assertThat(ask(thread(50_000).theirs()).consents()).isNotEmpty();

    for (String mode : List.of("force_generic_plan", "force_custom_plan")) {
      List<String> plan = plan(mode);

      assertThat(plan.stream().filter(line -> line.contains("Seq Scan")))
          .as(String.join("\n", plan))
          .allMatch(line -> line.contains("kept_opt_out") || line.contains("erasure_key"));
      assertThat(buffers(plan)).as(String.join("\n", plan)).isLessThan(400);
    }
  }

  private List<String> plan(String mode) {
    String name = mode.substring(6);
    return await(
        store.pool.withConnection(
            connection ->
                connection
                    .query("set plan_cache_mode = " + mode)
                    .execute()
                    .compose(
                        _ ->
                            connection
                                .query(
                                    "prepare "
                                        + name
                                        + " (text[], text[], boolean[], uuid[], boolean[]) as "
                                        + Persons.SQL)
                                .execute())
                    .compose(
                        _ ->
                            connection
                                .query(
                                    "explain (analyze, buffers, timing off) execute "
                                        + name
                                        + " (array['+15550050000', '+15550050007'],"
                                        + " array[null, null], array[true, true],"
                                        + " array[null, null]::uuid[], array[true, true])")
                                .execute())
                    .map(rows -> rows.stream().map(row -> row.getString(0)).toList())));
  }

  private static long buffers(List<String> plan) {
    String line =
        plan.stream().filter(it -> it.strip().startsWith("Buffers:")).findFirst().orElseThrow();
    return Long.parseLong(line.replaceAll(".*hit=(\\d+).*", "$1"));
  }
}
