package io.parley.store;

import io.parley.engine.EffectId;
import io.parley.store.Outbox.Leased;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/// What has come to stand against telling an advertising network of people, asked at the moment of
/// sending and of a whole batch at once.
public final class LastCheck {

  private final SqlClient client;

  public LastCheck(SqlClient client) {
    this.client = client;
  }

  /// What is asked of one report.
  ///
  /// @param row holds who it is about
  /// @param email the person's, where it is known
  /// @param heedsOptOuts whether an opt-out stands against it
  /// @param orders which orders of the person stand against it; empty where none does
  public record Question(
      Leased row,
      Optional<String> externalId,
      Optional<String> email,
      boolean heedsOptOuts,
      Optional<Orders> orders) {}

  /// Orders that were placed since a moment, and heard of since another: what was known before has
  /// been thought of.
  public record Orders(Instant placedSince, Instant heardSince) {}

  /// What stands against a report.
  public enum Doubt {
    /// The person was erased since it was leased: its row is gone.
    ERASED,
    /// One of the person's addresses is blocked by an opt-out, or by the question about one.
    OPTED_OUT,
    /// A consent to marketing was taken back, on any channel.
    CONSENT_REVOKED,
    PURCHASED;

    /// `opted_out`
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// Every address counts that is, or was told to be, the person's: who is not told of is harmed
  /// less than who is told of wrongly. As in [Persons], each look-up goes by an index.
  static final String SQL =
      """
      with asked as materialized (
        select * from unnest($1::uuid[], $2::int[], $3::int[], $4::text[], $5::text[], $6::text[],
                             $7::text[], $8::boolean[], $9::timestamptz[], $10::timestamptz[])
          with ordinality
          as a(conversation, turn, index, destination, contact, external_id, email, heeds, since, heard, n)
      ), own as materialized (
        select n, contact as address from asked
        union
        select n, twin_address(contact) from asked where twin_address(contact) is not null
      ), ids as materialized (
        select n, external_id from asked where external_id <> ''
        union
        select own.n, c.external_id
          from own
         cross join lateral (select external_id from contact
                              where contact.address = own.address and external_id is not null
                             offset 0) c
      ), addresses as materialized (
        select n, address from own
        union
        select ids.n, k.address
          from ids
         cross join lateral (select c.address from contact c
                              where c.external_id = ids.external_id offset 0) c
         cross join lateral (values (c.address), (twin_address(c.address))) as k(address)
         where k.address is not null
      ), numbers as materialized (
        select distinct n, regexp_replace(address, '^whatsapp:', '') as number from addresses
      ), blocked as materialized (
        select k.n
          from addresses k
          left join lateral (select address, block from contact
                              where contact.address = k.address offset 0) c on true
          %s
         where o.at is not null or c.block in ('OPTED_OUT', 'UNCLEAR')
      ), agreed as (
        select l.n, c.*
          from (select n, number as address from numbers
                union select n, email from asked where email <> ''
                union select n, lower(email) from asked where email <> '') l
         cross join lateral (select * from consent where consent.address = l.address offset 0) c
        union
        select ids.n, c.*
          from ids
         cross join lateral (select * from consent
                              where external_id = ids.external_id and external_id <> ''
                                and address = '' offset 0) c
      ), standing as materialized (
        select distinct on (n, address, case when address = '' then external_id end, channel, programme,
                            method = 'subscription')
               n, channel, programme, state, method = 'subscription' as listed, at
          from agreed
         order by n, address, case when address = '' then external_id end, channel, programme,
                  method = 'subscription', at desc, state desc
      ), revoked as materialized (
        select s.n from standing s
         where s.state = 'revoked' and s.programme in ('marketing', '*')
           and not (s.listed and exists (select from standing g
                                          where g.n = s.n and g.channel = s.channel and not g.listed
                                            and g.state = 'granted' and g.at > s.at))
      ), bought as materialized (
        select a.n from asked a join numbers k on k.n = a.n
         cross join lateral (select 1 from purchase p
                              where p.number = k.number and p.number <> '' and p.at >= a.since
                                and p.seen_at >= a.heard
                              limit 1) p
        union
        select a.n from asked a join ids k on k.n = a.n
         cross join lateral (select 1 from purchase p
                              where p.external_id = k.external_id and p.external_id <> ''
                                and p.at >= a.since and p.seen_at >= a.heard
                              limit 1) p
      )
      select a.conversation, a.turn, a.index,
             case when not exists (select from outbox o
                                    where o.conversation = a.conversation and o.turn = a.turn
                                      and o.index = a.index and o.destination = a.destination)
                    then 'ERASED'
                  when a.heeds and a.n in (select n from blocked) then 'OPTED_OUT'
                  when a.heeds and a.n in (select n from revoked) then 'CONSENT_REVOKED'
                  when a.n in (select n from bought) then 'PURCHASED' end as doubt
        from asked a
      """
          .formatted(Contacts.KEPT);

  /// What stands against which report; those that nothing stands against are not among them.
  public Future<Map<EffectId, Doubt>> ask(List<Question> questions) {
    if (questions.isEmpty()) {
      return Future.succeededFuture(Map.of());
    }
    return client
        .preparedQuery(SQL)
        .execute(
            Tuple.tuple()
                .addValue(
                    questions.stream()
                        .map(it -> it.row().id().conversation().value())
                        .toArray(UUID[]::new))
                .addValue(
                    questions.stream().map(it -> it.row().id().turn()).toArray(Integer[]::new))
                .addValue(
                    questions.stream().map(it -> it.row().id().index()).toArray(Integer[]::new))
                .addValue(texts(questions, it -> it.row().destination()))
                .addValue(texts(questions, it -> it.row().contact()))
                .addValue(texts(questions, it -> it.externalId().orElse("")))
                .addValue(texts(questions, it -> it.email().orElse("")))
                .addValue(questions.stream().map(Question::heedsOptOuts).toArray(Boolean[]::new))
                .addValue(times(questions, Orders::placedSince))
                .addValue(times(questions, Orders::heardSince)))
        .map(LastCheck::doubts);
  }

  private static String[] texts(List<Question> questions, Function<Question, String> text) {
    return questions.stream().map(text).toArray(String[]::new);
  }

  private static OffsetDateTime[] times(List<Question> questions, Function<Orders, Instant> time) {
    return questions.stream()
        .map(it -> it.orders().map(time).map(TurnStatement::utc).orElse(null))
        .toArray(OffsetDateTime[]::new);
  }

  private static Map<EffectId, Doubt> doubts(RowSet<Row> rows) {
    Map<EffectId, Doubt> doubts = new LinkedHashMap<>();
    for (Row row : rows) {
      Optional.ofNullable(row.getString("doubt"))
          .map(Doubt::valueOf)
          .ifPresent(doubt -> doubts.put(Outbox.id(row), doubt));
    }
    return doubts;
  }
}
