package io.parley.store;

import io.parley.engine.EffectId;
import io.parley.engine.offers.Codes;
import io.parley.engine.offers.Offer;
import io.parley.engine.offers.Offer.Kind;
import io.parley.engine.offers.PersonKeys;
import io.parley.engine.offers.Withholding;
import io.parley.engine.offers.Worth;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.IntFunction;

/// Codes, grants, and who holds one: at most one live offer for a person at a time, whichever of
/// their names it was asked by and whatever happens at once.
///
/// Each operation is one transaction, and the same again for the same effect. A reservation writes
/// its own grant first, then locks the names of the person in their order, then takes a code that
/// nobody else is taking; whoever gives back locks in the same order. So nobody waits for somebody
/// who waits for them.
public final class Offers {

  /// Another code is derived so many times where one is taken; there are 20^6 of the shortest.
  private static final int MAX_ATTEMPTS = 8;

  /// Whose code it is that was an erased person's: no conversation's.
  static final UUID NOBODY = new UUID(0, 0);

  private final Pool pool;

  public Offers(Pool pool) {
    this.pool = pool;
  }

  /// A wish for an offer.
  ///
  /// @param effect names the grant
  /// @param persons the names of the contact; see [PersonKeys]
  /// @param now in microseconds, as it is stored, so that a repeat is answered alike
  public record Wish(EffectId effect, List<String> persons, Offer offer, Instant now) {
    public Wish {
      now = now.truncatedTo(ChronoUnit.MICROS);
      persons = List.copyOf(persons);
      if (persons.isEmpty()) {
        throw new IllegalArgumentException("an offer is somebody's");
      }
    }
  }

  /// What came of a wish.
  public sealed interface Answer {

    record Reserved(String code, Worth worth, Instant expiresAt) implements Answer {}

    /// The offer is the contact's, and its code is still to be had from the shop; see [#name].
    record Held(Worth worth, Instant expiresAt) implements Answer {}

    record Unavailable(Withholding reason) implements Answer {}
  }

  /// What became of a grant.
  public enum State {
    /// Given to a conversation, and not sent yet.
    RESERVED,
    SENT,
    /// An order named its code.
    USED,
    /// Its message did not reach anybody: its code is its pool's again.
    RETURNED,
    EXPIRED,
    /// Asked for, and not to be had.
    REFUSED
  }

  // ---- reserving

  /// Makes an offer to a person who has no live one, and takes a code for it.
  public Future<Answer> reserve(Wish wish) {
    return pool.withTransaction(
        connection ->
            known(connection, wish.persons())
                .compose(persons -> begin(connection, wish, persons))
                .compose(
                    begun ->
                        begun.isPresent()
                            ? grant(connection, wish, begun.get())
                            : answer(connection, wish.effect())));
  }

  /// The names with those that the contact book has for the same person: all addresses of an id,
  /// and the id of an address. In their order.
  private static Future<Set<String>> known(SqlConnection connection, List<String> persons) {
    String[] ids = without("id:", persons);
    String[] addresses = without("to:", persons);
    return connection
        .preparedQuery(
            """
            with ids as (
              select unnest($1::text[]) as external_id
              union
              select external_id from contact
               where address = any($2::text[]) or address = any($3::text[])
            )
            select c.address, c.external_id from contact c join ids using (external_id)
            """)
        .execute(
            Tuple.of(
                ids,
                addresses,
                Arrays.stream(addresses)
                    .map(address -> "whatsapp:" + address)
                    .toArray(String[]::new)))
        .map(
            rows -> {
              Set<String> all = new TreeSet<>(persons);
              for (Row row : rows) {
                all.add(PersonKeys.ofAddress(row.getString("address")));
                all.add(PersonKeys.ofId(row.getString("external_id")));
              }
              return all;
            });
  }

  private static String[] without(String prefix, List<String> persons) {
    return persons.stream()
        .filter(person -> person.startsWith(prefix))
        .map(person -> person.substring(prefix.length()))
        .toArray(String[]::new);
  }

  /// Writes the grant; empty where the effect has one already.
  private static Future<Optional<Set<String>>> begin(
      SqlConnection connection, Wish wish, Set<String> persons) {
    return connection
        .preparedQuery(
            """
            insert into offer_grant (conversation, turn, index, offer, origin, worth, persons, state,
                                     granted_at, expires_at, changed_at)
            values ($1, $2, $3, $4, $5, $6, $7, 'RESERVED', $8, $9, $8)
            on conflict do nothing
            """)
        .execute(
            key(wish.effect())
                .addString(wish.offer().name())
                .addString(origin(wish.offer().kind()))
                .addString(wish.offer().worth().toString())
                .addArrayOfString(persons.toArray(String[]::new))
                .addOffsetDateTime(TurnStatement.utc(wish.now()))
                .addOffsetDateTime(TurnStatement.utc(wish.offer().expiresAt(wish.now()))))
        .map(rows -> rows.rowCount() == 1 ? Optional.of(persons) : Optional.empty());
  }

  private static String origin(Kind kind) {
    return switch (kind) {
      case Kind.Static _ -> "static";
      case Kind.Generated _ -> "generated";
      case Kind.Pool _ -> "pool";
      case Kind.Http _ -> "http";
    };
  }

  private static Future<Answer> grant(SqlConnection connection, Wish wish, Set<String> persons) {
    return lock(connection, wish, persons)
        .compose(
            live ->
                live
                    ? Future.succeededFuture(Optional.of(Withholding.LIVE_OFFER))
                    : withheld(connection, wish, persons))
        .compose(
            refusal ->
                refusal.isPresent()
                    ? refuse(connection, wish, refusal.get())
                    : take(connection, wish, persons));
  }

  /// Locks the names; answers whether another offer stands for one of them. A name that was never
  /// held is held by nobody until the code is there.
  private static Future<Boolean> lock(SqlConnection connection, Wish wish, Set<String> persons) {
    return connection
        .preparedQuery(
            """
            insert into offer_hold (person, until, conversation, turn, index)
            select person, '-infinity', $2, $3, $4 from unnest($1::text[]) as person order by person
            on conflict (person) do update set until = offer_hold.until
            returning until > $5
            """)
        .execute(
            Tuple.of(persons.toArray(String[]::new))
                .addUUID(wish.effect().conversation().value())
                .addInteger(wish.effect().turn())
                .addInteger(wish.effect().index())
                .addOffsetDateTime(TurnStatement.utc(wish.now())))
        .map(rows -> rows.stream().anyMatch(row -> row.getBoolean(0)));
  }

  /// Counted with the names locked, so that two that are asked for at once are counted both; and
  /// with those of an erased person who has come back. Nothing is reserved for a conversation that
  /// was erased meanwhile.
  private static Future<Optional<Withholding>> withheld(
      SqlConnection connection, Wish wish, Set<String> persons) {
    var cap = wish.offer().gate().perContact();
    return connection
        .preparedQuery(
            """
            select (select count(*) from offer_grant
                     where persons && ($1::text[] || array(select erased_name(p) from unnest($1::text[]) p))
                       and granted_at > $2
                       and state in ('RESERVED', 'SENT', 'USED', 'EXPIRED')
                       and (conversation, turn, index) <> ($3, $4, $5)) as made,
                   exists (select from offer_hold
                            where person = any(array(select erased_name(p) from unnest($1::text[]) p))
                              and until > $6) as live,
                   exists (select from conversation where id = $3 and theirs like 'erased:%') as erased
            """)
        .execute(
            Tuple.of(
                persons.toArray(String[]::new),
                TurnStatement.utc(wish.now().minus(cap.within())),
                wish.effect().conversation().value(),
                wish.effect().turn(),
                wish.effect().index(),
                TurnStatement.utc(wish.now())))
        .map(rows -> rows.iterator().next())
        .compose(
            row -> {
              if (row.getBoolean("erased")) {
                return Future.failedFuture("its conversation was erased");
              }
              if (row.getBoolean("live")) {
                return Future.succeededFuture(Optional.of(Withholding.LIVE_OFFER));
              }
              return Future.succeededFuture(
                  row.getLong("made") >= cap.offers()
                      ? Optional.of(Withholding.CAPPED)
                      : Optional.empty());
            });
  }

  private static Future<Answer> take(SqlConnection connection, Wish wish, Set<String> persons) {
    return switch (wish.offer().kind()) {
      case Kind.Static(var code) -> keep(connection, wish, persons, code);
      case Kind.Generated(var shape) ->
          secret(connection)
              .compose(secret -> generate(connection, wish, shape, secret))
              .compose(code -> keep(connection, wish, persons, code, Withholding.NO_CODE));
      case Kind.Pool(var name, _, _) ->
          next(connection, wish, name)
              .compose(code -> keep(connection, wish, persons, code, Withholding.POOL_EMPTY));
      case Kind.Http _ ->
          hold(connection, wish, persons)
              .map(_ -> new Answer.Held(wish.offer().worth(), wish.offer().expiresAt(wish.now())));
    };
  }

  private static Future<Optional<String>> next(
      SqlConnection connection, Wish wish, String poolName) {
    return connection
        .preparedQuery(
            """
            with next as materialized (
              select code_key from offer_code where pool = $4 and conversation is null
               order by seq limit 1 for update skip locked
            )
            update offer_code c set conversation = $1, turn = $2, index = $3
              from next where c.code_key = next.code_key
            returning c.code
            """)
        .execute(key(wish.effect()).addString(poolName))
        .map(Offers::text);
  }

  private static Future<String> secret(SqlClient client) {
    return client
        .preparedQuery("select secret from offer_secret")
        .execute()
        .map(rows -> rows.iterator().next().getString(0));
  }

  private static Future<Optional<String>> generate(
      SqlConnection connection, Wish wish, Codes shape, String secret) {
    return generate(connection, wish, attempt -> shape.code(secret, wish.effect(), attempt), 0);
  }

  private static Future<Optional<String>> generate(
      SqlConnection connection, Wish wish, IntFunction<String> codes, int attempt) {
    if (attempt == MAX_ATTEMPTS) {
      return Future.succeededFuture(Optional.empty());
    }
    return connection
        .preparedQuery(
            """
            insert into offer_code (code_key, code, loaded_at, conversation, turn, index)
            values (upper($4), $4, $5, $1, $2, $3) on conflict do nothing returning code
            """)
        .execute(
            key(wish.effect())
                .addString(codes.apply(attempt))
                .addOffsetDateTime(TurnStatement.utc(wish.now())))
        .map(Offers::text)
        .compose(
            code ->
                code.isPresent()
                    ? Future.succeededFuture(code)
                    : generate(connection, wish, codes, attempt + 1));
  }

  private static Future<Answer> keep(
      SqlConnection connection,
      Wish wish,
      Set<String> persons,
      Optional<String> code,
      Withholding none) {
    return code.isPresent()
        ? keep(connection, wish, persons, code.get())
        : refuse(connection, wish, none);
  }

  private static Future<Answer> keep(
      SqlConnection connection, Wish wish, Set<String> persons, String code) {
    return hold(connection, wish, persons)
        .compose(
            _ ->
                connection
                    .preparedQuery(
                        """
                        update offer_grant set code = $4
                         where conversation = $1 and turn = $2 and index = $3
                        """)
                    .execute(key(wish.effect()).addString(code)))
        .map(
            _ ->
                new Answer.Reserved(
                    code, wish.offer().worth(), wish.offer().expiresAt(wish.now())));
  }

  /// Takes the names, which are locked, until the window is over.
  private static Future<RowSet<Row>> hold(
      SqlConnection connection, Wish wish, Set<String> persons) {
    return connection
        .preparedQuery(
            """
            update offer_hold set conversation = $1, turn = $2, index = $3, until = $4
             where person = any($5::text[])
            """)
        .execute(
            key(wish.effect())
                .addOffsetDateTime(TurnStatement.utc(wish.now().plus(wish.offer().window())))
                .addArrayOfString(persons.toArray(String[]::new)));
  }

  private static Future<Answer> refuse(SqlConnection connection, Wish wish, Withholding reason) {
    return connection
        .preparedQuery(
            """
            update offer_grant set state = 'REFUSED', reason = $4
             where conversation = $1 and turn = $2 and index = $3
            """)
        .execute(key(wish.effect()).addString(reason.name()))
        .map(_ -> new Answer.Unavailable(reason));
  }

  /// What an effect was answered before.
  private static Future<Answer> answer(SqlConnection connection, EffectId effect) {
    return connection
        .preparedQuery(
            """
            select state, reason, code, worth, expires_at from offer_grant
             where conversation = $1 and turn = $2 and index = $3
            """)
        .execute(key(effect))
        .map(rows -> answer(rows.iterator().next()));
  }

  private static Answer answer(Row row) {
    Worth worth = Worth.parse(row.getString("worth")).orElseThrow();
    Instant expiresAt = row.getOffsetDateTime("expires_at").toInstant();
    return switch (State.valueOf(row.getString("state"))) {
      case REFUSED -> new Answer.Unavailable(Withholding.valueOf(row.getString("reason")));
      case RETURNED -> new Answer.Unavailable(Withholding.GIVEN_BACK);
      case RESERVED, SENT, USED, EXPIRED ->
          row.getString("code") == null
              ? new Answer.Held(worth, expiresAt)
              : new Answer.Reserved(row.getString("code"), worth, expiresAt);
    };
  }

  // ---- what becomes of a grant

  /// Writes down the code that a shop made for an offer that is held; whether one was waited for.
  public Future<Boolean> name(EffectId effect, String code, Instant now) {
    return change(
        effect,
        """
        update offer_grant set code = $4, changed_at = $5
         where conversation = $1 and turn = $2 and index = $3 and state = 'RESERVED' and code is null
        """,
        Tuple.of(code, TurnStatement.utc(now)));
  }

  /// Keeps that a message with the code has left; whether it was reserved until then.
  public Future<Boolean> sent(EffectId effect, Instant now) {
    return change(
        effect,
        """
        update offer_grant set state = 'SENT', changed_at = $4
         where conversation = $1 and turn = $2 and index = $3 and state = 'RESERVED'
        """,
        Tuple.of(TurnStatement.utc(now)));
  }

  private Future<Boolean> change(EffectId effect, String sql, Tuple more) {
    Tuple parameters = key(effect);
    for (int i = 0; i < more.size(); i++) {
      parameters.addValue(more.getValue(i));
    }
    return pool.preparedQuery(sql).execute(parameters).map(rows -> rows.rowCount() == 1);
  }

  /// Takes back what reached nobody: the code is its pool's again, and the contact may be made
  /// another offer. Whether there was anything to take back.
  public Future<Boolean> giveBack(EffectId effect, Instant now) {
    return pool.withTransaction(
        connection ->
            connection
                .preparedQuery(
                    """
                    update offer_grant set state = 'RETURNED', changed_at = $4
                     where conversation = $1 and turn = $2 and index = $3
                       and state in ('RESERVED', 'SENT')
                    """)
                .execute(key(effect).addOffsetDateTime(TurnStatement.utc(now)))
                .compose(
                    rows ->
                        rows.rowCount() == 0
                            ? Future.succeededFuture(false)
                            : free(connection, effect).map(true)));
  }

  private static Future<RowSet<Row>> free(SqlConnection connection, EffectId effect) {
    return connection
        .preparedQuery(
            """
            select person from offer_hold where conversation = $1 and turn = $2 and index = $3
             order by person for update
            """)
        .execute(key(effect))
        .compose(
            _ ->
                connection
                    .preparedQuery(
                        """
                        delete from offer_hold
                         where conversation = $1 and turn = $2 and index = $3
                        """)
                    .execute(key(effect)))
        .compose(
            _ ->
                connection
                    .preparedQuery(
                        """
                        update offer_code set conversation = null, turn = null, index = null
                         where pool is not null and code_key = (
                           select upper(code) from offer_grant
                            where conversation = $1 and turn = $2 and index = $3)
                           and conversation = $1 and turn = $2 and index = $3
                        """)
                    .execute(key(effect)));
  }

  /// An order that names a code.
  ///
  /// @param persons the buyer's names: a code that everybody has is one person's grant
  public record Use(String code, List<String> persons, String orderId, Instant at) {
    public Use {
      persons = List.copyOf(persons);
    }
  }

  /// A grant that was used.
  public record Used(EffectId effect, String offer, String code, Worth worth, Instant grantedAt) {}

  /// Keeps that an order used a code. The same for a repeat of the order; empty where nobody was
  /// given the code, or it was used by another order.
  public Future<Optional<Used>> used(Use use) {
    return pool.preparedQuery(
            """
            with found as materialized (
              select conversation, turn, index from offer_grant
               where upper(code) = upper($1)
                 and (origin <> 'static' or persons && $2::text[])
                 and (state in ('RESERVED', 'SENT', 'EXPIRED') or (state = 'USED' and order_id = $3))
               order by (state = 'USED') desc, granted_at desc limit 1 for update
            )
            update offer_grant g
               set state = 'USED', order_id = $3,
                   changed_at = case when g.state = 'USED' then g.changed_at else $4 end
              from found
             where g.conversation = found.conversation and g.turn = found.turn and g.index = found.index
            returning g.conversation, g.turn, g.index, g.offer, g.code, g.worth, g.granted_at
            """)
        .execute(
            Tuple.of(
                use.code().strip(),
                use.persons().toArray(String[]::new),
                use.orderId(),
                TurnStatement.utc(use.at())))
        .map(
            rows ->
                rows.stream()
                    .findFirst()
                    .map(
                        row ->
                            new Used(
                                Outbox.id(row),
                                row.getString("offer"),
                                row.getString("code"),
                                Worth.parse(row.getString("worth")).orElseThrow(),
                                row.getOffsetDateTime("granted_at").toInstant())));
  }

  /// Ends what is over: grants past their time, whose codes are never given again as somebody may
  /// still have them, and holds past theirs. Answers how many grants ended.
  public Future<Integer> expire(Instant now, int limit) {
    return pool.preparedQuery(
            """
            with due as materialized (
              select conversation, turn, index from offer_grant
               where state in ('RESERVED', 'SENT') and expires_at <= $1
               order by expires_at limit $2 for update skip locked
            )
            update offer_grant g set state = 'EXPIRED', changed_at = $1
              from due
             where g.conversation = due.conversation and g.turn = due.turn and g.index = due.index
            """)
        .execute(Tuple.of(TurnStatement.utc(now), limit))
        .compose(
            ended ->
                pool.preparedQuery(
                        """
                        with due as materialized (
                          select person from offer_hold where until <= $1
                           order by person limit $2 for update skip locked
                        )
                        delete from offer_hold h using due where h.person = due.person
                        """)
                    .execute(Tuple.of(TurnStatement.utc(now), limit))
                    .map(_ -> ended.rowCount()));
  }

  // ---- what is known

  /// What a gate asks of a person's offers.
  ///
  /// @param grants when offers were made, oldest first
  /// @param liveUntil until when no other may be made
  public record History(List<Instant> grants, Optional<Instant> liveUntil) {
    public History {
      grants = List.copyOf(grants);
    }
  }

  /// The offers of a person from a time on.
  public Future<History> of(List<String> persons, Instant since) {
    return pool.withConnection(
        connection ->
            known(connection, persons)
                .compose(
                    all ->
                        connection
                            .preparedQuery(
                                """
                                with names as materialized (
                                  select $1::text[] || array(select erased_name(p) from unnest($1::text[]) p)
                                         as persons
                                )
                                select granted_at as at, false as hold from offer_grant
                                 where persons && (select persons from names) and granted_at > $2
                                   and state in ('RESERVED', 'SENT', 'USED', 'EXPIRED')
                                union all
                                select max(until), true from offer_hold
                                 where person = any((select persons from names)::text[]) and until > $2
                                 order by at
                                """)
                            .execute(
                                Tuple.of(all.toArray(String[]::new), TurnStatement.utc(since))))
                .map(Offers::history));
  }

  private static History history(RowSet<Row> rows) {
    List<Instant> grants = new ArrayList<>();
    Optional<Instant> liveUntil = Optional.empty();
    for (Row row : rows) {
      Optional<Instant> at =
          Optional.ofNullable(row.getOffsetDateTime("at")).map(it -> it.toInstant());
      if (row.getBoolean("hold")) {
        liveUntil = at;
      } else {
        at.ifPresent(grants::add);
      }
    }
    return new History(grants, liveUntil);
  }

  /// A grant that stands.
  public record Live(
      EffectId effect, String offer, String code, Worth worth, State state, Instant expiresAt) {}

  /// The grants that stand, the first to expire first.
  public Future<List<Live>> live(Instant now, int limit) {
    return pool.preparedQuery(
            """
            select conversation, turn, index, offer, coalesce(code, '') as code, worth, state, expires_at
              from offer_grant where state in ('RESERVED', 'SENT') and expires_at > $1
             order by expires_at limit $2
            """)
        .execute(Tuple.of(TurnStatement.utc(now), limit))
        .map(
            rows ->
                rows.stream()
                    .map(
                        row ->
                            new Live(
                                Outbox.id(row),
                                row.getString("offer"),
                                row.getString("code"),
                                Worth.parse(row.getString("worth")).orElseThrow(),
                                State.valueOf(row.getString("state")),
                                row.getOffsetDateTime("expires_at").toInstant()))
                    .toList());
  }

  private static Tuple key(EffectId effect) {
    return Tuple.of(effect.conversation().value(), effect.turn(), effect.index());
  }

  private static Optional<String> text(RowSet<Row> rows) {
    return rows.stream().findFirst().map(row -> row.getString(0));
  }
}
