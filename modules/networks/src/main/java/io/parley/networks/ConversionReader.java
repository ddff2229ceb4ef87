package io.parley.networks;

import io.parley.engine.Effect;
import io.parley.engine.Revenue;
import io.parley.engine.Values;
import io.parley.engine.offers.Money;
import io.parley.networks.Conversion.Reading;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Pattern;

/// Reads outcomes into what a network may learn of them.
///
/// @param recency how old a conversion may be
record ConversionReader(Activation activation, Recency recency, InstantSource clock) {

  /// The longest that `POST /events` takes.
  private static final int MAX_ORDER_ID = 255;

  private static final Pattern AMOUNT = Pattern.compile("[0-9]{1,15}([.][0-9]{1,10})?");

  /// @param network as people call it: `Meta`
  record Recency(String network, Duration oldest) {}

  Reading read(Effect.Outgoing effect) {
    return switch (effect) {
      case Effect.ReportOutcome outcome -> read(outcome);
      case Effect.ReportAttributes _ ->
          new Reading.Untold("a person's attributes are told to no ad network");
      case Effect.Send _ -> new Reading.Untold("a message is no outcome; Twilio carries it");
      case Effect.Call _ -> new Reading.Untold("a call is no outcome; it has a courier of its own");
      case Effect.ReserveOffer _, Effect.ReturnOffer _, Effect.KeepOffer _, Effect.RedeemOffer _ ->
          new Reading.Untold("an offer's code is no outcome; it has a courier of its own");
    };
  }

  private Reading read(Effect.ReportOutcome outcome) {
    String event = activation.events().get(outcome.name());
    if (event == null) {
      return new Reading.Untold(
          "%s is not among the events of destination %s"
              .formatted(outcome.name(), activation.destination()));
    }
    Values properties = outcome.properties();
    Optional<String> orderId = orderId(properties);
    if (orderId.filter(id -> id.length() > MAX_ORDER_ID).isPresent()) {
      return new Reading.Untold(
          "the order's id is longer than %d characters, and a part of it would name another order"
              .formatted(MAX_ORDER_ID));
    }
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    Instant at = time(properties).orElse(outcome.at()).truncatedTo(ChronoUnit.SECONDS);
    if (at.isBefore(now.minus(recency.oldest))) {
      return new Reading.Untold(
          "it happened at %s, and nothing that is older than %d days is sent to %s"
              .formatted(at, recency.oldest.toDays(), recency.network));
    }
    return new Reading.Told(
        new Conversion(
            id(outcome, orderId),
            event,
            Member.of(outcome.person(), outcome.contact()),
            worth(properties),
            orderId,
            at.isAfter(now) ? now : at));
  }

  private String id(Effect.ReportOutcome outcome, Optional<String> orderId) {
    String own = outcome.id().toString();
    return switch (activation.countedBy()) {
      case ORDER -> orderId.orElse(own);
      case OUTCOME -> own;
    };
  }

  private static Optional<String> orderId(Values properties) {
    return Optional.ofNullable(properties.entries().get("order_id"))
        .filter(id -> id instanceof String || id instanceof Long)
        .map(id -> id.toString().strip())
        .filter(id -> !id.isEmpty());
  }

  private static Optional<Instant> time(Values properties) {
    try {
      return properties.text("purchased_at").map(Instant::parse);
    } catch (DateTimeParseException _) {
      return Optional.empty();
    }
  }

  /// Empty unless both the value and its currency are known: a value without would be read in some
  /// other currency.
  private static Optional<Money> worth(Values properties) {
    return Revenue.of(properties)
        .filter(it -> !it.currency().isEmpty())
        .filter(it -> AMOUNT.matcher(it.amount().toPlainString()).matches())
        .map(it -> new Money(it.amount(), it.currency()));
  }
}
