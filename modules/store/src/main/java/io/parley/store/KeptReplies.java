package io.parley.store;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;

/// Replies that were not understood. A turn keeps its own, in its commit; here the old ones are
/// forgotten.
public final class KeptReplies {

  private final SqlClient client;

  public KeptReplies(SqlClient client) {
    this.client = client;
  }

  /// Forgets what was kept longer ago than that; answers how many they were.
  public Future<Integer> forget(Duration retention) {
    return client
        .preparedQuery("delete from reply_review where at < now() - $1 * interval '1 second'")
        .execute(Tuple.of(retention.toSeconds()))
        .map(deleted -> deleted.rowCount());
  }
}
