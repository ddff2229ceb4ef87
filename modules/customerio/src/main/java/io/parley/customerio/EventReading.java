package io.parley.customerio;

import io.parley.engine.Address;
import io.parley.engine.Event;
import io.parley.engine.Values;
import io.parley.engine.policy.Consent;
import java.time.Instant;
import java.util.Optional;

/// What the body of `POST /events` turned out to be.
public sealed interface EventReading permits EventReading.Told, Unreadable {

  /// Something that happened to a person, of whom at least one of external id and phone is there.
  sealed interface Told extends EventReading {

    /// The event's own id; a second event with it is a repeat.
    String id();

    Optional<String> externalId();

    /// In E.164, without the prefix of a channel: it counts on all of them.
    Optional<Address> phone();

    Event event();
  }

  /// Anything but a purchase, by its name; a flow may wait for it.
  ///
  /// @param properties unknown fields too
  record Happening(
      String id,
      String name,
      Optional<String> externalId,
      Optional<Address> phone,
      Values properties,
      Instant occurredAt)
      implements Told {

    @Override
    public Event.EventSeen event() {
      return new Event.EventSeen(name, properties, occurredAt);
    }
  }

  /// A person agreed to be written to, or took that back: then what runs and is about it ends. A
  /// flow may wait for it, too.
  ///
  /// @param properties unknown fields too
  record Consented(
      String id,
      String name,
      Optional<String> externalId,
      Optional<Address> phone,
      Consent consent,
      Values properties,
      Instant occurredAt)
      implements Told {

    @Override
    public Event event() {
      return consent.isRevoked()
          ? new Event.ConsentRevoked(consent, name, properties)
          : new Event.EventSeen(name, properties, occurredAt);
    }
  }

  /// A person bought.
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
      implements Told {

    @Override
    public Event.PurchaseSeen event() {
      return new Event.PurchaseSeen(orderId, properties, occurredAt);
    }
  }
}
