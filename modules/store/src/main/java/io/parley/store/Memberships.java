package io.parley.store;

import io.parley.engine.Values;
import io.parley.engine.policy.Holdouts;
import io.parley.engine.rules.Audience;
import io.parley.engine.rules.Audience.News;
import io.parley.engine.rules.AudienceReason;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Who is in which audience. A change and the reports of it are one commit, and of one person one
/// change is made at a time: whoever waits for another sees what that has done.
public final class Memberships {

  private static final int TRIES = 5;
  private static final int BATCH = 500;
  private static final Duration SIZES_KEPT = Duration.ofDays(8);

  private final Pool pool;
  private final List<Subscription> subscriptions;

  /// @param subscriptions who is told of members
  public Memberships(Pool pool, List<Subscription> subscriptions) {
    this.pool = pool;
    this.subscriptions = List.copyOf(subscriptions);
  }

  /// Of whom there is news.
  ///
  /// @param name `id:42`, `number:+14155550142`, `anonymous:507f191e`, `email:ann@example.com`
  /// @param formerly other names that turned out to be this person's
  /// @param externalId the id in Customer.io
  /// @param number in E.164, without a channel's prefix
  /// @param email where it is known of more than traits
  /// @param call the seq in [Ingested] of the call that tells it: where that is gone, its person
  ///     was erased, and nothing changes
  public record Member(
      String name,
      List<String> formerly,
      Optional<String> externalId,
      Optional<String> number,
      Optional<String> email,
      Optional<Long> call) {

    public Member {
      formerly = List.copyOf(formerly);
    }

    /// By what an order or another event tells, of which at least one is there.
    public static Member of(Optional<String> externalId, Optional<String> number) {
      String name =
          externalId.map(id -> "id:" + id).or(() -> number.map(it -> "number:" + it)).orElseThrow();
      return new Member(name, List.of(), externalId, number, Optional.empty(), Optional.empty());
    }
  }

  /// What is judged by.
  ///
  /// @param audiences all that the file has, in its order
  public record Look(List<Audience> audiences, Holdouts holdouts, Instant now) {
    public Look {
      audiences = List.copyOf(audiences);
    }
  }

  /// That somebody has become a member, or is one no more.
  public record Change(String audience, boolean entered, AudienceReason reason) {}

  // ---- changes

  /// Judges news of a person, and answers what has changed.
  public Future<List<Change>> judge(Member member, News news, Look look) {
    return patiently(
        1, () -> pool.withTransaction(connection -> judge(connection, member, news, look)));
  }

  /// As [#judge(Member, News, Look)], in a transaction of the caller's.
  Future<List<Change>> judge(SqlClient connection, Member member, News news, Look look) {
    return new MembershipTurn(connection, subscriptions, look).judge(member, news);
  }

  /// As a part of the commit of an order: in no state of the database is the one there without the
  /// other.
  ///
  /// @param changes is given what has changed, before it is committed
  public Function<SqlClient, Future<?>> bought(
      Member member, Instant at, Look look, java.util.function.Consumer<List<Change>> changes) {
    return connection ->
        judge(connection, member, new News.Bought(at), look).onSuccess(changes::accept);
  }

  /// Postgres breaks off one of two who wait for each other (class 40).
  private static <T> Future<T> patiently(int attempt, java.util.function.Supplier<Future<T>> work) {
    return work.get()
        .recover(
            failure ->
                attempt < TRIES
                        && failure instanceof PgException told
                        && String.valueOf(told.getSqlState()).startsWith("40")
                    ? patiently(attempt + 1, work)
                    : Future.failedFuture(failure));
  }

  // ---- sweeps

  /// Whom time moves, the longest due first.
  public Future<List<Member>> due(Instant now, int limit) {
    return pool.preparedQuery(
            """
            select person, max(external_id) as external_id, max(number) as number
              from (select person, external_id, number, due_at from audience_member
                     where due_at <= $1 order by due_at limit $2) due
             group by person order by min(due_at)
            """)
        .execute(Tuple.of(TurnStatement.utc(now), limit))
        .map(
            rows ->
                rows.stream()
                    .map(
                        row ->
                            new Member(
                                row.getString("person"),
                                List.of(),
                                named(row.getString("external_id")),
                                named(row.getString("number")),
                                Optional.empty(),
                                Optional.empty()))
                    .toList());
  }

  /// An opt-out whose person may still be in audiences.
  public record OptedOut(long seq, Member member) {}

  /// The opt-outs that are still to be heeded, the oldest first.
  public Future<List<OptedOut>> optedOut(int limit) {
    return pool.preparedQuery(
            "select seq, address, external_id from audience_opt_out order by seq limit $1")
        .execute(Tuple.of(limit))
        .map(rows -> rows.stream().map(Memberships::optedOut).toList());
  }

  private static OptedOut optedOut(Row row) {
    String address = row.getString("address").replaceFirst("^whatsapp:", "");
    Optional<String> id = named(row.getString("external_id"));
    Optional<String> number = Optional.of(address).filter(it -> it.startsWith("+"));
    String name =
        number
            .map(it -> "number:" + it)
            .or(() -> id.map(it -> "id:" + it))
            .orElse("email:" + address.toLowerCase(java.util.Locale.ROOT));
    // A stop concerns everybody who is known by the number, and not only who is on record of it.
    return new OptedOut(
        row.getLong("seq"),
        new Member(
            name,
            id.map(it -> List.of("id:" + it)).orElse(List.of()),
            number.isPresent() ? Optional.empty() : id,
            number,
            Optional.empty(),
            Optional.empty()));
  }

  /// It was heeded.
  public Future<Void> heeded(long seq) {
    return pool.preparedQuery("delete from audience_opt_out where seq = $1")
        .execute(Tuple.of(seq))
        .mapEmpty();
  }

  /// Forgets the opt-outs that wait where nobody was ever in an audience. Whoever is to enter one
  /// later is judged by what is on record of them.
  public Future<Void> forgetOptOutsOfNobody() {
    return pool.query(
            """
            delete from audience_opt_out
             where not exists (select from audience) and not exists (select from audience_member)
            """)
        .execute()
        .mapEmpty();
  }

  // ---- the file

  /// Puts the file's audiences in the place of those that were in force: who is in one that is gone
  /// is due to leave it, and who stands in one whose rule is another is looked at anew. Answers the
  /// names of those that are new or have another rule.
  public Future<List<String>> enforce(List<Audience> audiences, Instant now) {
    return pool.withTransaction(
        connection ->
            connection
                .query("select pg_advisory_xact_lock(hashtextextended('parley.audiences', 0))")
                .execute()
                .compose(
                    _ ->
                        connection
                            .preparedQuery(
                                """
                                with given as materialized (
                                  select * from unnest($1::text[], $2::text[]) as g(name, definition)
                                ), gone as (
                                  delete from audience where name not in (select name from given)
                                  returning name
                                ), changed as (
                                  insert into audience as a (name, definition, filled_to)
                                  select name, definition, '' from given order by name
                                  on conflict (name) do update
                                    set definition = excluded.definition, filled_to = ''
                                    where a.definition <> excluded.definition
                                  returning name
                                ), due as (
                                  update audience_member set due_at = least(due_at, $3)
                                   where event is not null
                                     and audience in (select name from gone union all select name from changed)
                                )
                                select name from changed order by name
                                """)
                            .execute(
                                Tuple.of(
                                    texts(audiences, Audience::name),
                                    texts(audiences, Audience::definition),
                                    TurnStatement.utc(now)))
                            .map(rows -> rows.stream().map(row -> row.getString(0)).toList())));
  }

  private static String[] texts(List<Audience> audiences, Function<Audience, String> text) {
    return audiences.stream().map(text).toArray(String[]::new);
  }

  /// An audience that is still to be filled with those who are known already.
  ///
  /// @param after the person, or the order, that was looked at last
  public record Filling(String audience, String after) {}

  public Future<List<Filling>> fillings() {
    return pool.query(
            "select name, filled_to from audience where filled_to is not null order by name")
        .execute()
        .map(
            rows ->
                rows.stream()
                    .map(row -> new Filling(row.getString("name"), row.getString("filled_to")))
                    .toList());
  }

  /// Somebody of whom traits are known.
  public record Characterised(Member member, Values traits) {}

  /// Persons of whom traits are known, after a name.
  public Future<List<Characterised>> characterised(String after, int limit) {
    return pool.preparedQuery(
            """
            select person, name, value from trait
             where person in (select distinct person from trait where person > $1 order by person limit $2)
             order by person, name
            """)
        .execute(Tuple.of(after, limit))
        .map(
            rows -> {
              Map<String, Map<String, Object>> persons = new LinkedHashMap<>();
              rows.forEach(
                  row ->
                      persons
                          .computeIfAbsent(row.getString("person"), _ -> new LinkedHashMap<>())
                          .put(row.getString("name"), Traits.value(row.getString("value"))));
              List<Characterised> known = new ArrayList<>();
              persons.forEach((person, traits) -> known.add(characterised(person, traits)));
              return known;
            });
  }

  private static Characterised characterised(String person, Map<String, Object> told) {
    Values traits = new Values(told);
    return new Characterised(
        new Member(
            person,
            List.of(),
            person.startsWith("id:") ? Optional.of(person.substring(3)) : Optional.empty(),
            traits.text("phone").filter(it -> it.startsWith("+")),
            Optional.empty(),
            Optional.empty()),
        traits);
  }

  /// An order that somebody placed.
  ///
  /// @param key its place among all
  public record Bought(String key, Member member, Instant at) {}

  /// Orders of a time, after one.
  public Future<List<Bought>> bought(Instant since, String after, int limit) {
    return pool.preparedQuery(
            """
            select order_id, external_id, number, at from purchase
             where order_id > $2 and at > $1 order by order_id fetch first $3 rows with ties
            """)
        .execute(Tuple.of(TurnStatement.utc(since), after, limit))
        .map(
            rows ->
                rows.stream()
                    .map(
                        row ->
                            new Bought(
                                row.getString("order_id"),
                                Member.of(
                                    named(row.getString("external_id")),
                                    named(row.getString("number"))),
                                row.getOffsetDateTime("at").toInstant()))
                    .toList());
  }

  /// An audience is filled so far; empty for altogether.
  public Future<Void> filled(Filling filling, Optional<String> to) {
    return pool.preparedQuery(
            "update audience set filled_to = $3 where name = $1 and filled_to = $2")
        .execute(Tuple.of(filling.audience(), filling.after(), to.orElse(null)))
        .mapEmpty();
  }

  // ---- telling all again

  /// Has the whole membership told again by a running service; answers whether there is such an
  /// audience.
  public static Future<Boolean> resync(SqlClient client, String audience) {
    return client
        .preparedQuery("update audience set resynced_to = '' where name = $1")
        .execute(Tuple.of(audience))
        .map(rows -> rows.rowCount() == 1);
  }

  /// Tells some more members of an audience whose membership is to be told again, and answers how
  /// many; empty where there is none.
  public Future<Optional<Integer>> tellAgain(Look look) {
    return patiently(
        1,
        () ->
            pool.withTransaction(
                connection ->
                    new MembershipTurn(connection, subscriptions, look).tellAgain(BATCH)));
  }

  // ---- what is on record

  /// @param waiting who will enter by time alone
  /// @param aDayAgo how many members there were; empty where that is not known
  /// @param definition what the file says of it, as JSON
  public record Size(
      String audience,
      long members,
      long waiting,
      Optional<Integer> aDayAgo,
      boolean isFilling,
      boolean isTold,
      String definition) {

    /// How much it has grown in a day.
    public Optional<Long> drift() {
      return aDayAgo.map(before -> members - before);
    }
  }

  public static Future<List<Size>> sizes(SqlClient client, Instant now) {
    return client
        .preparedQuery(
            """
            select a.name, a.definition, a.filled_to is not null as filling,
                   a.resynced_to is not null as telling,
                   (select count(*) from audience_member m
                     where m.audience = a.name and m.entered_at is not null) as members,
                   (select count(*) from audience_member m
                     where m.audience = a.name and m.entered_at is null and m.event is not null) as waiting,
                   (select s.members from audience_size s
                     where s.audience = a.name and s.at <= $1 and s.at > $2
                     order by s.at desc limit 1) as a_day_ago
              from audience a order by a.name
            """)
        .execute(
            Tuple.of(
                TurnStatement.utc(now.minus(Duration.ofDays(1))),
                TurnStatement.utc(now.minus(Duration.ofDays(2)))))
        .map(
            rows ->
                rows.stream()
                    .map(
                        row ->
                            new Size(
                                row.getString("name"),
                                row.getLong("members"),
                                row.getLong("waiting"),
                                Optional.ofNullable(row.getInteger("a_day_ago")),
                                row.getBoolean("filling"),
                                row.getBoolean("telling"),
                                row.getString("definition")))
                    .toList());
  }

  /// Keeps the sizes of the hour, and forgets those of more than a week ago.
  public Future<Void> keepSizes(List<Size> sizes, Instant now) {
    return pool.preparedQuery(
            """
            with old as (
              delete from audience_size where at < $4
            )
            insert into audience_size (audience, at, members)
            select name, $3, members from unnest($1::text[], $2::int[]) as s(name, members) order by name
            on conflict do nothing
            """)
        .execute(
            Tuple.of(
                sizes.stream().map(Size::audience).toArray(String[]::new),
                sizes.stream().map(it -> (int) it.members()).toArray(Integer[]::new),
                TurnStatement.utc(now.truncatedTo(ChronoUnit.HOURS)),
                TurnStatement.utc(now.minus(SIZES_KEPT))))
        .mapEmpty();
  }

  /// A member.
  public record Listed(
      String person,
      Optional<String> externalId,
      Optional<String> number,
      Instant enteredAt,
      Optional<Instant> endsAt,
      boolean isTold) {}

  /// The members of an audience, the latest first.
  public static Future<List<Listed>> members(SqlClient client, String audience, int limit) {
    return client
        .preparedQuery(
            """
            select person, external_id, number, entered_at, due_at, told from audience_member
             where audience = $1 and entered_at is not null order by entered_at desc, person limit $2
            """)
        .execute(Tuple.of(audience, limit))
        .map(
            rows ->
                rows.stream()
                    .map(
                        row ->
                            new Listed(
                                row.getString("person"),
                                named(row.getString("external_id")),
                                named(row.getString("number")),
                                row.getOffsetDateTime("entered_at").toInstant(),
                                Optional.ofNullable(row.getOffsetDateTime("due_at"))
                                    .map(OffsetDateTime::toInstant),
                                row.getBoolean("told")))
                    .toList());
  }

  // ---- erasure

  /// Takes memberships, what was to be told of them, and opt-outs that wait. What is being filled
  /// or told again stands at somebody's name, and begins anew.
  static Future<Void> erase(SqlConnection connection, Dossier.Names names) {
    Tuple whose =
        Tuple.of(
            (Object) Dossier.Names.array(names.numbers()),
            (Object) Dossier.Names.array(names.externalIds()),
            (Object) Dossier.Names.array(names.addresses()));
    return connection
        .preparedQuery(
            """
            with gone as materialized (
              delete from audience_member m
               where m.number <> '' and m.number = any($1::text[])
                  or m.external_id <> '' and m.external_id = any($2::text[])
                  or m.person in (select 'id:' || id from unnest($2::text[]) as x(id)
                                  union select 'number:' || n from unnest($1::text[]) as x(n)
                                  union select 'email:' || lower(n) from unnest($1::text[]) as x(n))
              returning m.conversation
            ), waiting as (
              delete from outbox where conversation in (select conversation from gone)
            ), told as (
              delete from delivery where conversation in (select conversation from gone)
            ), dead as (
              delete from dead_letter where conversation in (select conversation from gone)
            )
            delete from audience_opt_out
             where address = any($3::text[]) or external_id <> '' and external_id = any($2::text[])
            """)
        .execute(whose)
        .compose(
            _ ->
                connection
                    .query(
                        """
                        update audience
                           set filled_to = case when filled_to is not null then '' end,
                               resynced_to = case when resynced_to is not null then '' end
                         where filled_to <> '' or resynced_to <> ''
                        """)
                    .execute())
        .mapEmpty();
  }

  static Optional<String> named(String text) {
    return Optional.of(text).filter(it -> !it.isEmpty());
  }
}
