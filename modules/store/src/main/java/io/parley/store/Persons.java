package io.parley.store;

import io.parley.engine.Address;
import io.parley.engine.Block;
import io.parley.engine.ConversationId;
import io.parley.engine.ThreadId;
import io.parley.engine.policy.Consent;
import io.parley.engine.policy.ConsentRules.Kinship;
import io.parley.engine.policy.PersonFacts;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Who is behind an address: the addresses that belong together, and all that is on record of them.
/// Asked in one round trip, with all who are asked about at the same time; see [Gathering].
///
/// Addresses are one person's by their external id (`contact.external_id`), and by their phone
/// number where the policy says so. An external id that the asker knows counts, and not the one on
/// record: numbers change hands. A stop concerns both.
public final class Persons {

  /// A thread that has engaged the person by name counts, whomever its address belongs to by now:
  /// it is what the next trigger's commit would collide with.
  ///
  /// Every look-up stands in a part of its own that cannot be planned over a whole table: `offset
  /// 0` and `materialized` keep it a look-up by an index.
  static final String SQL =
      """
      select asked.n, found.*
        from unnest($1::text[], $2::text[], $3::boolean[], $4::uuid[], $5::boolean[])
               with ordinality
          as asked(address, external_id, by_number, conversation, on_record_too, n)
       cross join lateral (
        with own as materialized (
          select asked.address
          union all
          select twin_address(asked.address)
           where asked.by_number and twin_address(asked.address) is not null
        ), person as materialized (
          select coalesce(asked.external_id,
                          (select c.external_id from own
                             join contact c on c.address = own.address
                            where c.external_id is not null
                            order by c.address = asked.address desc limit 1)) as external_id
        ), ids as materialized (
          select external_id from person where external_id is not null
          union
          select c.external_id from own join contact c on c.address = own.address
           where asked.on_record_too and c.external_id is not null
        ), addresses as materialized (
          select address from own
          union
          select k.address
            from ids
            cross join lateral (select c.address from contact c
                                 where c.external_id = ids.external_id offset 0) c
            cross join lateral (values (c.address), (case when asked.by_number then twin_address(c.address) end))
              as k(address)
           where k.address is not null
        ), numbers as materialized (
          select distinct regexp_replace(address, '^whatsapp:', '') as number from addresses
        ), engaging as materialized (
          select e.conversation
            from (select 'id:' || external_id from ids
                  union all
                  select 'number:' || number from numbers where asked.by_number
                  union all
                  select 'address:' || address from addresses) as k(name)
           cross join lateral (select conversation from engaged
                                where engaged.person = k.name and live offset 0) e
        ), bought as (
          (select p.order_id, p.at from numbers
            cross join lateral (select order_id, at from purchase
                                 where number = numbers.number and number <> ''
                                 order by at desc limit 1) p)
          union all
          (select p.order_id, p.at from ids
            cross join lateral (select order_id, at from purchase
                                 where external_id = ids.external_id and external_id <> ''
                                 order by at desc limit 1) p)
        ), agreed as (
          select c.* from numbers
           cross join lateral (select * from consent where address = numbers.number offset 0) c
          union
          select c.* from ids
           cross join lateral (select * from consent
                                where external_id = ids.external_id and external_id <> ''
                                  and address = '' offset 0) c
        )
        select 'person' as kind, external_id as one, null as two, null as three, null as four,
               null as five, null as six, null as seven, null::timestamptz as at
          from person
        union all
        select 'address', k.address, case when o.at is not null then 'OPTED_OUT' else c.block end,
               null, null, null, null, null, coalesce(o.at, c.block_at)
          from addresses k
          left join lateral (select address, block, block_at from contact
                              where contact.address = k.address offset 0) c on true
          %s
        union all
        select 'course', k.name, coalesce(p.begun, 0)::text, coalesce(p.closed, 0)::text, null, null,
               null, null, null
          from (select 'id:' || external_id from ids
                union all
                select 'number:' || regexp_replace(asked.address, '^whatsapp:', '')) as k(name)
          left join lateral (select begun, closed from person_course
                              where person_course.person = k.name offset 0) p on true
        union all
        (select 'purchase', order_id, null, null, null, null, null, null, at from bought
          order by at desc limit 1)
        union all
        select 'thread', t.ours, t.theirs, case when t.live then 'live' end,
               case when t.handed then 'handed' end, null, null, null,
               t.until
          from (select c.ours, c.theirs,
                       exists (select from engaging where engaging.conversation = i.id)
                         or (select true from execution x
                              where x.conversation = i.id and x.ended_at is null limit 1) as live,
                       (select true from handoff h
                         where h.conversation = i.id and h.closed_at is null limit 1) as handed,
                       (select s.until from suppression s
                         where s.conversation = i.id and s.ended_at is null) as until
                  from (select c.id from addresses a
                         cross join lateral (select id from conversation
                                              where conversation.theirs = a.address offset 0) c
                        union
                        select conversation from engaging) i
                 cross join lateral (select ours, theirs from conversation
                                      where conversation.id = i.id offset 0) c
                 where i.id is distinct from asked.conversation) t
         where t.live or t.handed or t.until is not null
        union all
        (select distinct on (address, case when address = '' then external_id end, channel, programme,
                             method = 'subscription')
                'consent', address, external_id, channel, programme, state, method,
                source || chr(31) || evidence, at
           from agreed
          order by address, case when address = '' then external_id end, channel, programme,
                   method = 'subscription', at desc, state desc)
      ) found
      """
          .formatted(Contacts.KEPT);

  private final Gathering<Question> questions;

  public Persons(SqlClient client) {
    this.questions = new Gathering<>(client, SQL, Persons::parameters);
  }

  /// Who is asked about.
  ///
  /// @param externalId the id in Customer.io, where the asker knows it
  /// @param kinship which addresses are one person's
  /// @param asking the thread that asks, which is none of the person's other threads
  /// @param ids whom the external ids name
  public record Question(
      Address address,
      Optional<String> externalId,
      Kinship kinship,
      Optional<ThreadId> asking,
      Ids ids) {

    public Question(
        Address address, Optional<String> externalId, Kinship kinship, Optional<ThreadId> asking) {
      this(address, externalId, kinship, asking, Ids.TOLD);
    }
  }

  /// Which external ids count.
  public enum Ids {
    /// The one that the asker knows, else the one that is on record of the address.
    TOLD,
    /// Both.
    TOLD_AND_ON_RECORD
  }

  /// What is on record of a person.
  ///
  /// @param courses how far that has come, by each name of the person
  public record Known(PersonFacts facts, List<PersonCourse> courses) {

    public static final Known NOTHING = new Known(PersonFacts.NOTHING_KNOWN, List.of());

    public Known {
      courses = List.copyOf(courses);
    }
  }

  /// What is on record of a person.
  public Future<Known> ask(Question question) {
    return questions.ask(question).map(Persons::known);
  }

  private static Tuple parameters(List<Question> asked) {
    return Tuple.of(
        asked.stream().map(it -> it.address().value()).toArray(String[]::new),
        asked.stream().map(it -> it.externalId().orElse(null)).toArray(String[]::new),
        asked.stream().map(it -> it.kinship() == Kinship.NUMBER).toArray(Boolean[]::new),
        asked.stream()
            .map(it -> it.asking().map(thread -> ConversationId.of(thread).value()).orElse(null))
            .toArray(UUID[]::new),
        asked.stream().map(it -> it.ids() == Ids.TOLD_AND_ON_RECORD).toArray(Boolean[]::new));
  }

  private static Known known(List<Row> rows) {
    Optional<String> externalId = Optional.empty();
    Optional<PersonFacts.Purchase> purchase = Optional.empty();
    List<PersonFacts.Known> addresses = new ArrayList<>();
    List<PersonFacts.Other> threads = new ArrayList<>();
    List<Consent> consents = new ArrayList<>();
    List<PersonCourse> courses = new ArrayList<>();
    for (Row row : rows) {
      switch (row.getString("kind")) {
        case "person" -> externalId = Optional.ofNullable(row.getString("one"));
        case "address" -> addresses.add(address(row));
        case "course" ->
            courses.add(
                new PersonCourse(
                    row.getString("one"),
                    Long.parseLong(row.getString("two")),
                    Long.parseLong(row.getString("three"))));
        case "purchase" ->
            purchase =
                at(row).map(moment -> new PersonFacts.Purchase(row.getString("one"), moment));
        case "thread" ->
            threads.add(
                new PersonFacts.Other(
                    new ThreadId(
                        new Address(row.getString("one")), new Address(row.getString("two"))),
                    row.getString("three") != null,
                    at(row),
                    row.getString("four") != null));
        default -> ConsentHistory.read(row).ifPresent(consents::add);
      }
    }
    return new Known(new PersonFacts(externalId, addresses, purchase, threads, consents), courses);
  }

  private static PersonFacts.Known address(Row row) {
    return new PersonFacts.Known(
        new Address(row.getString("one")),
        Optional.ofNullable(row.getString("two")).map(Block::valueOf),
        at(row).orElse(Instant.EPOCH));
  }

  private static Optional<Instant> at(Row row) {
    return Optional.ofNullable(row.getOffsetDateTime("at")).map(OffsetDateTime::toInstant);
  }
}
