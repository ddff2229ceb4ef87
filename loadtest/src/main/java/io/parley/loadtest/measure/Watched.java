package io.parley.loadtest.measure;

import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.LongSupplier;

/// What is looked at once a second. What is absent, or not there at the moment, leaves gaps in the
/// figures and nothing else.
///
/// @param metrics Parley's `/metrics`
/// @param parley the id of its process, which changes as it is restarted; 0 for none, or none here
/// @param postgres the id of the postmaster; 0 for none, or none here
public record Watched(
    Optional<URI> metrics,
    Optional<Database> database,
    LongSupplier parley,
    LongSupplier postgres) {

  /// Parley's database.
  @FunctionalInterface
  public interface Database {

    Connection connect() throws SQLException;
  }

  /// Nothing but this process and the machine.
  public static Watched nothing() {
    return new Watched(Optional.empty(), Optional.empty(), () -> 0, () -> 0);
  }
}
