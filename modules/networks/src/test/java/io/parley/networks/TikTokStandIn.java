package io.parley.networks;

import io.parley.edge.OutcomeSink.Composed;
import io.parley.edge.OutcomeSink.Response;
import io.parley.engine.Values;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// TikTok's Events API: errors have status 200 and a code, one bad event fails the request, an
/// event of a name and an id counts once in 48 hours.
final class TikTokStandIn extends StandIn {

  TikTokStandIn(VirtualClock clock) {
    super(clock);
  }

  @Override
  Response answer(Composed composed) {
    if (!composed.url().equals("https://business-api.tiktok.com/open_api/v1.3/event/track/")) {
      return new Response(404, Map.of(), "404 page not found");
    }
    if (!"TOKEN".equals(composed.headers().get("Access-Token"))) {
      return code(40105, "Access token is incorrect or has been revoked.");
    }
    Values body = body(composed);
    List<Values> events = objects(body, "data");
    if (events.isEmpty()
        || events.size() > 1_000
        || !List.of("web", "app", "offline", "crm").contains(body.text("event_source").orElse(""))
        || !body.text("event_source_id").orElse("").equals("7041")) {
      return code(40002, "event_source, event_source_id or data is wrong");
    }
    Optional<String> fault = events.stream().flatMap(it -> fault(it).stream()).findFirst();
    if (fault.isPresent()) {
      return code(40002, fault.get());
    }
    events.forEach(
        event ->
            counted.putIfAbsent(
                event.text("event").orElseThrow() + " " + event.text("event_id").orElseThrow(),
                event));
    return code(0, "OK");
  }

  private static Optional<String> fault(Values event) {
    Values user = event.object("user");
    if (unknown(event, "event", "event_time", "event_id", "user", "properties").isPresent()
        || unknown(event.object("properties"), "value", "currency", "order_id").isPresent()) {
      return Optional.of("unknown field");
    }
    if (Answer.number(event, "event_time").isEmpty()) {
      return Optional.of("event_time is missing");
    }
    return user.isEmpty()
            || unknown(user, "email", "phone", "external_id").isPresent()
            || !user.entries().values().stream().allMatch(StandIn::isHash)
        ? Optional.of("user is not hashed, or empty")
        : Optional.empty();
  }

  static Response code(long code, String message) {
    return json(
        200,
        Values.of("code", code)
            .with("message", message)
            .with("request_id", "2026")
            .with("data", Values.EMPTY)
            .entries());
  }
}
