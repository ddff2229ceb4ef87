package io.parley.store;

import io.parley.engine.Address;
import io.parley.engine.EffectId;
import io.parley.engine.ThreadId;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Timers that wait. A timer's row goes with the turn that hears of it, so one that is read twice
/// is refused as a repeat.
public final class Timers {

  private final SqlClient client;

  public Timers(SqlClient client) {
    this.client = client;
  }

  public record Due(EffectId timer, ThreadId thread) {}

  /// Leases what is due, the longest due first: hidden for `lease`, gone with its turn. One whose
  /// event is kept in the inbox is the inbox's to bring again.
  public Future<List<Due>> lease(Instant now, int limit, Duration lease) {
    return client
        .preparedQuery(
            """
            with due as materialized (
              select conversation, turn, index, due_at from timer where due_at <= $1
                 and not exists (select from inbox i
                                  where i.source = 'timer'
                                    and i.source_id = conversation || ':' || turn || ':' || index
                                 offset 0)
               order by due_at limit $2 for update skip locked
            ), leased as (
              update timer t set due_at = $1 + $3 * interval '1 millisecond'
                from due
               where t.conversation = due.conversation and t.turn = due.turn and t.index = due.index
              returning t.conversation, t.turn, t.index, t.ours, t.theirs, due.due_at
            )
            select conversation, turn, index, ours, theirs from leased order by due_at, turn, index
            """)
        .execute(Tuple.of(TurnStatement.utc(now), limit, lease.toMillis()))
        .map(
            rows -> {
              List<Due> due = new ArrayList<>(rows.size());
              rows.forEach(
                  row ->
                      due.add(
                          new Due(
                              Outbox.id(row),
                              new ThreadId(
                                  new Address(row.getString("ours")),
                                  new Address(row.getString("theirs"))))));
              return due;
            });
  }
}
