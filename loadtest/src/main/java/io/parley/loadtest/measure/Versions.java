package io.parley.loadtest.measure;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// What took part in a run, by name: `Java`, `Postgres`, `Parley's schema`.
public final class Versions {

  private Versions() {}

  /// @param database Parley's
  public static SortedMap<String, String> of(Watched.Database database) throws SQLException {
    SortedMap<String, String> versions = new TreeMap<>();
    versions.put("Java", Runtime.version().toString());
    Optional.ofNullable(Versions.class.getPackage().getImplementationVersion())
        .ifPresent(it -> versions.put("Harness", it));
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      text(statement, "show server_version").ifPresent(it -> versions.put("Postgres", it));
      text(
              statement,
              """
              select version || ' ' || description from flyway_schema_history
               where success and version is not null order by installed_rank desc limit 1
              """)
          .ifPresent(it -> versions.put("Parley's schema", it));
    }
    return versions;
  }

  private static Optional<String> text(Statement statement, String sql) throws SQLException {
    try (ResultSet rows = statement.executeQuery(sql)) {
      return rows.next() ? Optional.ofNullable(rows.getString(1)) : Optional.empty();
    }
  }
}
