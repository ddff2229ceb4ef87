package io.parley.store;

import io.parley.codec.Codec;
import io.parley.engine.Address;
import io.parley.engine.ConversationId;
import io.parley.engine.Event;
import io.parley.engine.ThreadId;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Events that were acknowledged but could not become a turn yet: an owner that did not answer, an
/// error in the engine. Swept with growing pauses; parked for a person after too many tries.
/// Triggers wait here, too, while a person speaks with their contact, untried until that is over.
public final class Inbox {

  /// After so many tries an event is parked.
  public static final int MAX_ATTEMPTS = 8;

  private static final Logger LOG = LoggerFactory.getLogger(Inbox.class);

  private final SqlClient client;

  public Inbox(SqlClient client) {
    this.client = client;
  }

  public record Kept(
      String source,
      String sourceId,
      Optional<String> alias,
      ThreadId thread,
      Event event,
      Instant receivedAt) {}

  /// Keeps an event, or counts one more failed try of one that is kept. Answers whether this was
  /// the try that parked it.
  public Future<Boolean> keep(Kept kept, String error) {
    return client
        .preparedQuery(
            """
            insert into inbox as i (source, source_id, alias, ours, theirs, format, event, received_at, due_at,
                                    error)
            values ($1, $2, $3, $4, $5, $6, $7, $8, now() + interval '1 second', $9)
            on conflict (source, source_id) do update
              set attempts = i.attempts + 1, error = excluded.error,
                  parked = i.parked or i.attempts + 1 >= $10,
                  due_at = now() + least(power(2, i.attempts + 1), 300) * interval '1 second'
            returning attempts = $10
            """)
        .execute(
            Tuple.tuple()
                .addValue(kept.source())
                .addValue(kept.sourceId())
                .addValue(kept.alias().orElse(null))
                .addValue(kept.thread().ours().value())
                .addValue(kept.thread().theirs().value())
                .addValue((short) Codec.FORMAT)
                .addValue(Codec.encodeEvent(kept.event()))
                .addValue(TurnStatement.utc(kept.receivedAt()))
                .addValue(error)
                .addValue(MAX_ATTEMPTS))
        .map(rows -> rows.iterator().next().getBoolean(0));
  }

  /// Leases what is due, oldest first. A row leaves with its turn's commit. One that cannot be read
  /// (a newer node wrote it) is parked and keeps no other back.
  public Future<List<Kept>> lease(int limit, Duration lease) {
    return client
        .preparedQuery(
            """
            with due as materialized (
              select source, source_id from inbox where not parked and due_at <= now()
               order by received_at limit $2 for update skip locked
            )
            update inbox i set due_at = now() + $1 * interval '1 millisecond'
              from due
             where i.source = due.source and i.source_id = due.source_id
            returning i.source, i.source_id, i.alias, i.ours, i.theirs, i.format, i.event, i.received_at
            """)
        .execute(Tuple.of(lease.toMillis(), limit))
        .compose(this::readable);
  }

  private Future<List<Kept>> readable(RowSet<Row> rows) {
    List<Kept> kept = new ArrayList<>(rows.size());
    Future<Void> parked = Future.succeededFuture();
    for (Row row : rows) {
      try {
        kept.add(kept(row));
      } catch (IllegalStateException unreadable) {
        String source = row.getString("source");
        String sourceId = row.getString("source_id");
        String why = String.valueOf(unreadable.getMessage());
        LOG.atError()
            .addKeyValue("source", source)
            .addKeyValue("source_id", sourceId)
            .addKeyValue("why", why)
            .log("event parked, it cannot be read; parley inbox retry tries it again");
        parked = parked.compose(_ -> park(source, sourceId, why));
      }
    }
    kept.sort(Comparator.comparing(Kept::receivedAt));
    return parked.map(_ -> kept);
  }

  private static Kept kept(Row row) {
    return new Kept(
        row.getString("source"),
        row.getString("source_id"),
        Optional.ofNullable(row.getString("alias")),
        new ThreadId(new Address(row.getString("ours")), new Address(row.getString("theirs"))),
        Codec.decodeEvent(row.getShort("format"), row.getString("event")),
        row.getOffsetDateTime("received_at").toInstant());
  }

  /// Makes due what has waited for the end of handoffs that are over; answers how many.
  public Future<Integer> release() {
    return client
        .preparedQuery(
            """
            update inbox set due_at = now(), behind = null
             where behind is not null
               and not exists (select from handoff h
                                where h.conversation = any(inbox.behind) and h.closed_at is null)
            """)
        .execute()
        .map(rows -> rows.rowCount());
  }

  /// Sets an event aside for a person, untried.
  public Future<Void> park(String source, String sourceId, String why) {
    return client
        .preparedQuery(
            "update inbox set parked = true, error = $3 where source = $1 and source_id = $2")
        .execute(Tuple.of(source, sourceId, why))
        .mapEmpty();
  }

  /// A row as a person looks at it; the event's content stays in the row.
  ///
  /// @param conversation which conversation it is for
  public record Parked(
      String source,
      String sourceId,
      ConversationId conversation,
      int attempts,
      boolean parked,
      Instant receivedAt,
      String error) {}

  /// The latest, newest first.
  public Future<List<Parked>> list(int limit) {
    return client
        .preparedQuery(
            """
            select source, source_id, ours, theirs, attempts, parked, received_at, error
              from inbox order by received_at desc limit $1
            """)
        .execute(Tuple.of(limit))
        .map(rows -> rows.stream().map(Inbox::parked).toList());
  }

  /// Those of a thread, oldest first.
  Future<List<Parked>> of(ThreadId thread) {
    return client
        .preparedQuery(
            """
            select source, source_id, ours, theirs, attempts, parked, received_at, error
              from inbox where ours = $1 and theirs = $2 order by received_at
            """)
        .execute(Tuple.of(thread.ours().value(), thread.theirs().value()))
        .map(rows -> rows.stream().map(Inbox::parked).toList());
  }

  private static Parked parked(Row row) {
    return new Parked(
        row.getString("source"),
        row.getString("source_id"),
        ConversationId.of(
            new ThreadId(new Address(row.getString("ours")), new Address(row.getString("theirs")))),
        row.getInteger("attempts"),
        row.getBoolean("parked"),
        row.getOffsetDateTime("received_at").toInstant(),
        row.getString("error"));
  }

  /// Lets the sweep take every parked event again, from the first try; answers how many.
  public Future<Integer> retry() {
    return client
        .preparedQuery("update inbox set parked = false, attempts = 0, due_at = now() where parked")
        .execute()
        .map(rows -> rows.rowCount());
  }

  /// The event turned out to have its turn already.
  public Future<Void> drop(String source, String sourceId) {
    return client
        .preparedQuery("delete from inbox where source = $1 and source_id = $2")
        .execute(Tuple.of(source, sourceId))
        .mapEmpty();
  }

  /// How many wait for another try, and how many of them are parked.
  public Future<Depth> depth() {
    return client
        .preparedQuery(
            "select count(*), count(*) filter (where parked) from inbox where behind is null")
        .execute()
        .map(rows -> rows.iterator().next())
        .map(row -> new Depth(row.getLong(0), row.getLong(1)));
  }

  /// How many wait for the end of a handoff.
  public Future<Long> waiting() {
    return client
        .preparedQuery("select count(*) from inbox where behind is not null")
        .execute()
        .map(rows -> rows.iterator().next().getLong(0));
  }

  public record Depth(long rows, long parked) {}
}
