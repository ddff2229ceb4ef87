package io.parley.store;

import io.parley.codec.Codec;
import io.parley.engine.Address;
import io.parley.engine.ConversationId;
import io.parley.engine.Effect;
import io.parley.engine.EffectId;
import io.parley.engine.Outcomes;
import io.parley.engine.Person;
import io.parley.engine.ThreadId;
import io.parley.engine.Values;
import io.parley.engine.outcomes.OutcomeCatalogue;
import io.parley.engine.rules.Audience;
import io.parley.engine.rules.Audience.Facts;
import io.parley.engine.rules.Audience.Judgement;
import io.parley.engine.rules.Audience.News;
import io.parley.engine.rules.AudienceReason;
import io.parley.engine.rules.Standing;
import io.parley.store.Memberships.Change;
import io.parley.store.Memberships.Look;
import io.parley.store.Memberships.Member;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One change of a person's memberships, in a transaction of its caller's: the person is locked,
/// read, judged, written and reported. Confined to one transaction.
final class MembershipTurn {

  private final SqlClient connection;
  private final List<Subscription> subscriptions;
  private final Look look;

  private final List<Change> changes = new ArrayList<>();
  private final List<Seat> written = new ArrayList<>();
  private final List<Seat> dropped = new ArrayList<>();
  private final List<Effect.ReportOutcome> exits = new ArrayList<>();
  private final List<Effect.ReportOutcome> entries = new ArrayList<>();

  MembershipTurn(SqlClient connection, List<Subscription> subscriptions, Look look) {
    this.connection = connection;
    this.subscriptions = subscriptions;
    this.look = look;
  }

  /// A row: where a person stands in an audience.
  private static final class Seat {
    final String audience;
    final String person;
    final UUID conversation;
    final boolean isNew;
    String externalId;
    String number;
    Standing standing;
    int changes;
    boolean told;

    /// When time alone moves the person.
    Optional<Instant> due = Optional.empty();

    /// Until when a member is one.
    Optional<Instant> ends = Optional.empty();

    /// Of somebody of whom nothing was known in this audience.
    Seat(String audience, Member member) {
      this.audience = audience;
      this.person = member.name();
      this.conversation =
          ConversationId.of(
                  new ThreadId(new Address("audience:" + audience), new Address(member.name())))
              .value();
      this.isNew = true;
      this.externalId = "";
      this.number = "";
      this.standing = Standing.NONE;
    }

    Seat(Row row) {
      audience = row.getString("audience");
      person = row.getString("person");
      conversation = row.getUUID("conversation");
      isNew = false;
      externalId = row.getString("external_id");
      number = row.getString("number");
      standing =
          new Standing(
              time(row, "event"),
              time(row, "entered_at"),
              Optional.ofNullable(row.getString("cohort")),
              time(row, "left_at"));
      changes = row.getInteger("changes");
      told = row.getBoolean("told");
    }

    void is(Standing now, Audience audience) {
      standing = now;
      due = audience.due(now);
      ends = audience.ends(now);
    }

    private static Optional<Instant> time(Row row, String column) {
      return Optional.ofNullable(row.getOffsetDateTime(column)).map(OffsetDateTime::toInstant);
    }
  }

  /// What is on record of the person beside seats.
  private record OnRecord(Facts facts, Optional<String> email) {}

  private record Names(Set<String> ids, Set<String> numbers) {}

  // ---- news

  Future<List<Change>> judge(Member member, News news) {
    return isThere(member)
        .compose(
            there ->
                there
                    ? names(member)
                        .compose(
                            names ->
                                lock(member, names)
                                    .compose(_ -> seats(member, names))
                                    .compose(
                                        seats ->
                                            record(member, names)
                                                .compose(
                                                    record -> {
                                                      judge(
                                                          known(member, names),
                                                          news,
                                                          seats,
                                                          record);
                                                      return write();
                                                    })))
                    : Future.succeededFuture(List.of()));
  }

  /// The call that tells the news, so that it cannot be erased meanwhile.
  private Future<Boolean> isThere(Member member) {
    return member.call().isEmpty()
        ? Future.succeededFuture(true)
        : connection
            .preparedQuery("select seq from ingested where seq = $1 for update")
            .execute(Tuple.of(member.call().get()))
            .map(rows -> rows.size() == 1);
  }

  /// The names that belong together: those that were told, and by what is on record the others. An
  /// id that was told counts, and not the one on record of a number.
  private Future<Names> names(Member member) {
    return connection
        .preparedQuery(
            """
            with ids as materialized (
              select $1::text as id where $1 <> ''
              union
              select c.external_id from (values ($2::text), ('whatsapp:' || $2)) as a(address)
               cross join lateral (select external_id from contact
                                    where contact.address = a.address offset 0) c
               where $1 = '' and $2 <> '' and c.external_id is not null
              union
              select substr(t.person, 4) from trait t
               where $1 = '' and $2 <> '' and t.name = 'phone' and t.value = '"' || $2 || '"'
                 and t.person like 'id:%'
              union
              select m.external_id from audience_member m
               where $1 = '' and $2 <> '' and m.number = $2 and m.number <> '' and m.external_id <> ''
            )
            select 'id' as kind, id as name from ids
            union
            select 'number', $2::text where $2 <> ''
            union
            select 'number', regexp_replace(c.address, '^whatsapp:', '') from ids
             cross join lateral (select address from contact where external_id = ids.id offset 0) c
             where c.address ~ '^(whatsapp:)?[+]'
            union
            select 'number', t.value::json #>> '{}' from ids
              join trait t on t.person = 'id:' || ids.id and t.name = 'phone'
             where t.value like '"+%'
            union
            select 'number', m.number from ids
              join audience_member m on m.external_id = ids.id and m.external_id <> ''
             where m.number <> ''
            order by 1, 2
            """)
        .execute(Tuple.of(member.externalId().orElse(""), member.number().orElse("")))
        .map(
            rows -> {
              Names names = new Names(new LinkedHashSet<>(), new LinkedHashSet<>());
              rows.forEach(
                  row ->
                      (row.getString("kind").equals("id") ? names.ids() : names.numbers())
                          .add(row.getString("name")));
              return names;
            });
  }

  /// Of one person one change is made at a time. Locks are taken in one order.
  private Future<Void> lock(Member member, Names names) {
    return connection
        .preparedQuery(
            """
            select pg_advisory_xact_lock(key)
              from (select distinct hashtextextended('parley.audience.' || name, 0) as key
                      from unnest($1::text[]) as n(name) order by 1) k
            """)
        .execute(Tuple.of((Object) all(member, names)))
        .mapEmpty();
  }

  private static String[] all(Member member, Names names) {
    Set<String> all = new LinkedHashSet<>();
    all.add(member.name());
    all.addAll(member.formerly());
    names.ids().forEach(id -> all.add("id:" + id));
    names.numbers().forEach(number -> all.add("number:" + number));
    return all.toArray(String[]::new);
  }

  /// Who has the number and another id is somebody else, where the news names an id.
  private Future<List<Seat>> seats(Member member, Names names) {
    return connection
        .preparedQuery(
            """
            select audience, person, conversation, external_id, number, event, entered_at, cohort, left_at,
                   changes, told
              from audience_member
             where (person = any($1::text[])
                    or external_id <> '' and external_id = any($2::text[])
                    or number <> '' and number = any($3::text[]))
               and (not $4 or external_id = '' or external_id = any($2::text[])
                    or person = any($5::text[]))
             order by audience, person for update
            """)
        .execute(
            Tuple.tuple()
                .addValue(all(member, names))
                .addValue(names.ids().toArray(String[]::new))
                .addValue(names.numbers().toArray(String[]::new))
                .addValue(member.externalId().isPresent())
                .addValue(member.formerly().toArray(String[]::new)))
        .map(rows -> rows.stream().map(Seat::new).toList());
  }

  private Future<OnRecord> record(Member member, Names names) {
    return connection
        .preparedQuery(
            """
            with numbers as materialized (
              select number from unnest($3::text[]) as n(number)
            ), ids as materialized (
              select id from unnest($2::text[]) as i(id)
            ), addresses as materialized (
              select a.address from numbers
               cross join lateral (values (number), ('whatsapp:' || number)) as a(address)
            ), said as (
              select c.* from numbers
               cross join lateral (select * from consent where address = numbers.number offset 0) c
              union
              select c.* from ids
               cross join lateral (select * from consent
                                    where external_id = ids.id and external_id <> '' offset 0) c
            ), newest as (
              select distinct on (address, case when address = '' then external_id end, channel,
                                  method = 'subscription') state
                from said where programme = 'marketing'
               order by address, case when address = '' then external_id end, channel,
                        method = 'subscription', at desc, state desc
            )
            select exists (select from addresses k
                            left join lateral (select address, block from contact
                                                where contact.address = k.address offset 0) c on true
                            %s
                            where c.block = 'OPTED_OUT' or o.at is not null)
                   or exists (select from ids
                               cross join lateral (select block from contact
                                                    where external_id = ids.id offset 0) c
                               where c.block = 'OPTED_OUT')
                   or exists (select from newest where state = 'revoked') as opted_out,
                   greatest(
                     (select max(p.at) from numbers
                       cross join lateral (select at from purchase
                                            where number = numbers.number and number <> ''
                                            order by at desc limit 1) p),
                     (select max(p.at) from ids
                       cross join lateral (select at from purchase
                                            where external_id = ids.id and external_id <> ''
                                            order by at desc limit 1) p)) as bought_at,
                   (select value::json #>> '{}' from trait
                     where person = any($1::text[]) and name = 'email' and value like '"%%'
                     order by person limit 1) as email
            """
                .formatted(Contacts.KEPT))
        .execute(
            Tuple.of(
                all(member, names),
                names.ids().toArray(String[]::new),
                names.numbers().toArray(String[]::new)))
        .map(
            rows -> {
              Row row = rows.iterator().next();
              return new OnRecord(
                  new Facts(
                      row.getBoolean("opted_out"),
                      Optional.ofNullable(row.getOffsetDateTime("bought_at"))
                          .map(OffsetDateTime::toInstant),
                      look.holdouts()),
                  Optional.ofNullable(row.getString("email")).or(member::email));
            });
  }

  /// Whom only a number was told of is who is on record of it, where that is one person.
  private static Member known(Member member, Names names) {
    boolean numbered = member.externalId().isEmpty() && member.name().startsWith("number:");
    return numbered && names.ids().size() == 1
        ? Member.of(names.ids().stream().findFirst(), member.number())
        : member;
  }

  // ---- judging

  private void judge(Member member, News news, List<Seat> seats, OnRecord record) {
    Map<String, List<Seat>> byAudience = new LinkedHashMap<>();
    seats.forEach(
        seat -> byAudience.computeIfAbsent(seat.audience, _ -> new ArrayList<>()).add(seat));
    for (Audience audience : look.audiences()) {
      List<Seat> here = byAudience.getOrDefault(audience.name(), List.of());
      byAudience.remove(audience.name());
      judge(audience, member, news, here, record);
    }
    byAudience.values().stream().flatMap(List::stream).forEach(seat -> remove(seat, record));
  }

  private void judge(
      Audience audience, Member member, News news, List<Seat> here, OnRecord record) {
    Seat own =
        here.stream()
            .filter(seat -> seat.person.equals(member.name()))
            .findFirst()
            .or(() -> here.stream().filter(seat -> isOf(member, seat)).findFirst())
            .or(() -> here.stream().findFirst())
            .orElseGet(() -> new Seat(audience.name(), member));
    boolean merged = false;
    for (Seat seat : here) {
      if (seat != own && isOther(member, own, seat)) {
        settle(audience, seat, news, record, false);
      } else if (seat != own) {
        merged |= absorb(own, seat, record);
      }
    }
    if (own.externalId.isEmpty() || member.formerly().contains("id:" + own.externalId)) {
      merged |= own.told && member.externalId().isPresent();
      own.externalId = member.externalId().orElse(own.externalId);
    }
    member.number().ifPresent(number -> own.number = number);
    settle(audience, own, news, record, merged);
  }

  private static boolean isOf(Member member, Seat seat) {
    return member.externalId().filter(seat.externalId::equals).isPresent();
  }

  /// Of those who share a number each is somebody who has an id of their own. Whoever turns out to
  /// be somebody has that one's id; a stop only names who is meant besides.
  private static boolean isOther(Member member, Seat own, Seat seat) {
    return !seat.externalId.isEmpty()
        && !seat.externalId.equals(own.externalId)
        && !isOf(member, seat)
        && !(member.externalId().isPresent() && member.formerly().contains(seat.person));
  }

  /// Two seats of one person become one. What other systems know of the other is taken back first.
  private boolean absorb(Seat own, Seat seat, OnRecord record) {
    boolean known = seat.told;
    if (known) {
      tellExit(seat, AudienceReason.MERGED, record);
    }
    if (own.standing.isMember() && seat.standing.isMember()) {
      changes.add(new Change(seat.audience, false, AudienceReason.MERGED));
    }
    own.standing = own.standing.or(seat.standing);
    own.number = own.number.isEmpty() ? seat.number : own.number;
    dropped.add(seat);
    return known;
  }

  /// @param merged whether a member is to be told again, since more is known of who it is
  private void settle(Audience audience, Seat seat, News news, OnRecord record, boolean merged) {
    Standing before = seat.standing;
    Judgement judgement = audience.judge(before, news, record.facts(), look.now());
    AudienceReason why = judgement.moved().orElse(AudienceReason.MERGED);
    boolean exits = before.isMember() && !judgement.after().isMember();
    boolean enters = !before.isMember() && judgement.after().isMember();
    seat.ends = audience.ends(before);
    if (exits && seat.told) {
      tellExit(seat, why, record);
    }
    seat.is(judgement.after(), audience);
    if (seat.standing.isMember() && (merged || !seat.told) && contact(seat, record).isPresent()) {
      tellEntry(seat, why, record);
    }
    if (exits || enters) {
      changes.add(new Change(seat.audience, enters, why));
    }
    if (!seat.isNew || !seat.standing.equals(Standing.NONE)) {
      written.add(seat);
    }
  }

  /// Its audience is not in the file any more.
  private void remove(Seat seat, OnRecord record) {
    if (seat.standing.equals(Standing.NONE)) {
      return;
    }
    if (seat.standing.isMember()) {
      changes.add(new Change(seat.audience, false, AudienceReason.REMOVED));
    }
    if (seat.told) {
      tellExit(seat, AudienceReason.REMOVED, record);
    }
    seat.standing = Standing.NONE;
    written.add(seat);
  }

  // ---- reports

  /// By what other systems may know the member; empty where by nothing.
  private static Optional<Address> contact(Seat seat, OnRecord record) {
    return Memberships.named(seat.number)
        .or(() -> record.email())
        .or(() -> Memberships.named(seat.externalId).map(id -> "id:" + id))
        .map(Address::new);
  }

  private void tellExit(Seat seat, AudienceReason why, OnRecord record) {
    seat.changes++;
    seat.told = false;
    exits.add(report(Outcomes.AUDIENCE_EXITED, seat, why, record));
  }

  private void tellEntry(Seat seat, AudienceReason why, OnRecord record) {
    seat.changes++;
    seat.told = true;
    entries.add(report(Outcomes.AUDIENCE_ENTERED, seat, why, record));
  }

  /// There is no conversation: reports are named by audience, person and number of the change.
  private Effect.ReportOutcome report(String name, Seat seat, AudienceReason why, OnRecord record) {
    Optional<Address> known = contact(seat, record);
    Address contact = known.orElseGet(() -> new Address(seat.person));
    ConversationId named = new ConversationId(seat.conversation);
    Values properties =
        Values.of("schema_version", OutcomeCatalogue.VERSION)
            .with("conversation_id", named.toString())
            .with("channel", contact.channel().word())
            .with("sender", "")
            .with("audience", seat.audience)
            .with("computation_id", Audience.computationId(seat.audience))
            .with("reason", why.word())
            .with("entered_at", seat.standing.enteredAt().orElse(look.now()).toString());
    Optional<String> cohort = seat.standing.cohort().filter(it -> !it.isEmpty());
    properties =
        seat.ends.isPresent()
            ? properties.with("window_ends_at", seat.ends.get().toString())
            : properties;
    properties =
        cohort.isPresent() ? properties.with("experiment_cohort", cohort.get()) : properties;
    return new Effect.ReportOutcome(
        new EffectId(named, seat.changes, 0),
        name,
        new Person(
            Memberships.named(seat.externalId),
            record.email().map(email -> Values.of("email", email)).orElse(Values.EMPTY)),
        contact,
        properties,
        look.now());
  }

  // ---- the whole membership

  /// Tells some more members of the first audience whose membership is to be told again.
  Future<Optional<Integer>> tellAgain(int most) {
    return connection
        .query(
            """
            select name, resynced_to from audience where resynced_to is not null
             order by name limit 1 for update skip locked
            """)
        .execute()
        .compose(
            rows ->
                rows.size() == 0
                    ? Future.succeededFuture(Optional.empty())
                    : tellAgain(rows.iterator().next(), most).map(Optional::of));
  }

  private Future<Integer> tellAgain(Row audience, int most) {
    String name = audience.getString("name");
    return connection
        .preparedQuery(
            """
            select m.audience, m.person, m.conversation, m.external_id, m.number, m.event, m.entered_at,
                   m.cohort, m.left_at, m.changes, m.told,
                   (select t.value::json #>> '{}' from trait t
                     where t.person in (m.person, 'id:' || m.external_id) and t.name = 'email'
                       and t.value like '"%' order by t.person desc limit 1) as email
              from audience_member m
             where m.audience = $1 and m.person > $2 and m.entered_at is not null
             order by m.person limit $3 for update of m
            """)
        .execute(Tuple.of(name, audience.getString("resynced_to"), most))
        .compose(
            rows -> {
              rows.forEach(this::tellAgain);
              Optional<String> last =
                  rows.size() < most
                      ? Optional.empty()
                      : rows.stream().reduce((_, it) -> it).map(it -> it.getString("person"));
              return write()
                  .compose(
                      _ ->
                          connection
                              .preparedQuery("update audience set resynced_to = $2 where name = $1")
                              .execute(Tuple.tuple().addValue(name).addValue(last.orElse(null))))
                  .map(rows.size());
            });
  }

  private void tellAgain(Row row) {
    Seat seat = new Seat(row);
    OnRecord record =
        new OnRecord(
            new Facts(false, Optional.empty(), look.holdouts()),
            Optional.ofNullable(row.getString("email")));
    Optional<Audience> audience =
        look.audiences().stream().filter(it -> it.name().equals(seat.audience)).findFirst();
    if (audience.isPresent() && contact(seat, record).isPresent()) {
      seat.is(seat.standing, audience.get());
      tellEntry(seat, AudienceReason.RESYNC, record);
      changes.add(new Change(seat.audience, true, AudienceReason.RESYNC));
      written.add(seat);
    }
  }

  // ---- writing

  private Future<List<Change>> write() {
    List<Effect.ReportOutcome> reports = new ArrayList<>(exits);
    reports.addAll(entries);
    return drop().compose(_ -> keep()).compose(_ -> tell(reports)).map(_ -> changes);
  }

  private Future<?> drop() {
    return dropped.isEmpty()
        ? Future.succeededFuture()
        : connection
            .preparedQuery(
                """
                delete from audience_member m
                 using unnest($1::text[], $2::text[]) as d(audience, person)
                 where m.audience = d.audience and m.person = d.person
                """)
            .execute(
                Tuple.tuple()
                    .addValue(texts(dropped, it -> it.audience))
                    .addValue(texts(dropped, it -> it.person)));
  }

  private Future<?> keep() {
    if (written.isEmpty()) {
      return Future.succeededFuture();
    }
    return connection
        .preparedQuery(
            """
            insert into audience_member (audience, person, conversation, external_id, number, event, entered_at,
                                         cohort, left_at, due_at, changes, told)
            select * from unnest($1::text[], $2::text[], $3::uuid[], $4::text[], $5::text[], $6::timestamptz[],
                                 $7::timestamptz[], $8::text[], $9::timestamptz[], $10::timestamptz[],
                                 $11::int[], $12::bool[])
            on conflict (audience, person) do update
              set external_id = excluded.external_id, number = excluded.number, event = excluded.event,
                  entered_at = excluded.entered_at, cohort = excluded.cohort, left_at = excluded.left_at,
                  due_at = excluded.due_at, changes = excluded.changes, told = excluded.told
            """)
        .execute(
            Tuple.tuple()
                .addValue(texts(written, it -> it.audience))
                .addValue(texts(written, it -> it.person))
                .addValue(written.stream().map(it -> it.conversation).toArray(UUID[]::new))
                .addValue(texts(written, it -> it.externalId))
                .addValue(texts(written, it -> it.number))
                .addValue(times(it -> it.standing.event()))
                .addValue(times(it -> it.standing.enteredAt()))
                .addValue(texts(written, it -> it.standing.cohort().orElse(null)))
                .addValue(times(it -> it.standing.leftAt()))
                .addValue(times(it -> it.due))
                .addValue(written.stream().map(it -> it.changes).toArray(Integer[]::new))
                .addValue(written.stream().map(it -> it.told).toArray(Boolean[]::new)));
  }

  private static String[] texts(List<Seat> seats, Function<Seat, @Nullable String> text) {
    return seats.stream().map(text).toArray(String[]::new);
  }

  private OffsetDateTime[] times(Function<Seat, Optional<Instant>> time) {
    return written.stream()
        .map(it -> time.apply(it).map(TurnStatement::utc).orElse(null))
        .toArray(OffsetDateTime[]::new);
  }

  /// Whoever reads the outbox in its order hears of exits first.
  private Future<?> tell(List<Effect.ReportOutcome> reports) {
    List<Effect.ReportOutcome> each = new ArrayList<>();
    List<String> destinations = new ArrayList<>();
    for (Effect.ReportOutcome report : reports) {
      Subscription.of(subscriptions, report)
          .forEach(
              destination -> {
                each.add(report);
                destinations.add(destination);
              });
    }
    return each.isEmpty()
        ? Future.succeededFuture()
        : connection
            .preparedQuery(
                """
                insert into outbox (conversation, turn, index, destination, sender, contact, epoch, format,
                                    effect, due_at, created_at)
                select conversation, turn, 0, destination, '', contact, 0, $6, effect, now(), $7
                  from unnest($1::uuid[], $2::int[], $3::text[], $4::text[], $5::text[]) with ordinality
                    as r(conversation, turn, destination, contact, effect, place)
                 order by place
                """)
            .execute(
                Tuple.tuple()
                    .addValue(
                        each.stream()
                            .map(it -> it.id().conversation().value())
                            .toArray(UUID[]::new))
                    .addValue(each.stream().map(it -> it.id().turn()).toArray(Integer[]::new))
                    .addValue(destinations.toArray(String[]::new))
                    .addValue(each.stream().map(it -> it.contact().value()).toArray(String[]::new))
                    .addValue(each.stream().map(Codec::encodeEffect).toArray(String[]::new))
                    .addValue((short) Codec.FORMAT)
                    .addValue(TurnStatement.utc(look.now())));
  }
}
