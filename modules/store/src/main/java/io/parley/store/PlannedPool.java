package io.parley.store;

import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Connections for what many ask for at the same time; see [Gathering]. Each statement is planned
/// once for a connection and finds every row by its index, as a writer's does: a plan that was made
/// while a table was small reads all of it later on, and once for each row that is asked for; see
/// [TurnCommitter#connect].
public final class PlannedPool {

  private static final Logger LOG = LoggerFactory.getLogger(PlannedPool.class);

  private static final int LONGEST = Math.max(Persons.SQL.length(), Marks.SQL.length());

  private PlannedPool() {}

  public static Pool open(Vertx vertx, PgConnectOptions database, PoolOptions options) {
    return PgBuilder.pool()
        .with(options)
        .connectingTo(
            new PgConnectOptions(database)
                .setCachePreparedStatements(true)
                .setPreparedStatementCacheSqlLimit(LONGEST + 1))
        .withConnectHandler(
            connection ->
                connection
                    .query(TurnCommitter.PLANNED_ONCE)
                    .execute()
                    .onFailure(
                        failure ->
                            LOG.atWarn()
                                .addKeyValue("why", failure.getMessage())
                                .log("a connection was not prepared to plan once"))
                    .onComplete(_ -> connection.close()))
        .using(vertx)
        .build();
  }
}
