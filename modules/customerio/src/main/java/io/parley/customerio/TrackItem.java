package io.parley.customerio;

import io.parley.edge.Cut;
import io.parley.edge.JsonBatch.Item;
import io.parley.edge.Ulid;
import io.parley.engine.Address;
import io.parley.engine.Effect;
import io.parley.engine.Person;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// One item of a Track API v2 batch, within Customer.io's limits.
///
/// ```
/// {"type": "person", "action": "event", "identifiers": {"id": "42"}, "name": "twilio_replied",
///  "id": "01HB4HBDKTFWYZCK01DMRSWRFD", "timestamp": 1772360100, "attributes": {"intent": "yes"}}
/// {"type": "person", "action": "identify", "identifiers": {"phone": "+14155550100"},
///  "timestamp": 1772360100, "attributes": {"sms_opted_out": true}}
/// ```
///
/// Source of shapes and limits: Customer.io's Track API specification.
final class TrackItem {

  static final int MAX_ID_BYTES = 150;
  static final int MAX_EVENT_NAME_BYTES = 100;

  private TrackItem() {}

  /// No longer than [TrackAttributes#MAX_ITEM_BYTES] in UTF-8.
  static Item of(Effect.Outgoing effect) {
    return switch (effect) {
      case Effect.ReportOutcome outcome -> event(outcome);
      case Effect.ReportAttributes attributes -> identify(attributes);
      case Effect.Send _ -> new Item.Undeliverable("a message is no outcome; Twilio carries it");
      case Effect.Call _ ->
          new Item.Undeliverable("a call is no outcome; it has a courier of its own");
      case Effect.ReserveOffer _, Effect.ReturnOffer _, Effect.KeepOffer _, Effect.RedeemOffer _ ->
          new Item.Undeliverable("an offer's code is no outcome; it has a courier of its own");
    };
  }

  private static Item event(Effect.ReportOutcome outcome) {
    if (outcome.name().isBlank()) {
      return new Item.Undeliverable("the event has no name");
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", Cut.text(outcome.name().strip(), MAX_EVENT_NAME_BYTES));
    fields.put("id", Ulid.of(outcome.at(), outcome.id()).value());
    fields.put("timestamp", seconds(outcome.at()));
    return switch (identifiers(outcome.person(), outcome.contact())) {
      case Identified.By(Map<String, String> identifiers) ->
          new Item.Carried(
              TrackAttributes.ofEvent(outcome.properties())
                  .carriedBy(item("event", identifiers, fields)));
      case Identified.Not(String why) -> new Item.Undeliverable(why);
    };
  }

  /// The timestamp orders updates that cross on the way.
  private static Item identify(Effect.ReportAttributes report) {
    Map<String, Object> fields = Map.of("timestamp", seconds(report.at()));
    return switch (identifiers(report.person(), report.contact())) {
      case Identified.By(Map<String, String> identifiers) ->
          new Item.Carried(
              TrackAttributes.ofPerson(report.attributes())
                  .carriedBy(item("identify", identifiers, fields)));
      case Identified.Not(String why) -> new Item.Undeliverable(why);
    };
  }

  private static long seconds(Instant at) {
    return Math.max(0, at.getEpochSecond());
  }

  private static Map<String, Object> item(
      String action, Map<String, String> identifiers, Map<String, Object> fields) {
    Map<String, Object> item = new LinkedHashMap<>();
    item.put("type", "person");
    item.put("action", action);
    item.put("identifiers", identifiers);
    item.putAll(fields);
    return item;
  }

  /// Who an item is about: exactly one identifier, as the specification asks. It is the surest of
  /// what the trigger told: the id, Customer.io's own `cio_id`, the e-mail address, and else the
  /// contact's number.
  private sealed interface Identified {
    record By(Map<String, String> identifiers) implements Identified {}

    record Not(String why) implements Identified {}
  }

  private static Optional<Map<String, String>> told(Person person, String name) {
    return person
        .attributes()
        .text(name)
        .map(String::strip)
        .filter(text -> !text.isEmpty() && Cut.bytes(text) <= MAX_ID_BYTES)
        .map(text -> Map.of(name, text));
  }

  private static Identified identifiers(Person person, Address contact) {
    Optional<String> id = person.externalId().filter(text -> !text.isBlank());
    if (id.filter(text -> Cut.bytes(text) > MAX_ID_BYTES).isPresent()) {
      return new Identified.Not(
          "the external id is longer than %d bytes, and a part of it would name somebody else"
              .formatted(MAX_ID_BYTES));
    }
    if (id.isPresent()) {
      return new Identified.By(Map.of("id", id.get()));
    }
    Optional<Map<String, String>> told =
        Stream.of("cio_id", "email").flatMap(name -> told(person, name).stream()).findFirst();
    if (told.isPresent()) {
      return new Identified.By(told.get());
    }
    String number = Phone.withoutPrefix(contact.value());
    return Phone.isE164(number)
        ? new Identified.By(Map.of("phone", number))
        : new Identified.Not(
            "the person has no id, cio_id or e-mail address, and the contact no phone number");
  }
}
