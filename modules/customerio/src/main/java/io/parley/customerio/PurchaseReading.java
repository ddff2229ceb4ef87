package io.parley.customerio;

import io.parley.engine.Address;
import io.parley.engine.Event;
import io.parley.engine.Values;
import java.time.Instant;
import java.util.Optional;

/// What the body of `POST /events` turned out to be.
public sealed interface PurchaseReading permits PurchaseReading.Purchase, Unreadable {

  /// A person bought. At least one of external id and phone is there.
  ///
  /// @param id the event's own id; a second event with it is a repeat
  /// @param phone in E.164, without the prefix of a channel: a purchase counts on all of them
  /// @param orderId `properties.order_id`, else the event's id
  /// @param properties what was bought; unknown fields too
  record Purchase(
      String id,
      String name,
      Optional<String> externalId,
      Optional<Address> phone,
      String orderId,
      Values properties,
      Instant occurredAt)
      implements PurchaseReading {

    public Event.PurchaseSeen event() {
      return new Event.PurchaseSeen(orderId, properties, occurredAt);
    }
  }
}
