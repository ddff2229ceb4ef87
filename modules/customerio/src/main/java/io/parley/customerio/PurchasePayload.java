package io.parley.customerio;

import io.parley.customerio.PurchaseReading.Purchase;
import io.parley.engine.Address;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Reads the body of `POST /events`.
public final class PurchasePayload {

  /// What the e-commerce platforms and Segment's specification call a purchase, in lower case with
  /// spaces between the words.
  private static final Set<String> NAMES =
      Set.of(
          "order completed",
          "order placed",
          "placed order",
          "order paid",
          "checkout completed",
          "purchase",
          "purchased",
          "product purchased");

  private PurchasePayload() {}

  /// The published JSON Schema.
  public static String schema() {
    return PayloadSchema.EVENT.text();
  }

  public static PurchaseReading read(String body, Defaults defaults) {
    return switch (Payload.open(body, PayloadSchema.EVENT)) {
      case Payload.Opening.Closed(Unreadable why) -> why;
      case Payload.Opening.Opened(Payload payload) -> read(payload, defaults);
    };
  }

  private static PurchaseReading read(Payload payload, Defaults defaults) {
    Optional<String> name = payload.text("/event");
    if (name.filter(given -> !isPurchase(given)).isPresent()) {
      payload.refuse("/event", "is not the name of a purchase");
    }
    if (payload.text("/customer/external_id").isEmpty()
        && payload.text("/customer/phone").isEmpty()) {
      payload.refuse("/customer", "names nobody");
    }
    Optional<Address> phone = payload.phone("/customer/phone", defaults.region()).map(Address::new);
    var occurredAt = payload.instant("/occurred_at").orElse(defaults.receivedAt());
    payload.requireCurrency("/properties/currency");
    Optional<Unreadable.Malformed> malformed = payload.malformed();
    if (malformed.isPresent()) {
      return malformed.get();
    }
    String id = payload.text("/id").orElseThrow();
    return new Purchase(
        id,
        name.orElseThrow(),
        payload.text("/customer/external_id"),
        phone,
        payload.text("/properties/order_id").orElse(id),
        payload.values("/properties"),
        occurredAt);
  }

  private static boolean isPurchase(String name) {
    return NAMES.contains(name.toLowerCase(Locale.ROOT).replaceAll("[_\\s-]+", " "));
  }
}
