package io.parley.networks;

import io.parley.engine.offers.Money;
import java.time.Instant;
import java.util.Optional;

/// All that a network may learn of an outcome.
///
/// @param id by which the network knows a repeat
/// @param event the network's name for it
/// @param at to the second, and not after the time of reading: some clocks are ahead
record Conversion(
    String id,
    String event,
    Member who,
    Optional<Money> worth,
    Optional<String> orderId,
    Instant at) {

  /// What an effect turned out to be.
  sealed interface Reading {
    record Told(Conversion conversion) implements Reading {}

    /// Nothing that may leave, or nothing that the network would take.
    record Untold(String why) implements Reading {}
  }
}
