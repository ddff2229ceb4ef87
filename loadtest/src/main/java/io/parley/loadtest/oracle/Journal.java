package io.parley.loadtest.oracle;

import io.parley.loadtest.oracle.Case.Delivery;
import io.parley.loadtest.oracle.Case.Grant;
import io.parley.loadtest.oracle.Case.Standing;
import io.parley.loadtest.oracle.Case.Turn;
import io.parley.loadtest.oracle.Case.Waiting;
import io.parley.loadtest.oracle.Case.Window;
import io.parley.loadtest.oracle.Evidence.Around;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// Parley's database as it was at one moment. Every table is read once, in the order of
/// conversations and side by side, so that one conversation is held at a time.
final class Journal implements Evidence.Cases {

  /// Rows that a cursor holds.
  private static final int AHEAD = 500;

  /// Rows of what is left over that are kept.
  private static final int MOST_LEFT = 1_000;

  private static final String CONVERSATIONS =
      """
      select c.id::text, c.theirs, coalesce(k.block, '')
        from conversation c left join contact k on k.address = c.theirs
       order by c.id
      """;

  private static final String TURNS =
      """
      select t.conversation::text, t.number, t.at, t.source, t.source_id, coalesce(t.refusal, ''),
             t.event, t.effects,
             case when t.effects like '%"ReserveOffer"%'
                    or lead(t.conversation) over w is distinct from t.conversation
                  then t.state end
        from turn t
      window w as (order by t.conversation, t.number)
       order by t.conversation, t.number
      """;

  private static final String DELIVERIES =
      """
      select conversation::text, conversation || ':' || turn || ':' || index || ' ' || destination,
             outcome, coalesce(provider_id, ''), at
        from delivery
       where destination in ('twilio', 'calls', 'customerio', 'customerio-optouts',
                             'customerio-preferences')
       order by conversation
      """;

  private static final String WAITING =
      """
      select conversation::text, conversation || ':' || turn || ':' || index, destination, reason,
             in_doubt, due
        from (select conversation, turn, index, destination, '' as reason,
                     in_doubt_since is not null as in_doubt, due_at as due from outbox
              union all
              select conversation, turn, index, destination, reason, false, died_at
                from dead_letter) w
       order by conversation, turn, index
      """;

  private static final String TIMERS =
      """
      select conversation::text, conversation || ':' || turn || ':' || index, due_at from timer
       order by conversation
      """;

  private static final String HANDOFFS =
      """
      select conversation::text, conversation || ':' || turn || ':' || index, closed_at is null
        from handoff order by conversation
      """;

  private static final String EXECUTIONS =
      """
      select conversation::text, sid, ended_at is null from execution order by conversation
      """;

  private static final String WINDOWS =
      """
      select conversation::text, reason, until, ended_at is null from suppression
       order by conversation
      """;

  private static final String GRANTS =
      """
      select conversation::text, conversation || ':' || turn || ':' || index, offer, worth,
             coalesce(code, ''), state, granted_at
        from offer_grant order by conversation, turn, index
      """;

  /// With the contact's address; there is none of calls about persons.
  private static final String LEFT_OVER =
      """
      select 'outbox ' || o.conversation || ':' || o.turn || ':' || o.index || ' to ' || o.destination
             || coalesce(' in doubt since ' || o.in_doubt_since, '') || ' due ' || o.due_at
             || ' attempts ' || o.attempts || ' ' || coalesce(o.last_error, ''),
             coalesce(c.theirs, '')
        from outbox o left join conversation c on c.id = o.conversation
       where o.not_before <= now() or o.in_doubt_since is not null
      union all
      select 'inbox ' || source || ' ' || source_id || ' attempts ' || attempts || ' ' || error, theirs
        from inbox
       where not exists (select from handoff h where h.conversation = any(inbox.behind) and h.closed_at is null)
      union all
      select 'call about a person ' || source || ' ' || message_id || ' attempts ' || attempts
             || ' ' || coalesce(error, ''), ''
        from ingested
      """;

  private static final String DEAD =
      """
      select 'dead letter ' || d.conversation || ':' || d.turn || ':' || d.index || ' to '
             || d.destination || ': ' || d.reason,
             coalesce(c.theirs, '')
        from dead_letter d left join conversation c on c.id = d.conversation
      """;

  private final Connection database;
  private final Predicate<String> contacts;

  /// @param database that is in no transaction, or in one that repeats its reads
  /// @param contacts whose conversations are read, by address
  Journal(Connection database, Predicate<String> contacts) throws SQLException {
    this.database = database;
    this.contacts = contacts;
    database.setAutoCommit(false);
    if (database.getTransactionIsolation() != Connection.TRANSACTION_REPEATABLE_READ) {
      database.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    }
  }

  Around around() throws SQLException {
    Set<String> codes = new HashSet<>();
    Set<String> aliases = new HashSet<>();
    List<Instant> now = new ArrayList<>();
    each("select now()", row -> now.add(instant(row, 1)));
    each("select source || ' ' || alias from turn_alias", row -> aliases.add(row.getString(1)));
    each(
        "select upper(code) from offer_code union select upper(code) from offer_grant"
            + " where code is not null",
        row -> codes.add(row.getString(1)));
    return new Around(now.getFirst(), aliases, codes, about(LEFT_OVER), about(DEAD));
  }

  /// The first rows that are about one of the contacts.
  private List<String> about(String sql) throws SQLException {
    List<String> first = new ArrayList<>();
    try (Cursor cursor = new Cursor(database, sql)) {
      for (; cursor.holds() && first.size() < MOST_LEFT; cursor.next()) {
        if (contacts.test(cursor.rows.getString(2))) {
          first.add(cursor.key);
        }
      }
    }
    return first;
  }

  private void each(String sql, Reader reader) throws SQLException {
    try (Cursor cursor = new Cursor(database, sql)) {
      while (cursor.holds()) {
        reader.read(cursor.rows);
        cursor.next();
      }
    }
  }

  @Override
  public void each(Consumer<Case> look) throws SQLException {
    try (Cursor conversations = new Cursor(database, CONVERSATIONS);
        Cursor turns = new Cursor(database, TURNS);
        Cursor deliveries = new Cursor(database, DELIVERIES);
        Cursor waiting = new Cursor(database, WAITING);
        Cursor timers = new Cursor(database, TIMERS);
        Cursor handoffs = new Cursor(database, HANDOFFS);
        Cursor executions = new Cursor(database, EXECUTIONS);
        Cursor windows = new Cursor(database, WINDOWS);
        Cursor grants = new Cursor(database, GRANTS)) {
      while (conversations.holds() || turns.holds()) {
        String id = first(conversations, turns);
        Head head = new Head();
        conversations.read(id, head);
        List<Turn> journal = new ArrayList<>();
        turns.read(id, row -> journal.add(turn(row)));
        Map<String, Delivery> delivered = new HashMap<>();
        deliveries.read(
            id,
            row ->
                delivered.put(
                    row.getString(2),
                    new Delivery(row.getString(3), row.getString(4), instant(row, 5))));
        List<Waiting> rows = new ArrayList<>();
        waiting.read(id, row -> rows.add(waiting(row)));
        Map<String, Instant> due = new HashMap<>();
        timers.read(id, row -> due.put(row.getString(2), instant(row, 3)));
        Map<String, Boolean> handed = new HashMap<>();
        handoffs.read(id, row -> handed.put(row.getString(2), row.getBoolean(3)));
        Map<String, Boolean> run = new HashMap<>();
        executions.read(id, row -> run.put(row.getString(2), row.getBoolean(3)));
        List<Window> window = new ArrayList<>();
        windows.read(
            id,
            row -> window.add(new Window(row.getString(2), instant(row, 3), row.getBoolean(4))));
        List<Grant> granted = new ArrayList<>();
        grants.read(id, row -> granted.add(grant(row)));
        Standing standing =
            new Standing(head.blocked, due, handed, run, window.stream().findFirst(), granted);
        if (contacts.test(head.theirs)) {
          look.accept(new Case(id, head.theirs, journal, delivered, rows, standing));
        }
      }
    }
  }

  private static String first(Cursor one, Cursor other) {
    return !one.holds() || (other.holds() && other.key.compareTo(one.key) < 0)
        ? other.key
        : one.key;
  }

  private static Turn turn(ResultSet row) throws SQLException {
    String effects = row.getString(8);
    String state = row.getString(9);
    return new Turn(
        row.getInt(2),
        instant(row, 3),
        row.getString(4),
        row.getString(5),
        row.getString(6),
        row.getString(7),
        effects.isBlank() ? new JsonArray() : new JsonArray(effects),
        Optional.ofNullable(state).filter(it -> !it.isBlank()).map(JsonObject::new));
  }

  private static Waiting waiting(ResultSet row) throws SQLException {
    return new Waiting(
        row.getString(2), row.getString(3), row.getString(4), row.getBoolean(5), instant(row, 6));
  }

  private static Grant grant(ResultSet row) throws SQLException {
    return new Grant(
        row.getString(2),
        row.getString(3),
        row.getString(4),
        row.getString(5),
        row.getString(6),
        instant(row, 7));
  }

  private static Instant instant(ResultSet row, int column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }

  private interface Reader {
    void read(ResultSet row) throws SQLException;
  }

  /// The row of the conversation itself; nothing where there is none.
  private static final class Head implements Reader {
    String theirs = "";
    String blocked = "";

    @Override
    public void read(ResultSet row) throws SQLException {
      theirs = row.getString(2);
      blocked = row.getString(3);
    }
  }

  /// Rows in the order of their first column.
  private static final class Cursor implements AutoCloseable {
    private final Statement statement;
    final ResultSet rows;

    /// The first column of the row that is to be read; empty where there is none any more.
    String key = "";

    Cursor(Connection database, String sql) throws SQLException {
      statement = database.createStatement();
      statement.setFetchSize(AHEAD);
      rows = statement.executeQuery(sql);
      next();
    }

    boolean holds() {
      return !key.isEmpty();
    }

    void next() throws SQLException {
      key = rows.next() ? rows.getString(1) : "";
    }

    /// Reads the rows of a conversation. Those of earlier ones are of none that has a turn.
    void read(String conversation, Reader reader) throws SQLException {
      while (holds() && key.compareTo(conversation) <= 0) {
        if (key.equals(conversation)) {
          reader.read(rows);
        }
        next();
      }
    }

    @Override
    public void close() throws SQLException {
      statement.close();
    }
  }
}
