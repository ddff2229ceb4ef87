package io.parley.store;

import static io.parley.store.StoreFixture.NOW;
import static io.parley.store.StoreFixture.await;
import static io.parley.store.StoreFixture.thread;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.Address;
import io.parley.engine.ConversationId;
import io.parley.engine.Effect;
import io.parley.engine.EffectId;
import io.parley.engine.Person;
import io.parley.engine.Values;
import io.parley.store.LastCheck.Doubt;
import io.parley.store.LastCheck.Orders;
import io.parley.store.LastCheck.Question;
import io.parley.store.Outbox.Leased;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LastCheckTest {

  private static final String META = "meta";
  private static final Address PHONE = thread(1).theirs();
  private static final Address WORK = thread(2).theirs();

  private final StoreFixture store = new StoreFixture();
  private final LastCheck check = new LastCheck(store.pool);

  @AfterEach
  void close() {
    store.close();
  }

  private void tell(int conversation) {
    await(
        store.outbox.tell(
            new Effect.ReportOutcome(
                new EffectId(ConversationId.of(thread(conversation)), 1, 0),
                "conversion",
                Person.UNKNOWN,
                thread(conversation).theirs(),
                Values.EMPTY,
                NOW),
            List.of(Subscription.toAll(META))));
  }

  private List<Leased> lease() {
    return await(store.outbox.leaseReports(META, 1_000, Duration.ofMinutes(1)));
  }

  private static Question question(Leased row, String externalId, String email) {
    return new Question(
        row,
        Optional.of(externalId).filter(it -> !it.isEmpty()),
        Optional.of(email).filter(it -> !it.isEmpty()),
        true,
        Optional.of(new Orders(NOW, NOW.plusSeconds(60))));
  }

  /// What stands against a report about somebody.
  private Optional<Doubt> doubt(String externalId, String email) {
    tell(1);
    return lease().stream()
        .findFirst()
        .flatMap(
            row ->
                await(check.ask(List.of(question(row, externalId, email)))).values().stream()
                    .findFirst());
  }

  private void consent(String address, String id, String channel, String more) {
    store.execute(
        """
        insert into consent (address, external_id, channel, programme, state, method, source, evidence, at,
                             recorded_at)
        values ('%s', '%s', '%s', %s, now())
        """
            .formatted(address, id, channel, more));
  }

  private static String revoked(String programme, String method, Instant at) {
    return "'%s', 'revoked', '%s', 's', '', '%s'".formatted(programme, method, at);
  }

  private static String granted(Instant at) {
    return "'marketing', 'granted', 'form', 's', '', '%s'".formatted(at);
  }

  @Test
  void nothingStandsAgainstWhoIsUnknown() {
    assertThat(doubt("42", "jane@example.com")).isEmpty();
  }

  @Test
  void whoWasErasedSinceTheLeaseIsToldOfNoMore() {
    tell(1);
    Leased row = lease().getFirst();

    store.execute("delete from outbox");

    assertThat(await(check.ask(List.of(question(row, "", ""))))).containsValue(Doubt.ERASED);
  }

  @Test
  void anOptOutThatOutlivedAnErasureHolds() {
    store.execute(
        "insert into kept_opt_out (address_hash, at) values (keyed_hash('whatsapp:%s'), now())"
            .formatted(PHONE));

    assertThat(doubt("", "")).contains(Doubt.OPTED_OUT);
  }

  @Test
  void anOptOutAtAnyAddressOfThePersonHolds() {
    store.execute(
        """
        insert into contact (address, external_id, block, updated_at)
        values ('%s', '42', null, now()), ('%s', '42', 'OPTED_OUT', now())
        """
            .formatted(PHONE, WORK));

    assertThat(doubt("", "")).contains(Doubt.OPTED_OUT);
  }

  @Test
  void aConsentToMarketingThatWasTakenBackHoldsOnWhicheverChannel() {
    consent("jane@example.com", "", "email", revoked("marketing", "preferences", NOW));

    assertThat(doubt("", "Jane@Example.com")).contains(Doubt.CONSENT_REVOKED);
  }

  @Test
  void aNewerConsentLiftsWhatWasTakenBackAndWhatAListSays() {
    consent(PHONE.value(), "", "sms", revoked("marketing", "keyword", NOW));
    consent(PHONE.value(), "", "sms", granted(NOW.plusSeconds(2)));
    consent("", "42", "sms", revoked("*", "subscription", NOW.plusSeconds(1)));

    assertThat(doubt("42", "")).isEmpty();
  }

  @Test
  void anOlderConsentLiftsNothing() {
    consent(PHONE.value(), "", "sms", granted(NOW));
    consent("", "42", "sms", revoked("*", "subscription", NOW.plusSeconds(1)));

    assertThat(doubt("42", "")).contains(Doubt.CONSENT_REVOKED);
  }

  @Test
  void anotherProgrammesRevocationIsNoneOfMarketing() {
    consent(PHONE.value(), "", "sms", revoked("restock", "preferences", NOW));

    assertThat(doubt("", "")).isEmpty();
  }

  @Test
  void anOrderCountsThatWasPlacedSinceAndHeardOfSince() {
    store.execute(
        """
        insert into purchase (order_id, external_id, at, seen_at)
        values ('1', '42', '%1$s'::timestamptz - interval '1 second', now()),
               ('2', '42', '%1$s'::timestamptz + interval '1 second',
                '%1$s'::timestamptz + interval '59 seconds'),
               ('3', '43', '%1$s'::timestamptz + interval '1 second', now())
        """
            .formatted(NOW));

    assertThat(doubt("42", "")).isEmpty();
    store.execute("delete from outbox; delete from delivery");
    assertThat(doubt("43", "")).contains(Doubt.PURCHASED);
  }

  @Test
  void eachIsAnsweredByItself() {
    IntStream.rangeClosed(1, 3).forEach(this::tell);
    store.execute(
        "insert into contact (address, block, updated_at) values ('%s', 'OPTED_OUT', now())"
            .formatted(WORK));

    List<Question> questions = lease().stream().map(row -> question(row, "", "")).toList();

    assertThat(await(check.ask(questions)))
        .containsOnlyKeys(new EffectId(ConversationId.of(thread(2)), 1, 0));
  }

  /// What is read grows with the batch, and not with how many people there are.
  @Test
  void amongAHundredThousandContactsAllLookUpsGoByIndex() {
    store.execute(
        """
        insert into contact (address, external_id, updated_at)
        select '+1555' || lpad(i::text, 7, '0'), (i / 2)::text, now() from generate_series(1, 100000) i;
        insert into purchase (order_id, external_id, number, at, seen_at)
        select i::text, (i / 2)::text, '+1555' || lpad(i::text, 7, '0'), now(), now()
          from generate_series(1, 100000) i;
        insert into consent (address, external_id, channel, programme, state, method, source, evidence,
                             at, recorded_at)
        select '+1555' || lpad(i::text, 7, '0'), (i / 2)::text, 'sms', 'marketing', 'granted',
               'checkout', '', '', now(), now()
          from generate_series(1, 100000) i;
        insert into outbox (conversation, turn, index, destination, sender, contact, epoch, format, effect,
                            due_at, created_at)
        select gen_random_uuid(), 1, 0, 'other', '', '', 0, 1, '{}', now(), now()
          from generate_series(1, 20000);
        analyze;
        """);

    List<String> plan =
        await(
            store.pool.withConnection(
                connection ->
                    connection
                        .query(
                            "prepare asked (uuid[], int[], int[], text[], text[], text[], text[],"
                                + " boolean[], timestamptz[], timestamptz[]) as "
                                + LastCheck.SQL)
                        .execute()
                        .compose(
                            _ ->
                                connection
                                    .query(
                                        """
                                        explain (analyze, buffers, timing off) execute asked (
                                          array[gen_random_uuid(), gen_random_uuid()], '{1,1}', '{0,0}',
                                          '{meta,meta}', '{+15550050000,+15550060000}', '{"",""}',
                                          '{"",""}', '{true,true}', array[now(), null],
                                          array[now(), null])
                                        """)
                                    .execute())
                        .map(rows -> rows.stream().map(row -> row.getString(0)).toList())));

    assertThat(plan.stream().filter(line -> line.contains("Seq Scan")))
        .as(String.join("\n", plan))
        .allMatch(line -> Stream.of("kept_opt_out", "erasure_key").anyMatch(line::contains));
  }
}
