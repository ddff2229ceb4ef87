package io.parley.store;

import io.parley.engine.Json;
import io.parley.engine.Values;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What is true of persons now, as calls about them have told. Of one name the value holds that was
/// told of the latest time.
public final class Traits {

  /// Source: Customer.io's limits of a person.
  public static final int MAX_TRAITS = 300;

  private final SqlClient client;

  public Traits(SqlClient client) {
    this.client = client;
  }

  /// What one call says of a person; nothing, where it is only asked what is known.
  ///
  /// @param person `id:42`
  /// @param call the seq of the call in [Ingested], which must still be there
  /// @param cleared the names of what is no longer so
  public record Told(
      String person, long call, Map<String, Object> values, List<String> cleared, Instant at) {

    public Told {
      values = Values.EMPTY.with(new Values(values)).entries();
      cleared = List.copyOf(cleared);
    }
  }

  /// What is known after a call.
  ///
  /// @param changed what the values were before that the call has changed, by name; the same
  ///     however often the call is told
  /// @param unkept the names that a person has no room for
  public record Known(Values values, Map<String, Optional<Object>> changed, List<String> unkept) {

    public Known {
      changed = Map.copyOf(changed);
      unkept = List.copyOf(unkept);
    }
  }

  /// Takes down what a call says; empty where the call is gone, since its person was erased: then
  /// nothing is taken down.
  public Future<Optional<Known>> tell(Told told) {
    return (told.values().isEmpty() && told.cleared().isEmpty()
            ? Future.succeededFuture()
            : write(told))
        .compose(_ -> read(told));
  }

  private Future<?> write(Told told) {
    return client
        .preparedQuery(
            """
            with live as materialized (
              select seq from ingested where seq = $4 for update
            ), given as materialized (
              select g.name, g.value, g.place
                from unnest($2::text[], $3::text[]) with ordinality as g(name, value, place), live
            ), fresh as (
              select g.name, row_number() over (order by g.place) as place
                from given g
               where not exists (select from trait t where t.person = $1 and t.name = g.name)
            ), known as (
              select count(*) as traits from trait
               where person = $1 and not (name = any($6::text[]) and at <= $5)
            ), cleared as (
              delete from trait using live
               where person = $1 and name = any($6::text[]) and at <= $5
            )
            insert into trait as t (person, name, value, set_by, at)
            select $1, g.name, g.value, $4, $5
              from given g left join fresh f on f.name = g.name
             where f.name is null or f.place <= $7 - (select traits from known)
             order by g.name
            on conflict (person, name) do update
              set value = excluded.value, at = excluded.at,
                  previous = case when t.value = excluded.value then t.previous else t.value end,
                  set_by = case when t.value = excluded.value then t.set_by else excluded.set_by end
              where t.at <= excluded.at
            """)
        .execute(
            Tuple.tuple()
                .addValue(told.person())
                .addValue(told.values().keySet().toArray(String[]::new))
                .addValue(told.values().values().stream().map(Json::print).toArray(String[]::new))
                .addValue(told.call())
                .addValue(TurnStatement.utc(told.at()))
                .addValue(told.cleared().toArray(String[]::new))
                .addValue(MAX_TRAITS));
  }

  private Future<Optional<Known>> read(Told told) {
    return client
        .preparedQuery(
            """
            select t.name, t.value, t.previous, t.set_by = i.seq as changed
              from ingested i left join trait t on t.person = $1
             where i.seq = $2
             order by t.name
            """)
        .execute(Tuple.of(told.person(), told.call()))
        .map(rows -> rows.size() == 0 ? Optional.empty() : Optional.of(known(told, rows)));
  }

  private static Known known(Told told, RowSet<Row> rows) {
    Map<String, Object> values = new LinkedHashMap<>();
    Map<String, Optional<Object>> changed = new LinkedHashMap<>();
    for (Row row : rows) {
      String name = row.getString("name");
      if (name == null) {
        continue;
      }
      values.put(name, value(row.getString("value")));
      if (row.getBoolean("changed")) {
        changed.put(name, Optional.ofNullable(row.getString("previous")).map(Traits::value));
      }
    }
    List<String> unkept = new ArrayList<>(told.values().keySet());
    unkept.removeAll(values.keySet());
    return new Known(new Values(values), changed, unkept);
  }

  static Object value(String json) {
    return Json.parse(json).orElse(json);
  }

  /// What was told of a person under other names is the person's; of what both have the person's
  /// own holds, and where room is short what was told last. Nothing of it counts as a change.
  ///
  /// @param call the seq of the call that says so, which must still be there
  /// @return the names that the person had no room for, which are forgotten
  public Future<List<String>> merge(List<String> formerly, String person, long call) {
    return formerly.isEmpty()
        ? Future.succeededFuture(List.of())
        : client
            .preparedQuery(
                """
                with live as materialized (
                  select seq from ingested where seq = $3 for update
                ), moved as (
                  delete from trait using live where person = any($1::text[]) returning name, value, at
                ), fresh as (
                  select distinct on (name) name, value, at from moved
                   where not exists (select from trait t where t.person = $2 and t.name = moved.name)
                   order by name, at desc
                ), kept as (
                  insert into trait (person, name, value, set_by, at)
                  select $2, name, value, 0, at from fresh order by at desc, name
                   limit greatest(0, $4 - (select count(*) from trait where person = $2))
                  on conflict do nothing
                  returning name
                )
                select name from fresh where name not in (select name from kept) order by name
                """)
            .execute(Tuple.of(formerly.toArray(String[]::new), person, call, MAX_TRAITS))
            .map(rows -> rows.stream().map(row -> row.getString("name")).toList());
  }

  /// What is known of a person.
  public Future<Values> of(String person) {
    return client
        .preparedQuery("select name, value from trait where person = $1 order by name")
        .execute(Tuple.of(person))
        .map(
            rows -> {
              Map<String, Object> values = new LinkedHashMap<>();
              rows.forEach(row -> values.put(row.getString("name"), value(row.getString("value"))));
              return new Values(values);
            });
  }
}
