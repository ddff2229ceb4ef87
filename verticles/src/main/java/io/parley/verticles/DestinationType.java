package io.parley.verticles;

import io.parley.edge.OutcomeTaker;
import java.time.Duration;
import java.util.function.Function;

/// A type of destinations.
///
/// @param requestsPerSecond at most, unless an entry says otherwise
/// @param gathering how long it is waited for more reports where there was room for them, unless an
///     entry says otherwise by `every`; zero of a type that is told at once, and has no such key
/// @param make reads whatever keys the type has beside those of every type, and no others: what it
///     does not ask for is not known there
record DestinationType(
    double requestsPerSecond, Duration gathering, Function<DestinationEntry, OutcomeTaker> make) {

  /// Of a type that is told at once.
  DestinationType(double requestsPerSecond, Function<DestinationEntry, OutcomeTaker> make) {
    this(requestsPerSecond, Duration.ZERO, make);
  }

  boolean gathers() {
    return gathering.isPositive();
  }
}
