package io.parley.verticles;

import io.parley.edge.OutcomeTaker;
import io.parley.store.Subscription;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/// Somewhere that reports go.
///
/// @param type as the destinations file says it: `webhook`
/// @param events the outcomes that were chosen, of those that it takes; empty for all of them
/// @param isDry whether what would be handed over is logged instead
/// @param obstacle why nothing goes there; empty text where reports do
/// @param redaction takes its secrets out of a text
/// @param keepsBuyers whether who comes into its lists stays there who has bought since
/// @param tokens keeps the access token that its requests carry, where they do
record Destination(
    OutcomeTaker taker,
    String type,
    Optional<Set<String>> events,
    SinkCourier.Pace pace,
    boolean isDry,
    String obstacle,
    UnaryOperator<String> redaction,
    boolean keepsBuyers,
    Optional<GoogleTokens> tokens) {

  Destination {
    events = events.map(Set::copyOf);
  }

  /// The name of its outbox rows.
  String name() {
    return taker.destination();
  }

  boolean isOn() {
    return obstacle.isEmpty();
  }

  /// `on`, `dry run`, or `off: ` and why.
  String state() {
    if (!isOn()) {
      return "off: " + obstacle;
    }
    return isDry ? "dry run" : "on";
  }

  Subscription subscription() {
    return new Subscription(
        name(), this::takes, takes(OutcomeTaker.IDENTIFY), report -> taker.takes(report));
  }

  private boolean takes(String outcome) {
    return events.map(chosen -> chosen.contains(outcome)).orElse(true) && taker.takes(outcome);
  }
}
