package io.parley.store;

import io.parley.codec.Codec;
import io.parley.engine.ConversationId;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Writes batches of turns over one connection: one statement, one commit, one answer a turn.
/// Confined to its connection's context.
public final class TurnCommitter {

  /// How many turns a statement takes at most; past this, larger batches gain little.
  public static final int MAX_BATCH = 256;

  private final SqlClient connection;
  private final List<String> sinks;

  /// @param sinks the destinations that outcomes are reported to
  public TurnCommitter(SqlClient connection, List<String> sinks) {
    this.connection = connection;
    this.sinks = List.copyOf(sinks);
  }

  /// Writes a batch; answers in the batch's order. No two records may be of one conversation.
  /// A record that Postgres refuses is found by writing each alone, so that it keeps no other back.
  public Future<List<Written>> write(List<TurnRecord> batch) {
    return connection
        .preparedQuery(TurnStatement.SQL)
        .execute(TurnStatement.parameters(batch, sinks))
        .compose(rows -> answer(batch, rows))
        .recover(
            failure -> isRefusal(failure) ? isolate(batch, failure) : Future.failedFuture(failure));
  }

  private Future<List<Written>> answer(List<TurnRecord> batch, RowSet<Row> rows) {
    Set<ConversationId> written = new HashSet<>();
    for (Row row : rows) {
      written.add(new ConversationId(row.getUUID(0)));
    }
    Future<List<Written>> answers = Future.succeededFuture(new ArrayList<>(batch.size()));
    for (TurnRecord record : batch) {
      boolean committed = written.contains(record.step().next().id());
      answers =
          committed
              ? answers.map(sofar -> append(sofar, new Written.Committed()))
              : answers.compose(sofar -> conflict(record).map(it -> append(sofar, it)));
    }
    return answers;
  }

  private static List<Written> append(List<Written> answers, Written answer) {
    answers.add(answer);
    return answers;
  }

  private Future<Written> conflict(TurnRecord record) {
    return connection
        .preparedQuery(
            """
            select number, format, refusal, state from turn where source = $1 and source_id = $2
            union all
            select t.number, t.format, t.refusal, t.state
              from turn_alias a join turn t on t.conversation = a.conversation and t.number = a.number
             where a.alias = $3
            limit 1
            """)
        .execute(Tuple.of(record.source(), record.sourceId(), record.alias().orElse(null)))
        .map(
            rows -> {
              if (rows.size() == 0) {
                return new Written.Fenced();
              }
              Row row = rows.iterator().next();
              return new Written.Repeated(
                  new Written.FirstTurn(
                      row.getInteger("number"),
                      Optional.ofNullable(row.getString("refusal")),
                      Codec.decodeState(row.getShort("format"), row.getString("state"))));
            });
  }

  private Future<List<Written>> isolate(List<TurnRecord> batch, Throwable failure) {
    if (batch.size() == 1) {
      return Future.succeededFuture(
          List.of(new Written.Unwritable(String.valueOf(failure.getMessage()))));
    }
    Future<List<Written>> answers = Future.succeededFuture(new ArrayList<>(batch.size()));
    for (TurnRecord record : batch) {
      answers =
          answers.compose(sofar -> write(List.of(record)).map(it -> append(sofar, it.getFirst())));
    }
    return answers;
  }

  /// Whether Postgres understood and refused: data errors (class 22), violated constraints (23),
  /// limits (54).
  private static boolean isRefusal(Throwable failure) {
    if (!(failure instanceof PgException refused)) {
      return false;
    }
    String state = String.valueOf(refused.getSqlState());
    return state.startsWith("22") || state.startsWith("23") || state.startsWith("54");
  }
}
