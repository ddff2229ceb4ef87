package io.parley.store;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// How often somebody tried to sign in of late, counted by names: in the database, so that it holds
/// for all nodes and outlives a restart.
public final class SignInAttempts {

  private final SqlClient client;
  private final Duration window;

  /// @param window how long an attempt counts, from the first of a row of them
  public SignInAttempts(SqlClient client, Duration window) {
    this.client = client;
    this.window = window;
  }

  /// @param tries how many, this one among them
  /// @param until when they are forgotten
  public record Count(int tries, Instant until) {}

  /// Counts one by each name, before it is known what comes of it: of many at once none is missed.
  public Future<Map<String, Count>> count(List<String> names, Instant now) {
    return client
        .preparedQuery(
            """
            insert into desk_attempt as a (name, tries, since)
            select name, 1, $2 from unnest($1::text[]) as name order by name
            on conflict (name) do update
               set tries = case when a.since > $3 then a.tries + 1 else 1 end,
                   since = case when a.since > $3 then a.since else $2 end
            returning a.name, a.tries, a.since
            """)
        .execute(
            Tuple.tuple()
                .addArrayOfString(names.toArray(String[]::new))
                .addValue(TurnStatement.utc(now))
                .addValue(TurnStatement.utc(now.minus(window))))
        .map(
            rows -> {
              Map<String, Count> counts = new LinkedHashMap<>();
              rows.forEach(
                  row ->
                      counts.put(
                          row.getString("name"),
                          new Count(
                              row.getInteger("tries"),
                              row.getOffsetDateTime("since").toInstant().plus(window))));
              return counts;
            });
  }

  /// One of the attempts was right: it does not count, and by one of the names none does.
  ///
  /// @param cleared the name by which all is forgotten
  public Future<Void> forgive(List<String> names, String cleared) {
    return client
        .preparedQuery(
            """
            with cleared as (delete from desk_attempt where name = $2)
            update desk_attempt set tries = tries - 1 where name = any($1) and name <> $2
            """)
        .execute(Tuple.tuple().addArrayOfString(names.toArray(String[]::new)).addString(cleared))
        .mapEmpty();
  }

  /// Forgets what does not count any more.
  public Future<Void> forget(Instant now) {
    return client
        .preparedQuery("delete from desk_attempt where since <= $1")
        .execute(Tuple.of(TurnStatement.utc(now.minus(window))))
        .mapEmpty();
  }
}
