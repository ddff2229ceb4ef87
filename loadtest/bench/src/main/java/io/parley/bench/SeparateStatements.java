package io.parley.bench;

import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// A transaction a turn, a statement a row, 32 clients: what a program does that knows nothing
/// better.
record SeparateStatements() implements SqlForm {

  private static final String TURN =
      """
      insert into turn (conversation, number, source, source_id, at, kind, format, event, effects, path,
                        state)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
      on conflict do nothing
      """;
  private static final String OUTGOING =
      """
      insert into outbox (conversation, turn, index, destination, sender, contact, epoch, format, effect,
                          due_at, not_before, created_at, purpose)
      values ($1, $2, $3, $4, $5, $6, 0, $7, $8, now(), now(), $9, 'FLOW')
      """;
  private static final String TIMER =
      """
      insert into timer (conversation, turn, index, ours, theirs, purpose, due_at)
      values ($1, $2, $3, $4, $5, $6, $7)
      """;
  private static final String UNTIMED =
      "delete from timer where conversation = $1 and turn = $2 and index = $3";

  @Override
  public int clients() {
    return 32;
  }

  @Override
  public int batch() {
    return 1;
  }

  @Override
  public Future<?> write(PgConnection connection, List<SqlForm.Row> rows) {
    SqlForm.Row row = rows.getFirst();
    Samples.Turn turn = row.turn();
    Future<?> written =
        connection
            .query("begin")
            .execute()
            .compose(
                _ ->
                    execute(
                        connection,
                        TURN,
                        row.conversation(),
                        row.number(),
                        SqlForm.Row.SOURCE,
                        row.sourceId(),
                        row.at(),
                        turn.kind(),
                        turn.format(),
                        turn.event(),
                        turn.effects(),
                        turn.path(),
                        turn.state()));
    for (Supplier<Future<?>> statement : rest(connection, row)) {
      written = written.compose(_ -> statement.get());
    }
    return written;
  }

  private static List<Supplier<Future<?>>> rest(PgConnection connection, SqlForm.Row row) {
    List<Supplier<Future<?>>> rest = new ArrayList<>();
    for (Samples.Outgoing it : row.turn().outgoing()) {
      rest.add(
          () ->
              execute(
                  connection,
                  OUTGOING,
                  row.conversation(),
                  row.number(),
                  it.index(),
                  it.destination(),
                  it.sender(),
                  it.contact(),
                  row.turn().format(),
                  it.effect(),
                  row.at()));
    }
    for (Samples.Timer it : row.turn().timers()) {
      rest.add(
          () ->
              execute(
                  connection,
                  TIMER,
                  row.conversation(),
                  row.number(),
                  it.index(),
                  Replies.OURS.value(),
                  Replies.theirs(0),
                  it.purpose(),
                  row.at().plusHours(1)));
      rest.add(
          () -> execute(connection, UNTIMED, row.conversation(), row.number() - 1, it.index()));
    }
    rest.add(() -> connection.query("commit").execute());
    return rest;
  }

  private static Future<?> execute(PgConnection connection, String sql, Object... parameters) {
    return connection.preparedQuery(sql).execute(Tuple.from(parameters));
  }
}
