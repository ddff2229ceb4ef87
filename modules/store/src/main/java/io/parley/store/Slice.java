package io.parley.store;

import java.util.List;
import java.util.Optional;

/// Which rows of a list that shows the newest first are asked for: the next ones beyond a row, or
/// the ones before it. A row that comes or goes meanwhile moves no other to another page.
///
/// @param limit at most so many rows
/// @param skip so many rows are passed over first
/// @param beyond the key of the row to go on from; empty for the newest
/// @param backwards whether the rows before that one are asked for, the nearest of them
public record Slice<K>(int limit, long skip, Optional<K> beyond, boolean backwards) {

  /// The newest rows.
  public static <K> Slice<K> first(int limit) {
    return new Slice<>(limit, 0, Optional.empty(), false);
  }

  /// The comparison with the key, for SQL.
  String comparison() {
    return backwards ? ">" : "<";
  }

  /// The order of the rows, for SQL.
  String order() {
    return backwards ? "asc" : "desc";
  }

  /// The rows as they are shown, from as they were read.
  <T> List<T> shown(List<T> rows) {
    return backwards ? rows.reversed() : rows;
  }
}
