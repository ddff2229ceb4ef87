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

/// Handoffs that were there before anybody held them.
class HandoffMigrationTest {

  private static final String SCHEMA = "earlier";

  @Test
  void handoffsOfBeforeStandInTheQueueAndAreToldOf() throws SQLException {
    String jdbc = TestPostgres.jdbc(TestPostgres.database());
    flyway(jdbc).target("21").load().migrate();
    try (Connection connection = DriverManager.getConnection(jdbc, "postgres", "postgres");
        Statement statement = connection.createStatement()) {
      connection.setSchema(SCHEMA);
      statement.execute(
          """
          insert into handoff (conversation, turn, index, ours, theirs, external_id, flow, widget, epoch, format,
                               effect, state, opened_at, closed_at, closed_turn, disposition)
          values ('00000000-0000-8000-8000-000000000001', 2, 0, '+15550001111', 'whatsapp:+14155550142', '42',
                  'cart', 'care', 1, 3, '{}', 'QUEUED', '2026-05-01T10:00:00Z', null, null, null),
                 ('00000000-0000-8000-8000-000000000002', 4, 1, 'IS00000000000000000000000000000001',
                  'CH00000000000000000000000000000001', null, 'cart', 'care', 1, 3, '{}', 'CLOSED',
                  '2026-05-01T10:00:00Z', '2026-05-01T11:00:00Z', 5, 'solved')
          """);
      flyway(jdbc).load().migrate();

      assertThat(
              rows(
                  statement,
                  "select concat_ws(' ', reason, touched_at = coalesce(closed_at, opened_at)) from handoff"))
          .containsExactly("widget t", "widget t");
      assertThat(
              rows(
                  statement,
                  "select concat_ws(' ', turn, channel, state, closed_at is null, told > read)"
                      + " from handoff_queue order by turn"))
          .containsExactly("2 whatsapp QUEUED t t", "4 conversation CLOSED f t");

      statement.execute(
          "update handoff set state = 'AGENT', holder = 'mia', taken_at = now() where turn = 2");
      assertThat(
              rows(
                  statement,
                  "select concat_ws(' ', state, holder, told) from handoff_queue where turn = 2"))
          .containsExactly("AGENT mia 2");
      statement.execute("delete from handoff");
      assertThat(rows(statement, "select state from handoff_queue")).isEmpty();
    }
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

  private static FluentConfiguration flyway(String jdbc) {
    return Flyway.configure().dataSource(jdbc, "postgres", "postgres").schemas(SCHEMA);
  }
}
