package io.parley.networks;

import io.parley.engine.Outcomes;
import java.util.Map;

/// What a destination at a network takes and how, besides its credentials.
///
/// @param destination the name of its outbox rows: `meta`
/// @param events the network's event by the outcome's name: `Purchase` by `conversion`; at Google
///     the id of the conversion action
/// @param rule how identifiers are normalised
/// @param countedBy what the network knows a repeat by
public record Activation(
    String destination, Map<String, String> events, Rule rule, CountedBy countedBy) {

  public Activation {
    if (destination.isBlank()) {
      throw new IllegalArgumentException("a destination needs a name");
    }
    if (events.isEmpty()) {
      throw new IllegalArgumentException(
          "destination " + destination + " takes no outcome: name at least one");
    }
    if (events.keySet().stream().anyMatch(String::isBlank)
        || events.values().stream().anyMatch(String::isBlank)) {
      throw new IllegalArgumentException(
          "destination " + destination + " has an outcome or an event without a name");
    }
    events = Map.copyOf(events);
  }

  /// Conversions alone, by the network's own rule, an order counted once.
  ///
  /// @param event the network's event, at Google the id of the conversion action
  public static Activation ofConversions(String destination, String event) {
    return new Activation(
        destination, Map.of(Outcomes.CONVERSION, event), Rule.OF_THE_NETWORK, CountedBy.ORDER);
  }

  boolean takes(String outcome) {
    return events.containsKey(outcome);
  }
}
