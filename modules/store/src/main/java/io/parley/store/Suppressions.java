package io.parley.store;

import io.parley.engine.Address;
import io.parley.engine.ConversationId;
import io.parley.engine.ThreadId;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The windows in which other messages to a person are held back, one a conversation: the latest.
public final class Suppressions {

  private final SqlClient client;

  public Suppressions(SqlClient client) {
    this.client = client;
  }

  /// A window.
  ///
  /// @param reason why it is open: `conversation_in_progress`, `purchased`
  /// @param until when it ends by itself
  public record Window(ConversationId conversation, String reason, Instant from, Instant until) {}

  /// A window that is over and has not been ended.
  public record Over(ThreadId thread, Window window) {}

  /// Opens a conversation's window; answers whether it was closed before. One that is open keeps
  /// its beginning, and ends at the later of both ends.
  public Future<Boolean> open(Window window) {
    return client
        .preparedQuery(
            """
            with before as (
              select ended_at is null as open from suppression where conversation = $1
            )
            insert into suppression as s (conversation, reason, started_at, until)
            values ($1, $2, $3, $4)
            on conflict (conversation) do update
              set reason = excluded.reason,
                  started_at = case when s.ended_at is null then s.started_at else excluded.started_at end,
                  until = case when s.ended_at is null then greatest(s.until, excluded.until)
                               else excluded.until end,
                  ended_at = null, ended_reason = null
            returning not coalesce((select open from before), false)
            """)
        .execute(
            Tuple.of(
                window.conversation().value(),
                window.reason(),
                TurnStatement.utc(window.from()),
                TurnStatement.utc(window.until())))
        .map(rows -> rows.iterator().next().getBoolean(0));
  }

  /// Ends a conversation's window; answers the window, where it was open.
  public Future<Optional<Window>> end(ConversationId conversation, Instant at, String why) {
    return client
        .preparedQuery(
            """
            update suppression set ended_at = $2, ended_reason = $3
             where conversation = $1 and ended_at is null
            returning reason, started_at, until
            """)
        .execute(Tuple.of(conversation.value(), TurnStatement.utc(at), why))
        .map(
            rows ->
                rows.stream()
                    .findFirst()
                    .map(
                        row ->
                            new Window(
                                conversation,
                                row.getString("reason"),
                                row.getOffsetDateTime("started_at").toInstant(),
                                row.getOffsetDateTime("until").toInstant())));
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
