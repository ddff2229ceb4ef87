package io.parley.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.testkit.TestPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.junit.jupiter.api.Test;

/// Flows that were published before there was an API for them.
class FlowsMigrationTest {

  private static final String SCHEMA = "earlier";

  @Test
  void whatFilesHadPublishedIsInForceAfterwards() throws SQLException {
    String jdbc = TestPostgres.jdbc(TestPostgres.database());
    flyway(jdbc).target("1").load().migrate();
    try (Connection connection = DriverManager.getConnection(jdbc, "postgres", "postgres");
        Statement statement = connection.createStatement()) {
      connection.setSchema(SCHEMA);
      statement.execute(
          """
          insert into flow (sid, name) values ('FW1', 'cart'), ('FW2', 'care');
          insert into flow_revision (flow, number, hash, definition, created_at)
          values ('FW1', 1, 'h1', '{}', '2026-05-04T10:00:00Z'),
                 ('FW1', 2, 'h2', '{}', '2026-05-05T10:00:00Z'),
                 ('FW2', 1, 'h3', '{}', '2026-05-06T10:00:00Z')
          """);
      flyway(jdbc).load().migrate();

      assertThat(
              rows(
                  statement,
                  """
                  select concat_ws(' ', sid, latest, published, file, file_hash,
                                   created_at at time zone 'UTC')
                    from flow order by sid
                  """))
          .containsExactly(
              "FW1 2 2 cart h2 2026-05-04 10:00:00", "FW2 1 1 care h3 2026-05-06 10:00:00");
      assertThat(
              rows(
                  statement,
                  "select concat_ws(' ', flow, number, name, status) from flow_revision order by 1"))
          .containsExactly("FW1 1 cart published", "FW1 2 cart published", "FW2 1 care published");
    }
  }

  private static FluentConfiguration flyway(String jdbc) {
    return Flyway.configure().dataSource(jdbc, "postgres", "postgres").schemas(SCHEMA);
  }

  private static List<String> rows(Statement statement, String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (ResultSet result = statement.executeQuery(sql)) {
      while (result.next()) {
        rows.add(result.getString(1));
      }
    }
    return rows;
  }
}
