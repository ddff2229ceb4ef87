package io.parley.store;

import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The connections that conversations are read over as they come to life; for [Journal],
/// [CoolingOff] and [Persons]. Each statement is planned once for a connection and finds every row
/// by its index, as a writer's does: a plan that was made while a table was small reads all of it
/// later on, and once for each conversation that is asked for; see [TurnCommitter#connect].
public final class ReadPool {

  private static final Logger LOG = LoggerFactory.getLogger(ReadPool.class);

  private ReadPool() {}

  public static Pool open(Vertx vertx, PgConnectOptions database, PoolOptions options) {
    return PgBuilder.pool()
        .with(options)
        .connectingTo(
            new PgConnectOptions(database)
                .setCachePreparedStatements(true)
                .setPreparedStatementCacheSqlLimit(Persons.SQL.length() + 1))
        .withConnectHandler(
            connection ->
                connection
                    .query(TurnCommitter.PLANNED_ONCE)
                    .execute()
                    .onFailure(
                        failure ->
                            LOG.atWarn()
                                .addKeyValue("why", failure.getMessage())
                                .log("a connection to read over was not prepared"))
                    .onComplete(_ -> connection.close()))
        .using(vertx)
        .build();
  }
}
