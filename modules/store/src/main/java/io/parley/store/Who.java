package io.parley.store;

import io.parley.engine.Address;

/// A person, as somebody names one who asks what is on record.
public sealed interface Who {

  /// @param address a phone number, `whatsapp:` and a phone number, or an e-mail address
  record Addressed(Address address) implements Who {}

  /// @param externalId the id in Customer.io
  record Known(String externalId) implements Who {}

  /// What is written like an address is one.
  static Who named(String text) {
    boolean address = text.startsWith("+") || text.startsWith("whatsapp:") || text.contains("@");
    return address ? new Addressed(new Address(text)) : new Known(text);
  }
}
