package io.parley.networks;

import io.parley.edge.OutcomeSink.Composed;
import io.parley.edge.OutcomeSink.Response;
import io.parley.engine.Values;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Google's Data Manager API: one item that is not as it should be fails the request, and it says
/// which; a transaction counts once at a conversion action.
final class DataManagerStandIn extends StandIn {

  DataManagerStandIn(VirtualClock clock) {
    super(clock);
  }

  @Override
  Response answer(Composed composed) {
    if (!composed.url().equals("https://datamanager.googleapis.com/v1/events:ingest")) {
      return new Response(404, Map.of(), "<html>");
    }
    if (!"Bearer ACCESS".equals(composed.headers().get("Authorization"))) {
      return error(403, "PERMISSION_DENIED", List.of());
    }
    Values body = body(composed);
    List<Values> events = objects(body, "events");
    List<Values> destinations = objects(body, "destinations");
    if (events.isEmpty()
        || events.size() > 2_000
        || destinations.isEmpty()
        || destinations.size() > 10
        || !body.text("encoding").orElse("").equals("HEX")) {
      return error(400, "INVALID_ARGUMENT", List.of());
    }
    List<Object> violations = new ArrayList<>();
    for (int i = 0; i < destinations.size(); i++) {
      if (!destinations.get(i).text("productDestinationId").orElse("").matches("77|78")) {
        violations.add(violation("destinations[%d]".formatted(i), "INVALID_CONVERSION_ACTION_ID"));
      }
    }
    for (int i = 0; i < events.size(); i++) {
      List<Values> people = objects(events.get(i).object("userData"), "userIdentifiers");
      if (people.isEmpty()
          || people.size() > 10
          || !people.stream()
              .allMatch(
                  it ->
                      isHash(
                          it.text("emailAddress").or(() -> it.text("phoneNumber")).orElse("")))) {
        violations.add(
            violation("events.events[%d].user_data".formatted(i), "INVALID_SHA256_FORMAT"));
      }
      if (!events.get(i).text("currency").orElse("USD").matches("USD|EUR")) {
        violations.add(
            violation("events.events[%d].currency".formatted(i), "INVALID_CURRENCY_CODE"));
      }
    }
    if (!violations.isEmpty()) {
      return error(400, "INVALID_ARGUMENT", violations);
    }
    events.forEach(this::count);
    return json(200, Map.of("requestId", "r1"));
  }

  private void count(Values event) {
    Instant at = Instant.parse(event.text("eventTimestamp").orElseThrow());
    counted.putIfAbsent(
        event.entries().get("destinationReferences")
            + " "
            + event.text("transactionId").orElseThrow(),
        event.with("at", at.toString()));
  }

  static Object violation(String field, String reason) {
    return Values.of("field", field)
        .with("description", "It is " + reason + ".")
        .with("reason", reason)
        .entries();
  }

  static Response error(int status, String name, List<Object> violations) {
    return json(
        status,
        Map.of(
            "error",
            Values.of("code", status)
                .with("status", name)
                .with("message", "There was a problem with the request.")
                .with(
                    "details",
                    List.of(
                        Values.of("@type", "type.googleapis.com/google.rpc.ErrorInfo")
                            .with("reason", name),
                        Values.of("@type", "type.googleapis.com/google.rpc.BadRequest")
                            .with("fieldViolations", violations)))
                .entries()));
  }
}
