package io.parley.loadtest.measure;

import io.parley.loadtest.measure.Gauge.Group;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Reads the depth of Parley's queues and Postgres' own statistics over one connection. After a
/// look that took long it rests [#REST] times as long, so that it takes at most a twentieth of one
/// connection however long the queues are.
final class DatabaseProbe implements Probe {

  private static final long REST = 20;
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final String QUEUES =
      """
      select 'outbox ' || destination as what, count(*) as rows from outbox group by destination
      union all
      select 'in doubt', count(*) from outbox where in_doubt_since is not null
      union all
      select 'inbox', count(*) from inbox
      union all
      select 'ingested', count(*) from ingested
      union all
      select 'timers due', count(*) from timer where due_at <= now()
      union all
      select 'handoffs waiting', count(*) from handoff where closed_at is null and state = 'QUEUED'
      union all
      select 'handoffs with a person', count(*) from handoff
       where closed_at is null and state <> 'QUEUED'
      union all
      select 'dead letters', count(*) from dead_letter
      """;

  private static final String SESSIONS =
      """
      select case when state = 'active'
                  then 'active: ' || coalesce(wait_event_type || ' ' || wait_event, 'processor')
                  else state end as what, count(*) as rows
        from pg_stat_activity
       where datname = current_database() and pid <> pg_backend_pid() and state is not null
       group by 1
      """;

  private static final String DATABASE =
      """
      select xact_commit as commits, xact_rollback as rollbacks, active_time as active
        from pg_stat_database where datname = current_database()
      """;

  private static final String WAL =
      "select wal_bytes as bytes, wal_records as records from pg_stat_wal";

  private final Watched.Database database;
  private final Growth growth = new Growth();

  /// What this database does not know or does not show us; it will not a second later either.
  private final List<String> given = new ArrayList<>();

  /// What was there before and has no rows now has 0.
  private final Set<Gauge> seen = new LinkedHashSet<>();

  private Optional<Connection> connection = Optional.empty();
  private long restsUntil = System.nanoTime();

  DatabaseProbe(Watched.Database database) {
    this.database = database;
  }

  @Override
  public Map<Gauge, Double> read(long nanoTime) throws SQLException {
    if (nanoTime - restsUntil < 0) {
      return Map.of();
    }
    long begun = System.nanoTime();
    try {
      return look(connected(), nanoTime);
    } catch (SQLException e) {
      close();
      throw e;
    } finally {
      long took = System.nanoTime() - begun;
      restsUntil = nanoTime + took * REST - Duration.ofMillis(900).toNanos();
    }
  }

  private Connection connected() throws SQLException {
    if (connection.isEmpty()) {
      Connection opened = database.connect();
      opened.setReadOnly(true);
      opened.setNetworkTimeout(Runnable::run, Math.toIntExact(PATIENCE.toMillis()));
      try (Statement statement = opened.createStatement()) {
        // Before the network's: what nobody waits for any more must not run on in the database.
        statement.execute("set statement_timeout = '3s'");
      }
      connection = Optional.of(opened);
    }
    return connection.orElseThrow();
  }

  private Map<Gauge, Double> look(Connection connection, long nanoTime) throws SQLException {
    Map<Gauge, Double> figures = new LinkedHashMap<>();
    try (Statement statement = connection.createStatement()) {
      seen.forEach(gauge -> figures.put(gauge, 0.0));
      ask(statement, QUEUES, row -> count(row, Group.QUEUE, figures));
      ask(statement, SESSIONS, row -> count(row, Group.SESSION, figures));
      seen.addAll(figures.keySet());
      ask(
          statement,
          DATABASE,
          row -> {
            figures.put(Group.RATE.of("commits"), grown(row, "commits", nanoTime));
            figures.put(Group.RATE.of("rollbacks"), grown(row, "rollbacks", nanoTime));
            figures.put(Group.DATABASE.of("statements"), grown(row, "active", nanoTime));
          });
      ask(
          statement,
          WAL,
          row -> figures.put(Group.WAL.of("written"), grown(row, "bytes", nanoTime)));
    }
    figures.values().removeIf(it -> it.isNaN());
    return figures;
  }

  private interface Row {
    void read(ResultSet row) throws SQLException;
  }

  private void ask(Statement statement, String sql, Row each) throws SQLException {
    if (given.contains(sql)) {
      return;
    }
    try (ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        each.read(rows);
      }
    } catch (SQLException e) {
      boolean unknownOrForbidden = Optional.ofNullable(e.getSQLState()).orElse("").startsWith("42");
      if (!unknownOrForbidden) {
        throw e;
      }
      given.add(sql);
    }
  }

  private static void count(ResultSet row, Group group, Map<Gauge, Double> into)
      throws SQLException {
    into.put(group.of(row.getString("what")), row.getDouble("rows"));
  }

  private double grown(ResultSet row, String column, long nanoTime) throws SQLException {
    return growth.perSecond(column, row.getDouble(column), nanoTime);
  }

  @Override
  public void close() {
    connection.ifPresent(
        it -> {
          try {
            it.close();
          } catch (SQLException _) {
            // It is gone either way.
          }
        });
    connection = Optional.empty();
  }
}
