package io.parley.store;

import io.parley.engine.EffectId;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Reports that their destination would not take, kept until somebody replays them.
public final class DeadLetters {

  private static final String COLUMNS =
      "conversation, turn, index, destination, attempts, reason, created_at, died_at, effect";

  private final SqlClient client;

  public DeadLetters(SqlClient client) {
    this.client = client;
  }

  /// @param effect the JSON that was to be reported
  public record DeadLetter(
      EffectId id,
      String destination,
      int attempts,
      String reason,
      Instant createdAt,
      Instant diedAt,
      String effect) {}

  /// The latest, newest first.
  public Future<List<DeadLetter>> list(int limit) {
    return client
        .preparedQuery("select " + COLUMNS + " from dead_letter order by died_at desc limit $1")
        .execute(Tuple.of(limit))
        .map(
            rows -> {
              List<DeadLetter> letters = new ArrayList<>(rows.size());
              rows.forEach(row -> letters.add(letter(row)));
              return letters;
            });
  }

  public Future<Optional<DeadLetter>> find(EffectId id) {
    return client
        .preparedQuery(
            "select "
                + COLUMNS
                + " from dead_letter where conversation = $1 and turn = $2 and index = $3")
        .execute(Tuple.of(id.conversation().value(), id.turn(), id.index()))
        .map(
            rows ->
                rows.size() == 0 ? Optional.empty() : Optional.of(letter(rows.iterator().next())));
  }

  /// Puts one back in the outbox, or all where none is named; answers how many. Ids are
  /// deterministic, so a destination that had taken it after all ignores the repeat.
  public Future<Integer> replay(Optional<EffectId> id) {
    return client
        .preparedQuery(
            """
            with risen as (
              delete from dead_letter
               where $1::uuid is null or (conversation = $1 and turn = $2 and index = $3)
              returning *
            )
            insert into outbox (conversation, turn, index, destination, sender, contact, epoch, format,
                                effect, due_at, created_at)
            select conversation, turn, index, destination, sender, contact, epoch, format, effect, now(),
                   created_at
              from risen
             order by created_at, conversation, turn, index
            """)
        .execute(
            Tuple.of(
                id.map(it -> it.conversation().value()).orElse(null),
                id.map(EffectId::turn).orElse(null),
                id.map(EffectId::index).orElse(null)))
        .map(rows -> rows.rowCount());
  }

  public Future<Long> count() {
    return client
        .preparedQuery("select count(*) from dead_letter")
        .execute()
        .map(rows -> rows.iterator().next().getLong(0));
  }

  /// How many there are, by destination.
  public Future<Map<String, Long>> counts() {
    return client
        .query("select destination, count(*) as letters from dead_letter group by destination")
        .execute()
        .map(
            rows -> {
              Map<String, Long> counts = new TreeMap<>();
              rows.forEach(row -> counts.put(row.getString(0), row.getLong("letters")));
              return counts;
            });
  }

  private static DeadLetter letter(Row row) {
    return new DeadLetter(
        Outbox.id(row),
        row.getString("destination"),
        row.getInteger("attempts"),
        row.getString("reason"),
        row.getOffsetDateTime("created_at").toInstant(),
        row.getOffsetDateTime("died_at").toInstant(),
        row.getString("effect"));
  }
}
