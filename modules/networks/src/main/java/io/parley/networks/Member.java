package io.parley.networks;

import io.parley.engine.Address;
import io.parley.engine.Person;
import java.util.Optional;

/// A person, by what networks find people with. Each may be given as 64 hexadecimal digits, hashed
/// already.
///
/// @param phone in E.164; without a country code it is left out
/// @param externalId the id in Customer.io
public record Member(Optional<String> email, Optional<String> phone, Optional<String> externalId) {

  /// Of a person whom Parley spoke to at an address.
  static Member of(Person person, Address contact) {
    return new Member(
        person.attributes().text("email"),
        contact.isPersons() ? Optional.of(contact.number()) : person.attributes().text("phone"),
        person.externalId());
  }
}
