package io.parley.customerio;

import io.parley.engine.Address;
import io.parley.engine.policy.Consent;
import io.parley.engine.policy.ConsentChannel;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Reads a consent, which stands in a list of a trigger or is what an event tells of.
///
/// @param place where its fields are: `channel`, `programme`, `method`, `evidence`
/// @param source where it was said: the pointer of the text
/// @param at when it was said: the pointer of the time
/// @param email the pointer of the address that a consent to e-mail is about
/// @param unnamed when it was said where that is not told
record ConsentPayload(
    String place,
    String source,
    String at,
    String email,
    Optional<Address> phone,
    Optional<String> externalId,
    Instant unnamed) {

  private static final String CHANNELS =
      Stream.of(ConsentChannel.values())
          .map(ConsentChannel::word)
          .collect(Collectors.joining(", "));

  /// How a person can have said it; a list of subscriptions is told by reports alone.
  private static final Map<String, Consent.Method> METHODS =
      Stream.of(Consent.Method.values())
          .filter(it -> it != Consent.Method.SUBSCRIPTION)
          .collect(
              Collectors.toMap(
                  Consent.Method::word, it -> it, (one, _) -> one, LinkedHashMap::new));

  static ConsentPayload ofTrigger(
      String item, Optional<Address> phone, Optional<String> externalId, Instant receivedAt) {
    return new ConsentPayload(
        item, item + "/source", item + "/at", "/customer/email", phone, externalId, receivedAt);
  }

  static ConsentPayload ofEvent(
      Optional<Address> phone, Optional<String> externalId, Instant receivedAt) {
    return new ConsentPayload(
        "/properties",
        "/source",
        "/occurred_at",
        "/properties/email",
        phone,
        externalId,
        receivedAt);
  }

  /// The consent, whose state the payload tells; empty where it is malformed, of which the payload
  /// then knows.
  Optional<Consent> read(Payload payload) {
    return payload
        .text(place + "/state")
        .flatMap(Consent.State::parse)
        .flatMap(state -> read(payload, state));
  }

  /// The consent; empty where it is malformed, of which the payload then knows.
  Optional<Consent> read(Payload payload, Consent.State state) {
    Optional<ConsentChannel> channel =
        payload.text(place + "/channel").flatMap(ConsentChannel::parse);
    if (channel.isEmpty()) {
      payload.refuse(place + "/channel", "is none of " + CHANNELS);
    }
    Optional<String> written = payload.text(place + "/method");
    Optional<Consent.Method> method = written.map(METHODS::get);
    if (written.isPresent() && method.isEmpty()) {
      payload.refuse(place + "/method", "is none of " + String.join(", ", METHODS.keySet()));
    }
    Optional<String> address = channel.flatMap(it -> address(payload, it));
    Instant said = payload.instant(at).orElse(unnamed);
    if (channel.isEmpty() || (address.isEmpty() && externalId.isEmpty())) {
      return Optional.empty();
    }
    return Optional.of(
        new Consent(
            address,
            externalId,
            channel.get(),
            payload.text(place + "/programme").orElse(Consent.MARKETING),
            state,
            method.orElse(Consent.Method.OTHER),
            payload.text(source).orElse(""),
            payload.text(place + "/evidence").orElse(""),
            said));
  }

  /// One that is about no address is about the person. E-mail is nobody's without either.
  private Optional<String> address(Payload payload, ConsentChannel channel) {
    return switch (channel) {
      case SMS, WHATSAPP -> phone.map(Address::number);
      case EMAIL -> {
        Optional<String> mail = payload.text(email);
        if (mail.isEmpty() && externalId.isEmpty()) {
          payload.refuse(email, "is missing, and so is the external id");
        }
        yield mail;
      }
    };
  }
}
