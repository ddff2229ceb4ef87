package io.parley.store;

import io.parley.engine.ConversationId;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Replies of which no tag was sure, kept for people to look at: a turn keeps its own, in its
/// commit; here they are read, and forgotten when their time is over.
public final class ReplyReviews {

  private static final String UNDEFINED_TABLE = "42P01";

  private final SqlClient client;

  public ReplyReviews(SqlClient client) {
    this.client = client;
  }

  /// @param tags what it was tagged, the surest first; none where it was untagged
  /// @param score of the first tag, 0 where there is none
  /// @param flow the name of the flow that it came to, empty where it came to none
  public record Review(
      ConversationId conversation,
      int turn,
      Instant at,
      String text,
      List<String> tags,
      double score,
      String flow) {
    public Review {
      tags = List.copyOf(tags);
    }
  }

  /// What came of reading them.
  public sealed interface Found {

    /// @param more whether there are older ones that were left out
    record Reviews(List<Review> reviews, boolean more) implements Found {
      public Reviews {
        reviews = List.copyOf(reviews);
      }
    }

    /// The database is of a service that keeps none yet.
    record NoTable() implements Found {}
  }

  /// Those since a time that still have their text, newest first.
  ///
  /// @param flow empty for all flows
  public Future<Found> since(Instant since, Optional<String> flow, int most) {
    return client
        .preparedQuery(
            """
            select conversation, turn, at, text, tags, score, flow from reply_review
             where at >= $1 and text <> '' and ($2::text is null or flow = $2)
             order by at desc, conversation, turn limit $3
            """)
        .execute(Tuple.of(since.atOffset(ZoneOffset.UTC), flow.orElse(null), most + 1L))
        .<Found>map(
            rows -> {
              List<Review> reviews = rows.stream().limit(most).map(ReplyReviews::review).toList();
              return new Found.Reviews(reviews, rows.size() > most);
            })
        .recover(
            failure ->
                failure instanceof PgException refused
                        && UNDEFINED_TABLE.equals(refused.getSqlState())
                    ? Future.succeededFuture(new Found.NoTable())
                    : Future.failedFuture(failure));
  }

  /// Forgets what was kept longer ago than that; answers how many they were.
  public Future<Integer> forget(Duration retention) {
    return client
        .preparedQuery("delete from reply_review where at < now() - $1 * interval '1 second'")
        .execute(Tuple.of(retention.toSeconds()))
        .map(deleted -> deleted.rowCount());
  }

  private static Review review(Row row) {
    Float score = row.getFloat("score");
    return new Review(
        new ConversationId(row.getUUID("conversation")),
        row.getInteger("turn"),
        row.getOffsetDateTime("at").toInstant(),
        row.getString("text"),
        Stream.of(Optional.ofNullable(row.getString("tags")).orElse("").split(",", -1))
            .map(String::strip)
            .filter(it -> !it.isEmpty())
            .toList(),
        score == null ? 0 : score,
        Optional.ofNullable(row.getString("flow")).orElse(""));
  }
}
