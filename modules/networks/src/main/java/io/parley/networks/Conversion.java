package io.parley.networks;

import io.parley.engine.offers.Money;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
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

  /// What was bought, by the names that Meta and TikTok both have for it.
  Map<String, Object> bought() {
    Map<String, Object> bought = new LinkedHashMap<>();
    worth.map(Money::amount).ifPresent(it -> bought.put("value", it));
    worth.map(Money::currency).ifPresent(it -> bought.put("currency", it));
    orderId.ifPresent(it -> bought.put("order_id", it));
    return bought;
  }

  /// What an effect turned out to be.
  sealed interface Reading {
    record Told(Conversion conversion) implements Reading {}

    /// Nothing that may leave, or nothing that the network would take.
    record Untold(String why) implements Reading {}
  }
}
