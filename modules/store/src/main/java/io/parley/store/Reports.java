package io.parley.store;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;

/// Which of Customer.io's reports were taken, so that a repeat is known as one.
public final class Reports {

  /// Customer.io repeats for seven days; a name that is forgotten later costs nothing, since what a
  /// report says can be stored twice and is one.
  private static final Duration REMEMBERED = Duration.ofDays(30);

  /// How many names are forgotten as one is learned.
  private static final int FORGOTTEN_AT_ONCE = 10;

  private final SqlClient client;

  public Reports(SqlClient client) {
    this.client = client;
  }

  public Future<Boolean> isKnown(String eventId) {
    return client
        .preparedQuery("select exists (select from customerio_report where event_id = $1)")
        .execute(Tuple.of(eventId))
        .map(rows -> rows.iterator().next().getBoolean(0));
  }

  /// A report was taken, and all that it says is stored.
  public Future<Void> taken(String eventId, Instant now) {
    return client
        .preparedQuery(
            """
            with forgotten as (
              delete from customerio_report
               where event_id in (select event_id from customerio_report where received_at < $3
                                   order by received_at limit $4 for update skip locked)
            )
            insert into customerio_report (event_id, received_at) values ($1, $2) on conflict do nothing
            """)
        .execute(
            Tuple.of(
                eventId,
                TurnStatement.utc(now),
                TurnStatement.utc(now.minus(REMEMBERED)),
                FORGOTTEN_AT_ONCE))
        .mapEmpty();
  }
}
