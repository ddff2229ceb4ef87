package io.parley.customerio;

import io.parley.edge.AudienceChange;
import io.parley.edge.Fitting;
import io.parley.edge.JsonBatch.Item;
import io.parley.edge.Ulid;
import io.parley.engine.Address;
import io.parley.engine.Digest;
import io.parley.engine.Effect;
import io.parley.engine.EffectId;
import io.parley.engine.Json;
import io.parley.engine.Person;
import io.parley.engine.Values;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
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
/// number, and by the number and the e-mail address as the traits `phone` and `email`. Messages are
/// known by the report's [Ulid]: Customer.io, where Segment tells it of them, knows them by the
/// same.
///
/// Source of shapes and limits: Segment's documentation of its HTTP API.
final class SegmentItem {

  /// Segment says 32 KB.
  static final int MAX_BYTES = 32_000;

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

  /// A change of an audience in Engage's format.
  ///
  /// @param personas what Engage says of the audience
  static Item ofAudience(
      AudienceChange change, EngageAudiences.Format format, Map<String, Object> personas) {
    Effect.ReportOutcome told = change.told();
    Optional<Who> who = Who.of(told.person(), told.contact());
    if (who.isEmpty()) {
      return nobody();
    }
    Values traits = who.get().traits();
    Values membership = Values.of(change.audience(), change.isEntry());
    Map<String, Object> context = new LinkedHashMap<>();
    context.put("personas", personas);
    return switch (format) {
      case IDENTIFY -> {
        Map<String, Object> call = call("identify", told.id(), who.get(), told.at());
        call.put("context", context);
        yield new Item.Carried(fitting(call, "traits", traits.with(membership)));
      }
      case TRACK -> {
        Map<String, Object> call = call("track", told.id(), who.get(), told.at());
        call.put("event", change.isEntry() ? "Audience Entered" : "Audience Exited");
        if (!traits.isEmpty()) {
          context.put("traits", traits.entries());
        }
        call.put("context", context);
        yield new Item.Carried(
            fitting(
                call, "properties", Values.of("audience_key", change.audience()).with(membership)));
      }
    };
  }

  /// By what a person can be known in Segment.
  static List<String> knownBy(Effect.ReportOutcome report) {
    return Who.of(report.person(), report.contact())
        .map(
            who ->
                who.key().equals("userId")
                    ? List.of("external_id")
                    : List.copyOf(who.traits().entries().keySet()))
        .orElse(List.of());
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
    return new Item.Undeliverable(
        "the person has no external id or e-mail address, and the contact no phone number");
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
              return Json.print(whole);
            });
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
      Values traits = Values.EMPTY;
      String number = Phone.withoutPrefix(contact.value());
      if (Phone.isE164(number)) {
        traits = traits.with("phone", number);
      }
      Optional<String> email = person.attributes().text("email").filter(text -> !text.isBlank());
      if (email.isPresent()) {
        traits = traits.with("email", email.get());
      }
      Values known = traits;
      return known
          .text("phone")
          .or(() -> email)
          .map(text -> new Who("anonymousId", Digest.sid("", "anonymous " + text), known));
    }
  }
}
