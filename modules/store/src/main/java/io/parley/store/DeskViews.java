package io.parley.store;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.List;

/// Filters of the inbox that an agent gave a name; each agent has their own.
public final class DeskViews {

  private final SqlClient client;

  public DeskViews(SqlClient client) {
    this.client = client;
  }

  /// @param filter a JSON object that the desk's client reads
  public record View(String name, String filter) {}

  public Future<List<View>> of(String agent) {
    return client
        .preparedQuery("select name, filter from desk_view where agent = $1 order by name")
        .execute(Tuple.of(agent))
        .map(
            rows ->
                rows.stream()
                    .map(row -> new View(row.getString("name"), row.getString("filter")))
                    .toList());
  }

  public Future<Void> keep(String agent, View view, Instant now) {
    return client
        .preparedQuery(
            """
            insert into desk_view (agent, name, filter, updated_at) values ($1, $2, $3, $4)
            on conflict (agent, name) do update set filter = excluded.filter, updated_at = excluded.updated_at
            """)
        .execute(Tuple.of(agent, view.name(), view.filter(), TurnStatement.utc(now)))
        .mapEmpty();
  }

  /// Whether there was such a one.
  public Future<Boolean> forget(String agent, String name) {
    return client
        .preparedQuery("delete from desk_view where agent = $1 and name = $2")
        .execute(Tuple.of(agent, name))
        .map(rows -> rows.rowCount() == 1);
  }
}
