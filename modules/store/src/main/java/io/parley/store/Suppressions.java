package io.parley.store;

import io.parley.engine.Address;
import io.parley.engine.ConversationId;
import io.parley.engine.ThreadId;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.List;

/// The windows in which other messages to a person are held back, one a conversation: the latest.
public final class Suppressions {

  private final SqlClient client;

  public Suppressions(SqlClient client) {
    this.client = client;
  }

  /// A window.
  ///
  /// @param reason why it is open: `conversation`, `purchase`
  /// @param until when it ends by itself
  public record Window(ConversationId conversation, String reason, Instant from, Instant until) {}

  /// A window that is over and has not been ended.
  public record Over(ThreadId thread, Window window) {}

  /// Ends a conversation's window that is over; whether one was. A younger one, which has begun
  /// since somebody looked, stays.
  public Future<Boolean> end(ConversationId conversation, Instant at, String why) {
    return client
        .preparedQuery(
            """
            update suppression set ended_at = $2, ended_reason = $3
             where conversation = $1 and ended_at is null and until <= $2
            """)
        .execute(Tuple.of(conversation.value(), TurnStatement.utc(at), why))
        .map(rows -> rows.rowCount() == 1);
  }

  /// The windows that are over and not ended, the longest over first: what a sweep has to end.
  public Future<List<Over>> over(Instant now, int limit) {
    return client
        .preparedQuery(
            """
            select s.conversation, s.reason, s.started_at, s.until, c.ours, c.theirs
              from suppression s join conversation c on c.id = s.conversation
             where s.ended_at is null and s.until <= $1
             order by s.until limit $2
            """)
        .execute(Tuple.of(TurnStatement.utc(now), limit))
        .map(
            rows ->
                rows.stream()
                    .map(
                        row ->
                            new Over(
                                new ThreadId(
                                    new Address(row.getString("ours")),
                                    new Address(row.getString("theirs"))),
                                new Window(
                                    new ConversationId(row.getUUID("conversation")),
                                    row.getString("reason"),
                                    row.getOffsetDateTime("started_at").toInstant(),
                                    row.getOffsetDateTime("until").toInstant())))
                    .toList());
  }
}
