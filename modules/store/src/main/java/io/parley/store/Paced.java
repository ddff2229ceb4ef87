package io.parley.store;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;

/// What may be done only once in a while, by all nodes together, before a restart and after it.
public final class Paced {

  private final SqlClient client;

  public Paced(SqlClient client) {
    this.client = client;
  }

  /// Takes the right to do a thing now, where it is free; then nobody has it for a while. Else
  /// answers how long it is not.
  ///
  /// @param every how long it is taken for
  /// @return zero where it was free
  public Future<Duration> claim(String name, Duration every) {
    return client
        .preparedQuery(
            """
            with claimed as (
              insert into paced as p (name, free_at) values ($1, now() + $2 * interval '1 millisecond')
              on conflict (name) do update set free_at = excluded.free_at where p.free_at <= now()
              returning 1
            )
            select case when exists (select from claimed) then 0
                        else greatest(1, ceil(extract(epoch from
                               (select free_at from paced where name = $1) - now()) * 1000))::bigint
                   end as millis
            """)
        .execute(Tuple.of(name, every.toMillis()))
        .map(rows -> rows.iterator().next().getLong("millis"))
        .map(millis -> Duration.ofMillis(millis == null ? 1 : millis));
  }
}
