package io.parley.testkit;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import org.flywaydb.core.Flyway;

/// One embedded Postgres for a JVM, started when first asked for. Each [#database] is a clone of a
/// migrated template, which takes some tens of milliseconds.
public final class TestPostgres {

  private static final String TEMPLATE = "parley_template";
  private static final AtomicInteger CLONES = new AtomicInteger();
  private static final EmbeddedPostgres POSTGRES = start();

  private TestPostgres() {}

  /// A fresh, migrated database of its own: `postgresql://postgres@localhost:PORT/parley_7`.
  public static synchronized String database() {
    String name = "parley_" + CLONES.incrementAndGet();
    execute("create database " + name + " template " + TEMPLATE);
    return "postgresql://postgres:postgres@localhost:" + POSTGRES.getPort() + "/" + name;
  }

  /// The same database for JDBC.
  public static String jdbc(String url) {
    String name = url.substring(url.lastIndexOf('/') + 1);
    return POSTGRES.getJdbcUrl("postgres", name);
  }

  private static EmbeddedPostgres start() {
    try {
      EmbeddedPostgres postgres = EmbeddedPostgres.builder().start();
      try (Connection connection = postgres.getPostgresDatabase().getConnection();
          Statement statement = connection.createStatement()) {
        statement.execute("create database " + TEMPLATE);
      }
      Flyway.configure()
          .dataSource(postgres.getJdbcUrl("postgres", TEMPLATE), "postgres", "postgres")
          .load()
          .migrate();
      return postgres;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void execute(String sql) {
    try (Connection connection = POSTGRES.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }
}
