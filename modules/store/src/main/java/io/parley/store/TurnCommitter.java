package io.parley.store;

import io.parley.codec.Codec;
import io.parley.engine.ConversationId;
import io.parley.engine.Effect;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
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

  /// What a session is set to whose statements are planned once, by indexes only. A table that must
  /// be read whole all the same counts as so dear then that each run would be compiled.
  static final String PLANNED_ONCE =
      "set plan_cache_mode = force_generic_plan; set enable_seqscan = off; set jit = off";

  /// The constraint that a flow breaks which has not cooled off.
  private static final String COOLING_OFF = "cooling_off_is_over";

  private final SqlClient connection;
  private final List<Subscription> sinks;

  /// @param sinks who is told what came of conversations
  public TurnCommitter(SqlClient connection, List<Subscription> sinks) {
    this.connection = connection;
    this.sinks = List.copyOf(sinks);
  }

  /// Opens a connection that plans the statement once and finds every row by its index. To plan it
  /// takes several times as long as to run it, and the client would have it planned at each commit,
  /// since it keeps only short ones. A plan that was made while a table was empty would read all of
  /// a table that has grown since.
  public static Future<PgConnection> connect(Vertx vertx, PgConnectOptions database) {
    PgConnectOptions options =
        new PgConnectOptions(database)
            .setCachePreparedStatements(true)
            .setPreparedStatementCacheSqlLimit(TurnPart.LONGEST + 1);
    return PgConnection.connect(vertx, options)
        .compose(
            opened ->
                opened.query(PLANNED_ONCE).execute().map(opened).onFailure(_ -> opened.close()));
  }

  /// Writes a batch; answers in the batch's order. No two records may be of one conversation.
  /// A record that cannot be written, or that Postgres refuses, is found by writing each alone, so
  /// that it keeps no other back.
  public Future<List<Written>> write(List<TurnRecord> batch) {
    TurnStatement statement;
    try {
      statement = TurnStatement.of(batch, sinks);
    } catch (RuntimeException unwritable) {
      return isolate(batch, unwritable);
    }
    return connection
        .preparedQuery(statement.sql())
        .execute(statement.parameters())
        .compose(
            rows -> answer(batch, rows),
            failure ->
                isRefusal(failure) || (batch.size() > 1 && isCollision(failure))
                    ? isolate(batch, failure)
                    : Future.failedFuture(failure));
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

  /// What a refused turn had done; nothing of one that is erased.
  private static List<Effect> told(Row row) {
    String effects = row.getString("told");
    return effects == null || effects.equals(Erased.NOTHING)
        ? List.of()
        : Codec.decodeEffects(row.getShort("format"), effects);
  }

  private Future<Written> conflict(TurnRecord record) {
    return connection
        .preparedQuery(
            """
            select number, format, refusal, state,
                   case when refusal is not null then effects end as told
              from turn
             where source = $1 and source_id = any($2::text[])
            union all
            select number, format, refusal, state,
                   case when refusal is not null then effects end as told
              from turn
             where source = $1 and state = ''
               and source_id in (select erased_name(name) from unnest($2::text[]) as n(name))
            union all
            select t.number, t.format, t.refusal, t.state,
                   case when t.refusal is not null then t.effects end
              from turn_alias a join turn t on t.conversation = a.conversation and t.number = a.number
             where a.source = $1 and a.alias = any($2::text[])
            limit 1
            """)
        .execute(Tuple.of(record.source(), (Object) names(record)))
        .<Written>map(
            rows -> {
              if (rows.size() == 0) {
                return new Written.Fenced();
              }
              Row row = rows.iterator().next();
              return new Written.Repeated(
                  new Written.FirstTurn(
                      row.getInteger("number"),
                      Optional.ofNullable(row.getString("refusal")),
                      Erased.conversation(
                          record.thread(),
                          row.getInteger("number"),
                          row.getShort("format"),
                          row.getString("state")),
                      told(row)));
            })
        .recover(
            failure ->
                failure instanceof IllegalStateException unreadable
                    ? Future.succeededFuture(
                        new Written.Unwritable(String.valueOf(unreadable.getMessage())))
                    : Future.failedFuture(failure));
  }

  private static String[] names(TurnRecord record) {
    return record
        .alias()
        .map(alias -> new String[] {record.sourceId(), alias})
        .orElseGet(() -> new String[] {record.sourceId()});
  }

  private Future<List<Written>> isolate(List<TurnRecord> batch, Throwable failure) {
    if (batch.size() == 1) {
      return Future.succeededFuture(
          List.of(
              switch (constraint(failure)) {
                case COOLING_OFF -> new Written.CoolingOff();
                case PersonRows.ENGAGED -> new Written.Engaged();
                case PersonRows.SEEN -> new Written.Overtaken();
                default -> new Written.Unwritable(String.valueOf(failure.getMessage()));
              }));
    }
    Future<List<Written>> answers = Future.succeededFuture(new ArrayList<>(batch.size()));
    for (TurnRecord record : batch) {
      answers =
          answers.compose(sofar -> write(List.of(record)).map(it -> append(sofar, it.getFirst())));
    }
    return answers;
  }

  /// The name of the constraint that was violated; empty where none was.
  private static String constraint(Throwable failure) {
    return failure instanceof PgException told && told.getConstraint() != null
        ? told.getConstraint()
        : "";
  }

  /// Whether Postgres understood and refused: two turns of a batch that claim the same (class 21),
  /// data errors (22), violated constraints (23), limits (54).
  private static boolean isRefusal(Throwable failure) {
    String state = sqlState(failure);
    return state.startsWith("21")
        || state.startsWith("22")
        || state.startsWith("23")
        || state.startsWith("54");
  }

  /// Whether Postgres broke off one of two writers that waited for each other (class 40): nothing
  /// was written, and each record alone waits for nobody while it holds something.
  private static boolean isCollision(Throwable failure) {
    return sqlState(failure).startsWith("40");
  }

  private static String sqlState(Throwable failure) {
    return failure instanceof PgException told ? String.valueOf(told.getSqlState()) : "";
  }
}
