package io.parley.loadtest.postgres;

import java.util.Locale;

/// A point between Parley and Postgres: just before a write reaches Postgres, or after Postgres has
/// done it and before Parley is told.
///
/// @param statement a part of the writing statement's text, in lower case; empty for any write
/// @param nth which of the writes that match, from 1
public record Boundary(String statement, int nth, Side side) {

  public enum Side {
    BEFORE,
    AFTER
  }

  public Boundary {
    if (nth < 1) {
      throw new IllegalArgumentException("writes are counted from 1, not " + nth);
    }
  }

  boolean concerns(String sql) {
    return sql.contains(statement);
  }

  @Override
  public String toString() {
    return "%s write %d%s"
        .formatted(
            side.name().toLowerCase(Locale.ROOT),
            nth,
            statement.isEmpty() ? "" : " of '" + statement + "'");
  }
}
