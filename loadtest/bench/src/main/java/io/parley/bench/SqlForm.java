package io.parley.bench;

import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;

/// A way to write a turn's rows in plain SQL. All forms write the same rows, tell a repeat by the
/// same constraint, and write nothing else of a turn that is one.
interface SqlForm {

  /// A turn that is to be written.
  ///
  /// @param turn what it holds
  record Row(UUID conversation, int number, String sourceId, OffsetDateTime at, Samples.Turn turn) {

    static final String SOURCE = "twilio_message";
  }

  /// How many connections write, each turns of conversations of its own.
  int clients();

  /// How many turns are written together.
  int batch();

  /// What is to be there in the database.
  default String preparation() {
    return "select 1";
  }

  /// Writes turns of different conversations; completes when they are committed.
  Future<?> write(PgConnection connection, List<Row> rows);

  /// The form of a name.
  static SqlForm named(String name) {
    return switch (name) {
      case "separate" -> new SeparateStatements();
      case "function" -> new OneFunction();
      case "batched" -> new BatchedStatement();
      default -> throw new IllegalArgumentException("there is no form " + name);
    };
  }
}
