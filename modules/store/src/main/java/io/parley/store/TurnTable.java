package io.parley.store;

import io.vertx.sqlclient.Tuple;
import java.lang.reflect.Array;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The tables that turns bring to the statement that writes them, each as an array a column. In
/// the text of a [TurnPart] `{timed} as m` stands for the rows of [#TIMED].
enum TurnTable {
  /// The turns.
  GIVEN(
      "conversation uuid, number int, source text, source_id text, alias text, "
          + "at timestamptz, kind text, event text, effects text, path text, state text, "
          + "refusal text, ours text, theirs text, believes boolean, block text, "
          + "block_at timestamptz"),

  /// What leaves.
  OUTGOING(
      "conversation uuid, turn int, index int, destination text, sender text, contact text, "
          + "epoch int, effect text, at timestamptz, purpose text, not_before timestamptz, "
          + "unless_bought_since timestamptz, orders_heard text, lease_ms int"),

  /// Sends and calls that a turn has the answer to.
  SETTLED(
      "conversation uuid, by_turn int, turn int, index int, outcome text, provider_id text, "
          + "at timestamptz"),

  /// Epochs before which nothing of a flow may leave any more.
  WITHDRAWN("conversation uuid, by_turn int, epoch int"),

  /// Timers.
  TIMED("conversation uuid, turn int, index int, purpose text, due_at timestamptz"),

  /// Timers that are taken away.
  UNTIMED("conversation uuid, by_turn int, turn int, index int"),

  /// Executions that begin.
  STARTED(
      "sid text, flow text, revision int, conversation uuid, turn int, result text, "
          + "at timestamptz, external_id text, number text, cohort text"),

  /// Executions that end, or of which more is known.
  FINISHED("sid text, conversation uuid, turn int, result text, at timestamptz, cohort text"),

  /// Replies that are kept for review.
  KEPT(
      "conversation uuid, turn int, text text, text_sha256 text, tags text, score real, "
          + "tagger text, flow text"),

  /// What is noted of addresses.
  NOTED(
      "conversation uuid, by_turn int, address text, external_id text, block text, "
          + "evidence text, block_at timestamptz, opted_in_at timestamptz, reached_at timestamptz, "
          + "at timestamptz, answered_at timestamptz"),

  /// Short links.
  LINKED("code text, conversation uuid, by_turn int, turn int, index int, url text"),

  /// Handoffs that open.
  HANDED(
      "conversation uuid, turn int, index int, external_id text, flow text, widget text, "
          + "epoch int, effect text, why text, state text, reason text, holder text"),

  /// Handoffs that close.
  HANDED_BACK("conversation uuid, by_turn int, turn int, index int, disposition text, why text"),

  /// Flows that cool off for a person.
  COOLING(
      "conversation uuid, turn int, flow text, person text, begun_at timestamptz, "
          + "until timestamptz"),

  /// Names of threads.
  NAMED("conversation uuid, by_turn int, name text, at timestamptz"),

  /// What was done about open handoffs.
  ATTENDED(
      "conversation uuid, by_turn int, turn int, index int, state text, holder text, "
          + "deed text"),

  /// Epochs before which nothing of an agent may leave any more.
  HUSHED("conversation uuid, by_turn int, epoch int"),

  /// Suppression windows.
  WINDOWED(
      "conversation uuid, turn int, reason text, started_at timestamptz, until timestamptz, "
          + "ended_at timestamptz, ended_reason text"),

  /// By which names a person is engaged.
  ENGAGING("conversation uuid, turn int, person text, live boolean"),

  /// Consents.
  CONSENTED(
      "conversation uuid, turn int, address text, external_id text, channel text, "
          + "programme text, state text, method text, source text, evidence text, at timestamptz"),

  /// Other threads that hear of an opt-out.
  TOLD("conversation uuid, turn int, ours text, theirs text, event text"),

  /// What a step knew of the courses of a person.
  COURSED("conversation uuid, turn int, person text, begins boolean, seen bigint"),

  /// Triggers that wait for the end of a handoff.
  WAITING("conversation uuid, turn int, index int, event text, behind text");

  private record Column(String name, String type) {

    static Column of(String declared) {
      String[] words = declared.strip().split(" ", -1);
      return new Column(words[0], words[1]);
    }

    Class<?> javaType() {
      return switch (type) {
        case "uuid" -> UUID.class;
        case "int" -> Integer.class;
        case "bigint" -> Long.class;
        case "real" -> Float.class;
        case "text" -> String.class;
        case "boolean" -> Boolean.class;
        case "timestamptz" -> OffsetDateTime.class;
        default -> throw new IllegalArgumentException("no type of a column: " + type);
      };
    }
  }

  @SuppressWarnings("ImmutableEnumChecker") // Stream.toList
  private final List<Column> columns;

  /// @param columns names and types, with commas between
  TurnTable(String columns) {
    this.columns = Arrays.stream(columns.split(",", -1)).map(Column::of).toList();
  }

  /// The table that `{name}` stands for.
  static TurnTable of(String name) {
    return valueOf(name.toUpperCase(Locale.ROOT));
  }

  int width() {
    return columns.size();
  }

  /// How Postgres reads it.
  ///
  /// @param first the number of the parameter that has the first column
  String sql(String alias, int first) {
    StringBuilder arrays = new StringBuilder();
    for (int i = 0; i < columns.size(); i++) {
      arrays.append(i == 0 ? "" : ", ").append('$').append(first + i);
      arrays.append("::").append(columns.get(i).type()).append("[]");
    }
    return "unnest(%s) as %s(%s)"
        .formatted(
            arrays, alias, columns.stream().map(Column::name).collect(Collectors.joining(", ")));
  }

  /// Appends an array for each column.
  ///
  /// @param rows with a cell for each column
  void appendTo(Tuple tuple, List<@Nullable Object[]> rows) {
    for (int column = 0; column < columns.size(); column++) {
      Object[] cells = (Object[]) Array.newInstance(columns.get(column).javaType(), rows.size());
      for (int row = 0; row < cells.length; row++) {
        cells[row] = rows.get(row)[column];
      }
      tuple.addValue(cells);
    }
  }
}
