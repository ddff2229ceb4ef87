package io.parley.store;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Messages that are to be passed on as they came. Those of one contact leave in their order: what
/// waits for its next try holds back the contact's later ones, and nobody else's.
public final class InboundRelay {

  private final Pool pool;
  private final Seal seal;

  /// @param seal keeps the bodies of dead letters
  public InboundRelay(Pool pool, Seal seal) {
    this.pool = pool;
    this.seal = seal;
  }

  /// A message as it came.
  ///
  /// @param message its sid, which makes a second one a repeat
  /// @param contact who wrote
  /// @param token Twilio's idempotency token; empty where it sent none
  /// @param body the form, byte for byte
  public record Entry(
      String message, String contact, String token, Buffer body, Instant receivedAt) {}

  /// A message that waits.
  ///
  /// @param attempts how often it was tried before
  public record Waiting(long seq, Entry entry, int attempts) {}

  /// Keeps a message, unless it is kept or was relayed already.
  public Future<Void> add(Entry entry) {
    return pool.preparedQuery(
            """
            insert into relayed (message, contact, token, body, received_at) values ($1, $2, $3, $4, $5)
            on conflict do nothing
            """)
        .execute(
            Tuple.of(
                entry.message(),
                entry.contact(),
                entry.token(),
                entry.body(),
                TurnStatement.utc(entry.receivedAt())))
        .mapEmpty();
  }

  /// Leases the oldest message of each contact, where it is due.
  public Future<List<Waiting>> lease(int limit, Duration lease) {
    return pool.preparedQuery(
            """
            with due as materialized (
              select r.seq from relayed r
               where r.state = 'waiting' and r.due_at <= now()
                 and not exists (select from relayed e
                                  where e.contact = r.contact and e.seq < r.seq and e.state = 'waiting'
                                 offset 0)
               order by r.seq limit $2 for update skip locked
            )
            update relayed r set due_at = now() + $1 * interval '1 millisecond'
              from due
             where r.seq = due.seq
            returning r.seq, r.message, r.contact, r.token, r.body, r.received_at, r.attempts
            """)
        .execute(Tuple.of(lease.toMillis(), limit))
        .map(InboundRelay::waiting);
  }

  private static List<Waiting> waiting(RowSet<Row> rows) {
    List<Waiting> waiting = new ArrayList<>(rows.size());
    rows.forEach(
        row ->
            waiting.add(
                new Waiting(
                    row.getLong("seq"),
                    new Entry(
                        row.getString("message"),
                        row.getString("contact"),
                        row.getString("token"),
                        row.getBuffer("body"),
                        row.getOffsetDateTime("received_at").toInstant()),
                    row.getInteger("attempts"))));
    waiting.sort(Comparator.comparingLong(Waiting::seq));
    return waiting;
  }

  /// It was taken; what is left of it is its name.
  public Future<Void> done(long seq) {
    return pool.preparedQuery(
            """
            update relayed set state = 'done', contact = '', token = '', body = '', error = null where seq = $1
            """)
        .execute(Tuple.of(seq))
        .mapEmpty();
  }

  /// Counts a try in vain.
  public Future<Void> postpone(long seq, Duration pause, String why) {
    return pool.preparedQuery(
            """
            update relayed
               set attempts = attempts + 1, error = $3, due_at = now() + $2 * interval '1 millisecond'
             where seq = $1
            """)
        .execute(Tuple.of(seq, pause.toMillis(), why))
        .mapEmpty();
  }

  /// Gives back what was leased and not tried.
  public Future<Void> release(List<Long> seqs) {
    return seqs.isEmpty()
        ? Future.succeededFuture()
        : pool.preparedQuery("update relayed set due_at = now() where seq = any($1::bigint[])")
            .execute(Tuple.of((Object) seqs.toArray(Long[]::new)))
            .mapEmpty();
  }

  /// It will not be taken, or not in time: a dead letter.
  public Future<Void> bury(Waiting row, String why) {
    String body = row.entry().body().toString(StandardCharsets.ISO_8859_1);
    Optional<Seal.Sealed> sealed = seal.seal(body, place(row.seq()));
    return pool.preparedQuery(
            """
            update relayed
               set state = 'dead', attempts = $2, error = $3, body = coalesce($4, body), key = $5
             where seq = $1
            """)
        .execute(
            Tuple.of(row.seq(), row.attempts() + 1, why)
                .addValue(sealed.map(it -> Buffer.buffer(it.text())).orElse(null))
                .addValue(sealed.map(Seal.Sealed::key).orElse(null)))
        .mapEmpty();
  }

  private static String place(long seq) {
    return "relayed:" + seq;
  }

  /// Forgets the names of what came before a time and was relayed.
  public Future<Integer> forget(Instant before) {
    return pool.preparedQuery("delete from relayed where state = 'done' and received_at < $1")
        .execute(Tuple.of(TurnStatement.utc(before)))
        .map(RowSet::rowCount);
  }

  // ---- for a person

  /// A row as a person looks at it; what was said stays in the row.
  public record Held(
      long seq, String message, int attempts, boolean dead, Instant receivedAt, String error) {}

  /// What waits and what is dead, the latest first.
  public Future<List<Held>> list(int limit) {
    return pool.preparedQuery(
            """
            select seq, message, attempts, state = 'dead' as dead, received_at, coalesce(error, '') as error
              from relayed where state <> 'done' order by seq desc limit $1
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
                              row.getString("message"),
                              row.getInteger("attempts"),
                              row.getBoolean("dead"),
                              row.getOffsetDateTime("received_at").toInstant(),
                              row.getString("error"))));
              return held;
            });
  }

  /// What came of letting dead letters be tried again.
  ///
  /// @param shut those whose bodies could not be opened, and why
  public record Retried(int count, List<String> shut) {
    public Retried {
      shut = List.copyOf(shut);
    }
  }

  /// Lets every dead letter be tried again, however old it is.
  public Future<Retried> retry() {
    return pool.query(
            "select seq, message, body, key from relayed where state = 'dead' order by seq")
        .execute()
        .compose(
            rows -> {
              List<String> shut = new ArrayList<>();
              Future<Integer> opened = Future.succeededFuture(0);
              for (Row row : rows) {
                switch (open(row)) {
                  case Seal.Opening.Shut(var why) ->
                      shut.add(row.getString("message") + ": " + why);
                  case Seal.Opening.Open(var body) ->
                      opened =
                          opened.compose(count -> revive(row.getLong("seq"), body).map(count + 1));
                }
              }
              return opened.map(count -> new Retried(count, shut));
            });
  }

  private Seal.Opening open(Row row) {
    String key = row.getString("key");
    Buffer body = row.getBuffer("body");
    return key == null
        ? new Seal.Opening.Open(body.toString(StandardCharsets.ISO_8859_1))
        : seal.open(new Seal.Sealed(key, body.toString()), place(row.getLong("seq")));
  }

  private Future<Void> revive(long seq, String body) {
    return pool.preparedQuery(
            """
            update relayed
               set state = 'waiting', attempts = 0, error = null, key = null, body = $2, due_at = now(),
                   received_at = now()
             where seq = $1 and state = 'dead'
            """)
        .execute(Tuple.of(seq, Buffer.buffer(body.getBytes(StandardCharsets.ISO_8859_1))))
        .mapEmpty();
  }

  /// How many wait or are dead, and how many are dead.
  public Future<Inbox.Depth> depth() {
    return pool.query(
            """
            select count(*), count(*) filter (where state = 'dead') from relayed where state <> 'done'
            """)
        .execute()
        .map(rows -> rows.iterator().next())
        .map(row -> new Inbox.Depth(row.getLong(0), row.getLong(1)));
  }
}
