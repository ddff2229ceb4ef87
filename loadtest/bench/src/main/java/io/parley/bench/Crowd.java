package io.parley.bench;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Very many conversations that wait for a reply, each the rows of a real one under ids of its own.
/// A real one is brought its first reply; Postgres copies what came of it. What has left already,
/// the outbox, is not copied.
///
/// @param bytes of the database
/// @param filling how long it took
record Crowd(String database, int conversations, long bytes, Duration filling) {

  private static final int CHUNK = 50_000;

  /// As [io.parley.engine.ConversationId] and [io.parley.engine.ExecutionId] make them.
  private static final List<String> NAMES =
      List.of(
          """
          create function bench_conversation(ours text, theirs text) returns uuid immutable language sql
          return (select encode(set_byte(set_byte(d, 6, get_byte(d, 6) & 15 | 128),
                                         8, get_byte(d, 8) & 63 | 128), 'hex')::uuid
                    from (select substr(sha256(convert_to(ours || '|' || theirs, 'UTF8')), 1, 16)) t(d))
          """,
          """
          create function bench_execution(conversation uuid) returns text immutable language sql
          return 'FN' || left(encode(sha256(convert_to(conversation || ':1', 'UTF8')), 'hex'), 32)
          """,
          """
          create unlogged table bench_name (id uuid, theirs text, source_id text, execution text)
          """);

  private static final String MODEL = Replies.theirs(0);

  /// The names of so many more.
  private static final String NAMED =
      """
      insert into bench_name
      select bench_conversation(ours, theirs), theirs, source_id,
             bench_execution(bench_conversation(ours, theirs))
        from (select c.ours, '+1212' || lpad(n::text, 7, '0') as theirs,
                     'SM' || lpad(to_hex(n), 32, '0') as source_id
                from conversation c, generate_series(?, ?) n where c.theirs = ?) t
      """;

  /// Beside those of a conversation's own tables.
  private static final String TABLES =
      """
      select c.table_name from information_schema.columns c
        join information_schema.tables t using (table_schema, table_name)
       where c.table_schema = 'public' and c.column_name = 'conversation' and c.data_type = 'uuid'
         and t.table_type = 'BASE TABLE' and c.table_name not in ('outbox', 'delivery')
       order by 1
      """;

  /// @param conversations at most 10,000,000: customers' numbers have seven digits
  static Crowd fill(Ground ground, int conversations) throws SQLException {
    long begun = System.nanoTime();
    String database = ground.database();
    try (Child parley = ground.parley(database)) {
      parley.ask("touch 1 1");
    }
    try (Connection connection = ground.connect(database)) {
      List<String> copies = copies(connection);
      for (int first = 1; first < conversations; first += CHUNK) {
        copy(connection, copies, first, Math.min(first + CHUNK, conversations) - 1);
        ground.say(
            "  crowd: %,d of %,d after %,d s"
                .formatted(
                    Math.min(first + CHUNK, conversations),
                    conversations,
                    Duration.ofNanos(System.nanoTime() - begun).toSeconds()));
      }
      settle(connection);
    }
    long bytes =
        Long.parseLong(ground.ask(database, "select pg_database_size('" + database + "')"));
    return new Crowd(database, conversations, bytes, Duration.ofNanos(System.nanoTime() - begun));
  }

  String describe() {
    return "%,d conversations in %,d MB, filled in %,d s"
        .formatted(conversations, bytes / 1_000_000, filling.toSeconds());
  }

  /// A statement for each table that holds something of the model.
  private static List<String> copies(Connection connection) throws SQLException {
    List<String> copies = new ArrayList<>();
    try (Statement statement = connection.createStatement()) {
      for (String sql : NAMES) {
        statement.execute(sql);
      }
      copies.add(copy(connection, "conversation", "id"));
      for (String table : texts(statement.executeQuery(TABLES))) {
        copies.add(copy(connection, table, "conversation"));
      }
    }
    return copies;
  }

  /// Every id is the conversation's; every text may name it, the customer, the message or the
  /// execution. What is due is so in a day, not while we measure.
  private static String copy(Connection connection, String table, String id) throws SQLException {
    List<String> columns = new ArrayList<>();
    List<String> values = new ArrayList<>();
    try (PreparedStatement all =
        connection.prepareStatement(
            """
            select column_name, data_type from information_schema.columns
             where table_schema = 'public' and table_name = ? and is_identity = 'NO'
               and is_generated = 'NEVER'
            """)) {
      all.setString(1, table);
      ResultSet rows = all.executeQuery();
      while (rows.next()) {
        String column = rows.getString(1);
        columns.add(column);
        values.add(value(column, rows.getString(2)));
      }
    }
    return """
        insert into %s (%s)
        select %s from bench_name n, %s m,
               (select c.id, t.source_id, bench_execution(c.id) as execution
                  from conversation c join turn t on t.conversation = c.id
                 where c.theirs = '%s') old
         where m.%s = old.id
        """
        .formatted(table, String.join(", ", columns), String.join(", ", values), table, MODEL, id);
  }

  private static String value(String column, String type) {
    if (column.equals("due_at")) {
      return "now() + interval '1 day'";
    }
    return switch (type) {
      case "uuid" -> "n.id";
      case "text" ->
          """
          replace(replace(replace(replace(m.%s, old.id::text, n.id::text),
                                  '%s', n.theirs), old.source_id, n.source_id),
                  old.execution, n.execution)\
          """
              .formatted(column, MODEL);
      default -> "m." + column;
    };
  }

  private static List<String> texts(ResultSet rows) throws SQLException {
    List<String> texts = new ArrayList<>();
    while (rows.next()) {
      texts.add(rows.getString(1));
    }
    return texts;
  }

  private static void copy(Connection connection, List<String> copies, int first, int last)
      throws SQLException {
    connection.setAutoCommit(false);
    try (PreparedStatement named = connection.prepareStatement(NAMED);
        Statement statement = connection.createStatement()) {
      named.setInt(1, first);
      named.setInt(2, last);
      named.setString(3, MODEL);
      named.execute();
      for (String copy : copies) {
        statement.execute(copy);
      }
      statement.execute("truncate bench_name");
      connection.commit();
    }
    connection.setAutoCommit(true);
  }

  /// So that nobody who is measured pays for the filling.
  private static void settle(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("vacuum analyze");
      statement.execute("checkpoint");
    }
  }
}
