package io.parley.store;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/// One question to the database that many ask at the same time: while statements are under way,
/// those who ask gather, and the next statement asks for all of them. Who asks alone is answered
/// alone, at once. A thousand conversations that come to life at one moment so take a few
/// connections for some milliseconds each, and none of them is refused for want of one.
///
/// Who asks may leave while others wait behind: a pool forgets who waits on the context of a
/// verticle that is gone, so statements run on contexts that belong to nobody.
///
/// What is answered was read after it was asked. A statement that fails, or is not answered in
/// time, fails for each who asked by it and for nobody else. Thread-safe; who asks on a context is
/// answered on it.
///
/// @param <Q> what differs from one who asks to the next
final class Gathering<Q> {

  /// How many a statement asks for at most; past this, larger ones gain little and their rows are
  /// waited for longer.
  static final int MAX_BATCH = 256;

  /// Statements at once: a second one is on its way while the rows of the first are read. More
  /// would make each of them smaller.
  private static final int MOST_UNDER_WAY = 2;

  /// How long a statement may take, with the wait for its connection, before those who wait behind
  /// it are asked for.
  private static final Duration PATIENCE = Duration.ofSeconds(9);

  private final SqlClient client;
  private final String sql;
  private final Function<List<Q>, Tuple> parameters;
  private final Queue<Asked<Q>> waiting = new ArrayDeque<>();
  private int underWay;

  private record Asked<Q>(Q question, Promise<List<Row>> answer) {}

  /// @param sql answers rows with the place of the question that each answers, from 1, as `n`
  /// @param parameters of the statement for some questions, in their order
  Gathering(SqlClient client, String sql, Function<List<Q>, Tuple> parameters) {
    this.client = client;
    this.sql = sql;
    this.parameters = parameters;
  }

  /// The rows that answer a question, in the statement's order.
  Future<List<Row>> ask(Q question) {
    Asked<Q> asked = new Asked<>(question, promise());
    synchronized (waiting) {
      waiting.add(asked);
    }
    onNobodysContext(this::work);
    return asked.answer().future();
  }

  private static void onNobodysContext(Runnable work) {
    ContextInternal context = ContextInternal.current();
    if (context == null || !context.isDeployment()) {
      work.run();
    } else {
      context
          .owner()
          .contextBuilder()
          .withEventLoop(context.nettyEventLoop())
          .build()
          .emit(_ -> work.run());
    }
  }

  private static Promise<List<Row>> promise() {
    ContextInternal context = ContextInternal.current();
    return context == null ? Promise.promise() : context.promise();
  }

  private void work() {
    for (List<Asked<Q>> batch = next(); !batch.isEmpty(); batch = next()) {
      answer(batch)
          .onComplete(
              _ -> {
                synchronized (waiting) {
                  underWay--;
                }
                work();
              });
    }
  }

  /// Those who are asked for next; nobody while enough statements are under way.
  private List<Asked<Q>> next() {
    synchronized (waiting) {
      if (underWay == MOST_UNDER_WAY || waiting.isEmpty()) {
        return List.of();
      }
      underWay++;
      List<Asked<Q>> batch = new ArrayList<>(Math.min(waiting.size(), MAX_BATCH));
      while (batch.size() < MAX_BATCH && !waiting.isEmpty()) {
        batch.add(waiting.remove());
      }
      return batch;
    }
  }

  /// Completes when each has its answer; never fails.
  private Future<Void> answer(List<Asked<Q>> batch) {
    return Future.succeededFuture()
        .compose(_ -> rows(batch))
        .<Void>map(
            rows -> {
              hand(batch, rows);
              return null;
            })
        .recover(failure -> fail(batch, failure));
  }

  private Future<RowSet<Row>> rows(List<Asked<Q>> batch) {
    return client
        .preparedQuery(sql)
        .execute(parameters.apply(batch.stream().map(Asked::question).toList()))
        .timeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static <Q> void hand(List<Asked<Q>> batch, RowSet<Row> rows) {
    List<List<Row>> answers = new ArrayList<>(batch.size());
    batch.forEach(_ -> answers.add(new ArrayList<>(1)));
    for (Row row : rows) {
      answers.get(Math.toIntExact(row.getLong("n")) - 1).add(row);
    }
    for (int i = 0; i < batch.size(); i++) {
      batch.get(i).answer().complete(answers.get(i));
    }
  }

  /// A question that Postgres cannot read (class 22) keeps no other from being answered: each is
  /// asked alone.
  private Future<Void> fail(List<Asked<Q>> batch, Throwable failure) {
    if (batch.size() == 1 || !isUnreadable(failure)) {
      batch.forEach(asked -> asked.answer().fail(failure));
      return Future.succeededFuture();
    }
    Future<Void> each = Future.succeededFuture();
    for (Asked<Q> asked : batch) {
      each = each.compose(_ -> answer(List.of(asked)));
    }
    return each;
  }

  private static boolean isUnreadable(Throwable failure) {
    return failure instanceof PgException told
        && String.valueOf(told.getSqlState()).startsWith("22");
  }
}
