package io.parley.destinations;

import io.parley.edge.Fitting;
import io.parley.edge.JsonBatch.Item;
import io.parley.edge.OutcomeTaker;
import io.parley.edge.Ulid;
import io.parley.engine.Address;
import io.parley.engine.Effect;
import io.parley.engine.EffectId;
import io.parley.engine.Json;
import io.parley.engine.Person;
import io.parley.engine.Values;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

/// A report as a brand's own server is told it.
///
/// ```
/// {"version": 1, "id": "01KJME9T8V1Q2Z31617QG4G1CN", "name": "twilio_reply",
///  "at": "2026-03-01T10:15:00.123Z", "person": {"id": "42"}, "contact": "whatsapp:+14155550100",
///  "conversation": "00000000-0000-8000-8000-000000000001", "data": {"body": "Yes"}}
/// {"version": 1, "id": "01KJ...", "name": "identify", ..., "data": {"conversation_flow": "cart"}}
/// ```
///
/// What is true of a person has the name `identify`. `person` is empty where nobody told us who it
/// is. Data that makes the whole longer than [#MAX_BYTES] is cut, as [Fitting] tells.
final class ReportJson {

  /// Servers commonly take bodies of 100 kB without being told to.
  static final int MAX_BYTES = 32_000;

  private static final int VERSION = 1;

  private ReportJson() {}

  static Item of(Effect.Outgoing effect) {
    return switch (effect) {
      case Effect.ReportOutcome it ->
          new Item.Carried(
              json(about(it.id(), it.name(), it.at(), it.person(), it.contact()), it.properties()));
      case Effect.ReportAttributes it ->
          new Item.Carried(
              json(
                  about(it.id(), OutcomeTaker.IDENTIFY, it.at(), it.person(), it.contact()),
                  it.attributes()));
      case Effect.Send _,
          Effect.Call _,
          Effect.ReserveOffer _,
          Effect.ReturnOffer _,
          Effect.KeepOffer _,
          Effect.RedeemOffer _ ->
          new Item.Undeliverable("it is no report; it has a courier of its own");
    };
  }

  private static Map<String, Object> about(
      EffectId id, String name, Instant at, Person person, Address contact) {
    Map<String, Object> about = new LinkedHashMap<>();
    about.put("version", VERSION);
    about.put("id", Ulid.of(at, id).value());
    about.put("name", name);
    about.put("at", at.truncatedTo(ChronoUnit.MILLIS).toString());
    about.put("person", person.externalId().map(it -> Map.of("id", it)).orElse(Map.of()));
    about.put("contact", contact.value());
    about.put("conversation", id.conversation().toString());
    return about;
  }

  private static String json(Map<String, Object> about, Values data) {
    return new Fitting(MAX_BYTES)
        .fit(
            data,
            entries -> {
              Map<String, Object> whole = new LinkedHashMap<>(about);
              whole.put("data", entries);
              return Json.print(whole);
            });
  }
}
