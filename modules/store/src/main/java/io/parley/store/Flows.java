package io.parley.store;

import io.parley.engine.FlowRef;
import io.parley.engine.FlowSid;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Flow definitions and their revisions.
public final class Flows {

  private final SqlClient client;

  public Flows(SqlClient client) {
    this.client = client;
  }

  /// @param definition the JSON as it was given
  public record Stored(FlowRef ref, String definition) {}

  /// Publishes a definition under a name: a new revision, unless it is the latest one already.
  ///
  /// @param hash names the definition's content
  public Future<FlowRef> publish(String name, String hash, String definition) {
    FlowSid sid = FlowSid.named(name);
    return insert(sid, name, hash, definition)
        .compose(
            number ->
                number.isPresent()
                    ? Future.succeededFuture(new FlowRef(sid, name, number.get()))
                    // Another node published in the same moment: its revision is visible now.
                    : publish(name, hash, definition));
  }

  /// The number of the definition's revision; empty where another node took the number.
  private Future<Optional<Integer>> insert(
      FlowSid sid, String name, String hash, String definition) {
    return client
        .preparedQuery("insert into flow (sid, name) values ($1, $2) on conflict do nothing")
        .execute(Tuple.of(sid.value(), name))
        .compose(
            _ ->
                client
                    .preparedQuery(
                        """
                        with latest as (
                          select number, hash from flow_revision where flow = $1
                           order by number desc limit 1
                        ), published as (
                          insert into flow_revision (flow, number, hash, definition, created_at)
                          select $1, coalesce((select number from latest), 0) + 1, $2, $3, now()
                           where not exists (select from latest where hash = $2)
                          on conflict do nothing
                          returning number
                        )
                        select coalesce((select number from published),
                                        (select number from latest where hash = $2))
                        """)
                    .execute(Tuple.of(sid.value(), hash, definition)))
        .map(rows -> Optional.ofNullable(rows.iterator().next().getInteger(0)));
  }

  /// Every revision that is on record.
  public Future<List<Stored>> all() {
    return client
        .preparedQuery(
            """
            select f.sid, f.name, r.number, r.definition
              from flow f join flow_revision r on r.flow = f.sid order by f.name, r.number
            """)
        .execute()
        .map(
            rows -> {
              List<Stored> stored = new ArrayList<>(rows.size());
              for (Row row : rows) {
                stored.add(
                    new Stored(
                        new FlowRef(
                            new FlowSid(row.getString("sid")),
                            row.getString("name"),
                            row.getInteger("number")),
                        row.getString("definition")));
              }
              return stored;
            });
  }
}
