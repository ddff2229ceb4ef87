package io.parley.store;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The rows of a batch of turns, by table.
final class TurnRows {

  private final Map<TurnTable, List<@Nullable Object[]>> rows = new EnumMap<>(TurnTable.class);

  /// @param cells in the order of the table's columns
  void add(TurnTable table, @Nullable Object... cells) {
    if (cells.length != table.width()) {
      throw new IllegalArgumentException(
          table + " has " + table.width() + " columns, and is given " + cells.length);
    }
    rows.computeIfAbsent(table, _ -> new ArrayList<>()).add(cells);
  }

  boolean has(TurnTable table) {
    return rows.containsKey(table);
  }

  List<@Nullable Object[]> of(TurnTable table) {
    return rows.getOrDefault(table, List.of());
  }
}
