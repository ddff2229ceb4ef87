package io.parley.customerio;

import io.parley.customerio.EventReading.Consented;
import io.parley.customerio.EventReading.Happening;
import io.parley.customerio.EventReading.Purchase;
import io.parley.engine.Address;
import io.parley.engine.Event;
import io.parley.engine.policy.Consent;
import java.time.Instant;
import java.util.Optional;

/// Reads the body of `POST /events`.
public final class EventPayload {

  private EventPayload() {}

  /// The published JSON Schema.
  public static String schema() {
    return PayloadSchema.EVENT.text();
  }

  public static EventReading read(String body, Defaults defaults) {
    return switch (Payload.open(body, PayloadSchema.EVENT)) {
      case Payload.Opening.Closed(Unreadable why) -> why;
      case Payload.Opening.Opened(Payload payload) -> read(payload, defaults);
    };
  }

  private static EventReading read(Payload payload, Defaults defaults) {
    Optional<String> name = payload.text("/event");
    if (name.filter(given -> Event.EventSeen.plain(given).isEmpty()).isPresent()) {
      payload.refuse("/event", "has neither letters nor digits");
    }
    if (payload.text("/customer/external_id").isEmpty()
        && payload.text("/customer/phone").isEmpty()) {
      payload.refuse("/customer", "names nobody");
    }
    Optional<Address> phone = payload.phone("/customer/phone", defaults.region()).map(Address::new);
    Instant occurredAt =
        payload
            .instant("/occurred_at")
            .filter(it -> !it.isAfter(defaults.receivedAt()))
            .orElse(defaults.receivedAt());
    payload.requireCurrency("/properties/currency");
    Optional<String> externalId = payload.text("/customer/external_id");
    Optional<Consent> consent =
        name.flatMap(EventPayload::stateNamed)
            .flatMap(
                state ->
                    ConsentPayload.ofEvent(phone, externalId, defaults.receivedAt())
                        .read(payload, state));
    Optional<Unreadable.Malformed> malformed = payload.malformed();
    if (malformed.isPresent()) {
      return malformed.get();
    }
    String id = payload.text("/id").orElseThrow();
    if (consent.isPresent()) {
      return new Consented(
          id,
          name.orElseThrow(),
          externalId,
          phone,
          consent.get(),
          payload.values("/properties"),
          occurredAt);
    }
    if (!Event.PurchaseSeen.isNamed(name.orElseThrow())) {
      return new Happening(
          id, name.get(), externalId, phone, payload.values("/properties"), occurredAt);
    }
    return new Purchase(
        id,
        name.get(),
        externalId,
        phone,
        payload.text("/properties/order_id").orElse(id),
        payload.values("/properties"),
        occurredAt);
  }

  /// What an event says of a consent, by its name.
  private static Optional<Consent.State> stateNamed(String name) {
    return switch (Event.EventSeen.plain(name)) {
      case "consentgranted" -> Optional.of(Consent.State.GRANTED);
      case "consentrevoked" -> Optional.of(Consent.State.REVOKED);
      default -> Optional.empty();
    };
  }
}
