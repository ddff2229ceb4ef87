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

/// Conversations and orders that were there before anything was measured.
class MeasuringMigrationTest {

  private static final String SCHEMA = "earlier";

  @Test
  void whatWasBeforeIsMeasuredToo() throws SQLException {
    String jdbc = TestPostgres.jdbc(TestPostgres.database());
    flyway(jdbc).target("15").load().migrate();
    try (Connection connection = DriverManager.getConnection(jdbc, "postgres", "postgres");
        Statement statement = connection.createStatement()) {
      connection.setSchema(SCHEMA);
      statement.execute(
          """
          insert into flow (sid, name) values ('FW1', 'cart');
          insert into contact (address, external_id, updated_at) values ('whatsapp:+14155550142', '42', now());
          insert into conversation (id, ours, theirs, created_at)
          values ('00000000-0000-8000-8000-000000000001', '+15550001111', 'whatsapp:+14155550142', now()),
                 ('00000000-0000-8000-8000-000000000002', 'IS00000000000000000000000000000001',
                  'CH00000000000000000000000000000001', now());
          insert into turn (conversation, number, source, source_id, at, kind, format, event, effects, path,
                            state)
          values ('00000000-0000-8000-8000-000000000001', 1, 'test', '1', '2026-05-01T10:00:00Z', 'Triggered', 3,
                  '{}', '[]', '[]', '{"runs": [{"cohort": null}]}'),
                 ('00000000-0000-8000-8000-000000000001', 2, 'test', '2', '2026-05-01T11:00:00Z',
                  'PurchaseSeen', 3,
                  '{"orderId": "o1", "properties": {"value": " 82.50 ", "currency": "usd"}}', '[]', '[]',
                  '{"runs": [{"cohort": "x"}, {"cohort": "arm:warm"}]}'),
                 ('00000000-0000-8000-8000-000000000001', 3, 'test', '3', '2026-05-01T12:00:00Z',
                  'PurchaseSeen', 3, '{"orderId": "o1", "properties": {"total": 90}}', '[]', '[]',
                  '{"runs": [{"cohort": "later"}]}'),
                 ('00000000-0000-8000-8000-000000000001', 4, 'test', '4', '2026-05-01T12:00:00Z',
                  'PurchaseSeen', 3, '{"orderId": "o2", "properties": {"value": "a lot"}}', '[]', '[]', '{}'),
                 ('00000000-0000-8000-8000-000000000002', 1, 'test', '5', '2026-05-01T12:00:00Z', 'Erased', 3,
                  '', '[]', '[]', '');
          insert into execution (sid, flow, revision, conversation, first_turn, last_turn, contact,
                                 initiated_by, result, started_at, ended_at)
          values ('FN1', 'FW1', 1, '00000000-0000-8000-8000-000000000001', 1, 2, 'whatsapp:+14155550142', '1',
                  'purchased', '2026-05-01T10:00:00Z', '2026-05-01T11:00:00Z'),
                 ('FN2', 'FW1', 1, '00000000-0000-8000-8000-000000000002', 1, null,
                  'CH00000000000000000000000000000001', '1', null, '2026-05-01T10:00:00Z', null);
          insert into purchase (order_id, external_id, number, at, seen_at)
          values ('o1', '42', '', '2026-05-01T11:00:00Z', now()), ('o2', '', '+14155550142', now(), now())
          """);
      flyway(jdbc).load().migrate();

      assertThat(
              rows(
                  statement,
                  "select concat_ws(' ', sid, external_id, number, cohort) from execution order by 1"))
          .containsExactly("FN1 42 +14155550142 arm:warm", "FN2");
      assertThat(
              rows(
                  statement,
                  "select concat_ws(' ', order_id, value, currency) from purchase order by 1"))
          .containsExactly("o1 82.50 USD", "o2 ");
      assertThat(
              rows(
                  statement,
                  "select concat_ws(' ', flow, cohort, order_id, value, currency) from parley_conversions"))
          .containsExactly("cart arm:warm o1 82.50 USD");
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
