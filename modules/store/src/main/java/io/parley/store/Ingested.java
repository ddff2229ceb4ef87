package io.parley.store;

import io.parley.codec.Codec;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/// Calls about persons that were acknowledged and are to be worked off, those of one subject in
/// their order. Retried with growing pauses, during which the subject's later calls wait; parked
/// for a person after too many tries, upon which they go on.
public final class Ingested {

  /// After so many tries a call is parked.
  public static final int MAX_ATTEMPTS = 8;

  private final Pool pool;

  public Ingested(Pool pool) {
    this.pool = pool;
  }

  /// @param source whose key it came with
  /// @param messageId with the source it makes a repeat
  /// @param subject whom it is about: calls of one subject keep their order
  /// @param call its content
  public record Entry(
      String source, String messageId, String subject, String call, Instant receivedAt) {}

  /// A call that waits.
  ///
  /// @param seq its place among all
  public record Waiting(long seq, Entry entry) {}

  /// Keeps the calls of a request in one commit; answers how many of them are new.
  public Future<Integer> add(List<Entry> entries) {
    if (entries.isEmpty()) {
      return Future.succeededFuture(0);
    }
    return pool.preparedQuery(
            """
            with given as materialized (
              select distinct on (name) *
                from (select keyed_hash(source || chr(31) || message_id) as name, source, message_id, subject,
                             call, received_at, place
                        from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[])
                             with ordinality
                          as e(source, message_id, subject, call, received_at, place)) named
               order by name, place
            ), taken as (
              insert into ingested_name (name, at) select name, received_at from given order by name
              on conflict do nothing
              returning name
            )
            insert into ingested (source, message_id, subject, format, call, received_at)
            select source, message_id, subject, $6, call, received_at
              from given join taken using (name)
             order by place
            """)
        .execute(
            Tuple.tuple()
                .addValue(texts(entries, Entry::source))
                .addValue(texts(entries, Entry::messageId))
                .addValue(texts(entries, Entry::subject))
                .addValue(texts(entries, Entry::call))
                .addValue(
                    entries.stream()
                        .map(it -> TurnStatement.utc(it.receivedAt()))
                        .toArray(OffsetDateTime[]::new))
                .addValue((short) Codec.FORMAT))
        .map(rows -> rows.rowCount());
  }

  private static String[] texts(List<Entry> entries, Function<Entry, String> text) {
    return entries.stream().map(text).toArray(String[]::new);
  }

  /// Leases what is due, in order, but for what comes after a call of the same subject that is
  /// under way or waits for its next try. The lock makes one of two that lease at the same time
  /// see what the other has taken.
  ///
  /// A subject's first call is mostly the one that the others wait for: it is looked at before all
  /// that lie between, so that many calls behind one that fails do not look at each other.
  public Future<List<Waiting>> lease(int limit, Duration lease) {
    return pool.withTransaction(
        connection ->
            connection
                .query("select pg_advisory_xact_lock(hashtextextended('parley.ingested', 0))")
                .execute()
                .compose(
                    _ ->
                        connection
                            .preparedQuery(
                                """
                                with due as materialized (
                                  select i.seq from ingested i
                                   where not i.parked and i.due_at <= now()
                                     and case when (select h.due_at from ingested h
                                                     where h.subject = i.subject and not h.parked
                                                     order by h.seq limit 1) > now() then false
                                              else not exists (
                                                select from ingested e
                                                 where e.subject = i.subject and e.seq < i.seq
                                                   and not e.parked and e.due_at > now() offset 0) end
                                   order by i.seq limit $2 for update skip locked
                                )
                                update ingested i set due_at = now() + $1 * interval '1 millisecond'
                                  from due
                                 where i.seq = due.seq
                                returning i.seq, i.source, i.message_id, i.subject, i.call, i.received_at
                                """)
                            .execute(Tuple.of(lease.toMillis(), limit)))
                .map(
                    rows -> {
                      List<Waiting> waiting = new ArrayList<>(rows.size());
                      rows.forEach(row -> waiting.add(waiting(row)));
                      waiting.sort(Comparator.comparingLong(Waiting::seq));
                      return waiting;
                    }));
  }

  private static Waiting waiting(Row row) {
    return new Waiting(
        row.getLong("seq"),
        new Entry(
            row.getString("source"),
            row.getString("message_id"),
            row.getString("subject"),
            row.getString("call"),
            row.getOffsetDateTime("received_at").toInstant()));
  }

  /// They are worked off.
  public Future<Void> done(List<Long> seqs) {
    return seqs.isEmpty()
        ? Future.succeededFuture()
        : pool.preparedQuery("delete from ingested where seq = any($1::bigint[])")
            .execute(Tuple.of((Object) seqs.toArray(Long[]::new)))
            .mapEmpty();
  }

  /// Counts a failed try; answers whether it was the one that parked the call.
  public Future<Boolean> failed(long seq, String error) {
    return pool.preparedQuery(
            """
            update ingested
               set attempts = attempts + 1, error = $2, parked = attempts + 1 >= $3,
                   due_at = now() + least(power(2, attempts), 300) * interval '1 second'
             where seq = $1
            returning parked
            """)
        .execute(Tuple.of(seq, error, MAX_ATTEMPTS))
        .map(rows -> rows.size() == 1 && rows.iterator().next().getBoolean(0));
  }

  /// Gives back what was leased and not tried.
  public Future<Void> release(List<Long> seqs) {
    return seqs.isEmpty()
        ? Future.succeededFuture()
        : pool.preparedQuery("update ingested set due_at = now() where seq = any($1::bigint[])")
            .execute(Tuple.of((Object) seqs.toArray(Long[]::new)))
            .mapEmpty();
  }

  /// Sets a call aside for a person, with what is wrong with it.
  public Future<Void> park(long seq, String why) {
    return pool.preparedQuery("update ingested set parked = true, error = $2 where seq = $1")
        .execute(Tuple.of(seq, why))
        .mapEmpty();
  }

  /// Forgets the names of calls that were taken before a time; answers how many.
  public Future<Integer> forgetNames(Instant before) {
    return pool.preparedQuery("delete from ingested_name where at < $1")
        .execute(Tuple.of(TurnStatement.utc(before)))
        .map(rows -> rows.rowCount());
  }

  // ---- for a person

  /// A row as a person looks at it; the call's content stays in the row.
  public record Held(
      long seq,
      String source,
      String messageId,
      int attempts,
      boolean parked,
      Instant receivedAt,
      String error) {}

  /// The latest, newest first.
  public Future<List<Held>> list(int limit) {
    return pool.preparedQuery(
            """
            select seq, source, message_id, attempts, parked, received_at, coalesce(error, '') as error
              from ingested order by seq desc limit $1
            """)
        .execute(Tuple.of(limit))
        .map(
            rows -> {
              List<Held> held = new ArrayList<>(rows.size());
              rows.forEach(
                  row ->
                      held.add(
                          new Held(
                              row.getLong("seq"),
                              row.getString("source"),
                              row.getString("message_id"),
                              row.getInteger("attempts"),
                              row.getBoolean("parked"),
                              row.getOffsetDateTime("received_at").toInstant(),
                              row.getString("error"))));
              return held;
            });
  }

  /// Lets every parked call be tried again, from the first try; answers how many.
  public Future<Integer> retry() {
    return pool.query(
            "update ingested set parked = false, attempts = 0, due_at = now() where parked")
        .execute()
        .map(rows -> rows.rowCount());
  }

  /// How many wait, and how many of them are parked.
  public Future<Inbox.Depth> depth() {
    return pool.query("select count(*), count(*) filter (where parked) from ingested")
        .execute()
        .map(rows -> rows.iterator().next())
        .map(row -> new Inbox.Depth(row.getLong(0), row.getLong(1)));
  }
}
