package io.parley.customerio;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.parley.edge.Fitting;
import io.parley.edge.JsonBatch.Item;
import io.parley.edge.Ulid;
import io.parley.engine.Address;
import io.parley.engine.Digest;
import io.parley.engine.Effect;
import io.parley.engine.EffectId;
import io.parley.engine.Person;
import io.parley.engine.Values;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// One call of a Segment batch, within Segment's limits.
///
/// ```
/// {"type": "identify", "messageId": "01HB4HBDKTFWYZCK01DMRSWRFD", "userId": "42",
///  "timestamp": "2026-03-01T10:15:00.123Z", "traits": {"conversation_flow": "cart"}}
/// {"type": "track", "messageId": "01HB...", "userId": "42", "timestamp": "2026-...",
///  "event": "twilio_reply", "properties": {"body": "Yes"}}
/// ```
///
/// Who has no external id is known by an `anonymousId` that is the same for every report about the
/// number, and by the number itself as the trait `phone`. Messages are known by the report's
/// [Ulid]: Customer.io, where Segment tells it of them, knows them by the same.
///
/// Source of shapes and limits: Segment's documentation of its HTTP API.
final class SegmentItem {

  /// Segment says 32 KB.
  static final int MAX_BYTES = 32_000;

  private static final JsonMapper MAPPER = new JsonMapper();

  private SegmentItem() {}

  /// No longer than [#MAX_BYTES] in UTF-8.
  static Item of(Effect.Outgoing effect) {
    return switch (effect) {
      case Effect.ReportOutcome outcome -> track(outcome);
      case Effect.ReportAttributes attributes -> identify(attributes);
      case Effect.Send _,
          Effect.Call _,
          Effect.ReserveOffer _,
          Effect.ReturnOffer _,
          Effect.KeepOffer _,
          Effect.RedeemOffer _ ->
          new Item.Undeliverable("it is no report; it has a courier of its own");
    };
  }

  private static Item track(Effect.ReportOutcome outcome) {
    if (outcome.name().isBlank()) {
      return new Item.Undeliverable("the event has no name");
    }
    Optional<Who> who = Who.of(outcome.person(), outcome.contact());
    if (who.isEmpty()) {
      return nobody();
    }
    Map<String, Object> call = call("track", outcome.id(), who.get(), outcome.at());
    call.put("event", outcome.name());
    if (!who.get().traits().isEmpty()) {
      call.put("context", Map.of("traits", who.get().traits().entries()));
    }
    return new Item.Carried(fitting(call, "properties", outcome.properties()));
  }

  private static Item identify(Effect.ReportAttributes report) {
    return Who.of(report.person(), report.contact())
        .<Item>map(
            who ->
                new Item.Carried(
                    fitting(
                        call("identify", report.id(), who, report.at()),
                        "traits",
                        who.traits().with(report.attributes()))))
        .orElseGet(SegmentItem::nobody);
  }

  private static Item nobody() {
    return new Item.Undeliverable("the person has no external id and the contact no phone number");
  }

  private static Map<String, Object> call(String type, EffectId id, Who who, Instant at) {
    Map<String, Object> call = new LinkedHashMap<>();
    call.put("type", type);
    call.put("messageId", Ulid.of(at, id).value());
    call.put(who.key(), who.id());
    call.put("timestamp", at.truncatedTo(ChronoUnit.MILLIS).toString());
    return call;
  }

  private static String fitting(Map<String, Object> call, String key, Values values) {
    return new Fitting(MAX_BYTES)
        .fit(
            values,
            entries -> {
              Map<String, Object> whole = new LinkedHashMap<>(call);
              whole.put(key, entries);
              return json(whole);
            });
  }

  private static String json(Map<String, Object> whole) {
    try {
      return MAPPER.writeValueAsString(whole);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("plain values are always JSON", e);
    }
  }

  /// Who a call is about.
  ///
  /// @param key `userId` or `anonymousId`
  /// @param traits by which else the person can be known
  private record Who(String key, String id, Values traits) {

    static Optional<Who> of(Person person, Address contact) {
      Optional<String> externalId = person.externalId().filter(text -> !text.isBlank());
      if (externalId.isPresent()) {
        return Optional.of(new Who("userId", externalId.get(), Values.EMPTY));
      }
      String number = Phone.withoutPrefix(contact.value());
      return Phone.isE164(number)
          ? Optional.of(
              new Who(
                  "anonymousId", Digest.sid("", "anonymous " + number), Values.of("phone", number)))
          : Optional.empty();
    }
  }
}
