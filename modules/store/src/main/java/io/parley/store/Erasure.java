package io.parley.store;

import static io.parley.store.Dossier.Names.array;

import io.parley.codec.Codec;
import io.parley.engine.Address;
import io.parley.engine.ConversationId;
import io.parley.engine.ThreadId;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/// Takes all that is on record of a person out of the database, in one transaction.
///
/// What stays says nothing of anybody: the numbers of the turns and the names of their events, so
/// that a repeat is still a repeat, that an opt-out holds, under a keyed hash of the address, and
/// that an offer was made, see [OfferErasure]. Names that a caller may have made of an address or
/// an id become keyed hashes, too.
///
/// Each conversation first gets one turn more, an empty one. A node that remembers the conversation
/// would write that very number next: its commit waits for this transaction, is fenced, and the
/// node reads that nothing has happened in the thread.
public final class Erasure {

  /// Tables whose rows go with their conversation.
  private static final List<String> OF_CONVERSATIONS =
      List.of(
          "outbox",
          "delivery",
          "dead_letter",
          "timer",
          "handoff",
          "link",
          "thread_name",
          "desk_note",
          "execution",
          "suppression",
          "engaged",
          "cooling_off");

  /// Tables that a database may have, whose rows go with their conversation.
  private static final List<String> OF_CONVERSATIONS_IF_THERE = List.of("reply_review");

  private static final int TRIES = 5;

  private final Pool pool;

  public Erasure(Pool pool) {
    this.pool = pool;
  }

  /// What an erasure took.
  ///
  /// @param optOuts how many addresses stay opted out
  public record Taken(int addresses, int conversations, int turns, int optOuts) {}

  /// Erases a person. One who writes to us at the same moment may hold it up; it is tried again.
  public Future<Taken> erase(Who who, Instant now) {
    return erase(who, now, 1);
  }

  private Future<Taken> erase(Who who, Instant now, int attempt) {
    return pool.withTransaction(connection -> new Run(connection, now).of(who))
        .recover(
            failure ->
                attempt < TRIES && isCollision(failure)
                    ? erase(who, now, attempt + 1)
                    : Future.failedFuture(failure));
  }

  /// Whether Postgres broke off one of two writers that waited for each other (class 40).
  private static boolean isCollision(Throwable failure) {
    return failure instanceof PgException told
        && String.valueOf(told.getSqlState()).startsWith("40");
  }

  /// One try.
  private static final class Run {

    private final SqlConnection connection;
    private final Instant now;
    private final Set<UUID> conversations = new LinkedHashSet<>();

    Run(SqlConnection connection, Instant now) {
      this.connection = connection;
      this.now = now;
    }

    Future<Taken> of(Who who) {
      return Dossier.Names.of(connection, who)
          .compose(
              names ->
                  seal(names)
                      .compose(_ -> keepNamesOfInbox(names))
                      .compose(_ -> keepOptOuts(names))
                      .compose(
                          optOuts ->
                              blank()
                                  .compose(turns -> drop(names).map(turns))
                                  .compose(turns -> noted(names, turns, optOuts))));
    }

    /// Ends every conversation's journal with an empty turn. Where another writer had the number
    /// first, the next one is tried.
    private Future<Void> seal(Dossier.Names names) {
      return conversations(names)
          .compose(
              unsealed -> {
                if (unsealed.isEmpty()) {
                  return Future.succeededFuture();
                }
                return connection
                    .preparedQuery(
                        """
                        insert into turn (conversation, number, source, source_id, at, kind, format, event,
                                          effects, path, state)
                        select c.id, t.number + 1, 'erasure', c.id || ':' || (t.number + 1), $2, 'Erased', $3,
                               '', '[]', '[]', ''
                          from unnest($1::uuid[]) as c(id)
                         cross join lateral (select number from turn where conversation = c.id
                                              order by number desc limit 1) t
                         order by c.id
                        on conflict do nothing
                        returning conversation
                        """)
                    .execute(
                        Tuple.of(
                            unsealed.toArray(UUID[]::new),
                            TurnStatement.utc(now),
                            (short) Codec.FORMAT))
                    .compose(
                        rows -> {
                          rows.forEach(row -> conversations.add(row.getUUID(0)));
                          return seal(names);
                        });
              });
    }

    /// The person's conversations that are not sealed yet, those of an earlier erasure and those of
    /// Twilio Conversations in which the person took part among them.
    private Future<List<UUID>> conversations(Dossier.Names names) {
      return connection
          .preparedQuery(
              """
              select c.id from conversation c
               where (c.theirs = any($1::text[])
                      or c.theirs in (select erased_name(a) from unnest($1::text[]) as n(a))
                      or (c.theirs like 'CH%'
                          and exists (select from turn t cross join unnest($2::text[]) as n(number)
                                       where t.conversation = c.id
                                         and position(n.number || '"' in t.event || t.effects || t.state) > 0)))
                 and c.id <> all($3::uuid[])
                 and exists (select from turn t where t.conversation = c.id)
               order by c.id
              """)
          .execute(
              Tuple.of(
                  array(names.addresses()),
                  array(names.numbers()),
                  conversations.toArray(UUID[]::new)))
          .map(rows -> rows.stream().map(row -> row.getUUID(0)).toList());
    }

    /// An event that waits in the inbox has been acknowledged: its name is taken for good.
    private Future<Void> keepNamesOfInbox(Dossier.Names names) {
      return connection
          .preparedQuery(
              "delete from inbox where theirs = any($1::text[]) returning source, source_id, ours, theirs")
          .execute(Tuple.of((Object) array(names.addresses())))
          .compose(
              rows -> {
                Future<Void> kept = Future.succeededFuture();
                for (Row row : rows) {
                  kept = kept.compose(_ -> keepName(row));
                }
                return kept;
              });
    }

    private Future<Void> keepName(Row row) {
      ThreadId thread =
          new ThreadId(new Address(row.getString("ours")), new Address(row.getString("theirs")));
      UUID conversation = ConversationId.of(thread).value();
      conversations.add(conversation);
      return connection
          .preparedQuery(
              """
              insert into conversation (id, ours, theirs, created_at) values ($1, $2, erased_name($3), $4)
              on conflict do nothing
              """)
          .execute(
              Tuple.of(
                  conversation,
                  thread.ours().value(),
                  thread.theirs().value(),
                  TurnStatement.utc(now)))
          .compose(
              _ ->
                  connection
                      .preparedQuery(
                          """
                          insert into turn (conversation, number, source, source_id, at, kind, format, event,
                                            effects, path, state)
                          select $1, coalesce((select max(number) from turn where conversation = $1), 0) + 1,
                                 $2, $3, $4, 'Erased', $5, '', '[]', '[]', ''
                          on conflict do nothing
                          """)
                      .execute(
                          Tuple.of(
                              conversation,
                              row.getString("source"),
                              row.getString("source_id"),
                              TurnStatement.utc(now),
                              (short) Codec.FORMAT)))
          .mapEmpty();
    }

    /// An opt-out outlives what proves it, and so does a question about one that was not answered;
    /// so does a revoked consent, as an opt-out of the addresses that it was about, since which
    /// programme it was is not kept.
    private Future<Integer> keepOptOuts(Dossier.Names names) {
      return connection
          .preparedQuery(
              """
              with said as (
                select address, coalesce(block_at, updated_at) as at from contact
                 where address = any($1::text[]) and block in ('OPTED_OUT', 'UNCLEAR')
                union all
                select case r.channel when 'whatsapp' then 'whatsapp:' || n.number else n.number end, r.at
                  from (select distinct on (address, case when address = '' then external_id end,
                                            channel, programme, method = 'subscription')
                               address, channel, state, at
                          from consent
                         where channel in ('sms', 'whatsapp')
                           and (address = any($2::text[])
                                or (external_id <> '' and external_id = any($3::text[])))
                         order by address, case when address = '' then external_id end, channel,
                                  programme, method = 'subscription', at desc, state desc) r
                  join unnest($2::text[]) as n(number) on r.address in (n.number, '')
                 where r.state = 'revoked' and n.number like '+%'
              )
              insert into kept_opt_out as k (address_hash, at)
              select keyed_hash(address), max(at) from said group by address order by 1
              on conflict (address_hash) do update set at = greatest(k.at, excluded.at)
              """)
          .execute(
              Tuple.of(
                  array(names.addresses()), array(names.numbers()), array(names.externalIds())))
          .map(rows -> rows.rowCount());
    }

    /// Leaves the numbers and the names of the turns; answers how many there were.
    private Future<Integer> blank() {
      Tuple erased = Tuple.of(conversations.toArray(UUID[]::new), TurnStatement.utc(now));
      return connection
          .preparedQuery(
              """
              with before as (
                select count(*)::int as turns from turn
                 where conversation = any($1::uuid[]) and kind <> 'Erased'
              ), blanked as (
                update turn set event = '', effects = '[]', path = '[]', state = '', kind = 'Erased', at = $2,
                       source_id = case when source in ('twilio_message', 'twilio_status', 'twilio_answer',
                                                        'call_answer', 'timer', 'erasure')
                                          or source_id like 'erased:%' then source_id
                                        else erased_name(source_id) end
                 where conversation = any($1::uuid[])
              ), unnamed as (
                update conversation set epoch = 0, created_at = $2,
                       theirs = case when theirs like 'erased:%' then theirs else erased_name(theirs) end
                 where id = any($1::uuid[])
              )
              select turns from before
              """)
          .execute(erased)
          .map(rows -> rows.iterator().next().getInteger(0));
    }

    private Future<Void> drop(Dossier.Names names) {
      Future<Void> dropped = Future.succeededFuture();
      for (String table : OF_CONVERSATIONS) {
        dropped = dropped.compose(_ -> dropOfConversations(table));
      }
      for (String table : OF_CONVERSATIONS_IF_THERE) {
        dropped =
            dropped
                .compose(_ -> isThere(table))
                .compose(there -> there ? dropOfConversations(table) : Future.succeededFuture());
      }
      return dropped
          .compose(_ -> dropIngested(names))
          .compose(_ -> Memberships.erase(connection, names))
          .compose(_ -> new OfferErasure(connection, names, conversations, now).erase())
          .compose(_ -> drop("outbox where contact = any($1::text[])", told(names)))
          .compose(_ -> drop("dead_letter where contact = any($1::text[])", told(names)))
          .compose(_ -> drop("relayed where contact = any($1::text[])", names.addresses()))
          .compose(_ -> drop("contact where address = any($1::text[])", names.addresses()))
          .compose(_ -> drop("cooling_off where person = any($1::text[])", names.externalIds()))
          .compose(
              _ ->
                  drop(
                      "consent where external_id <> '' and external_id = any($1::text[])",
                      names.externalIds()))
          .compose(_ -> drop("consent where address = any($1::text[])", names.numbers()))
          .compose(
              _ ->
                  drop(
                      "purchase where external_id <> '' and external_id = any($1::text[])",
                      names.externalIds()))
          .compose(
              _ ->
                  drop("purchase where number <> '' and number = any($1::text[])", names.numbers()))
          .compose(
              _ ->
                  drop(
                      "person_course where person in (select 'id:' || n from unnest($1::text[]) as k(n))",
                      names.externalIds()))
          .compose(
              _ ->
                  drop(
                      "person_course where person in (select 'number:' || n from unnest($1::text[]) as k(n))",
                      names.numbers()));
    }

    /// Calls about the person that wait, and what calls have told. The calls go first: one that is
    /// being worked off holds its row, and writes nothing once that is gone.
    private Future<Void> dropIngested(Dossier.Names names) {
      Tuple whose = Tuple.of((Object) array(names.numbers()), (Object) array(names.externalIds()));
      return connection
          .preparedQuery(
              """
              delete from ingested i
               where i.subject in (select 'id:' || id from unnest($2::text[]) as x(id)
                                   union select 'email:' || lower(n) from unnest($1::text[]) as m(n)
                                   union select person from trait
                                          where name = 'phone'
                                            and value in (select '"' || n || '"' from unnest($1::text[]) as m(n)))
                  or exists (select from unnest($1::text[]) as m(n) where position(m.n in i.call) > 0)
              """)
          .execute(whose)
          .compose(
              _ ->
                  connection
                      .preparedQuery(
                          """
                          delete from trait
                           where person in (select 'id:' || id from unnest($2::text[]) as x(id)
                                            union select 'email:' || lower(n) from unnest($1::text[]) as m(n)
                                            union select person from trait
                                                   where name = 'phone'
                                                     and value in (select '"' || n || '"'
                                                                     from unnest($1::text[]) as m(n)))
                          """)
                      .execute(whose))
          .mapEmpty();
    }

    private Future<Void> dropOfConversations(String table) {
      return connection
          .preparedQuery("delete from " + table + " where conversation = any($1::uuid[])")
          .execute(Tuple.of((Object) conversations.toArray(UUID[]::new)))
          .mapEmpty();
    }

    /// Whom reports are about: an address, or where none was known the external id.
    private static List<String> told(Dossier.Names names) {
      return Stream.concat(
              names.addresses().stream(), names.externalIds().stream().map(id -> "id:" + id))
          .toList();
    }

    private Future<Void> drop(String rows, List<String> names) {
      return connection
          .preparedQuery("delete from " + rows)
          .execute(Tuple.of((Object) array(names)))
          .mapEmpty();
    }

    private Future<Boolean> isThere(String table) {
      return connection
          .preparedQuery("select to_regclass($1) is not null")
          .execute(Tuple.of(table))
          .map(rows -> rows.iterator().next().getBoolean(0));
    }

    private Future<Taken> noted(Dossier.Names names, int turns, int optOuts) {
      return connection
          .preparedQuery(
              """
              insert into erasure (id, at, conversations, turns, opt_outs)
              values (gen_random_uuid(), $1, $2, $3, $4)
              """)
          .execute(Tuple.of(TurnStatement.utc(now), conversations.size(), turns, optOuts))
          .map(_ -> new Taken(names.addresses().size(), conversations.size(), turns, optOuts));
    }
  }
}
