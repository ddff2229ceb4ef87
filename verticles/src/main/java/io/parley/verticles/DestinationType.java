package io.parley.verticles;

import io.parley.edge.OutcomeTaker;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/// A type of destinations.
///
/// @param keys of its own, beside those of every type
/// @param requestsPerSecond at most, unless an entry says otherwise
/// @param gathering how long it is waited for more reports where there was room for them; an entry
///     says otherwise by `every`, if that is a key of the type
record DestinationType(
    List<String> keys,
    double requestsPerSecond,
    Duration gathering,
    Function<DestinationEntry, OutcomeTaker> make) {

  DestinationType {
    keys = List.copyOf(keys);
  }

  /// Of a type that is told at once.
  DestinationType(
      List<String> keys, double requestsPerSecond, Function<DestinationEntry, OutcomeTaker> make) {
    this(keys, requestsPerSecond, Duration.ZERO, make);
  }
}
