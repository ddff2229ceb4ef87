package io.parley.networks;

import io.parley.edge.OutcomeSink.Composed;
import io.parley.edge.OutcomeSink.Response;
import io.parley.engine.Values;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Meta's Conversions API: one bad event fails the request, an event of a name and an id counts
/// once in 48 hours.
final class MetaStandIn extends StandIn {

  private static final Set<String> SOURCES =
      Set.of(
          "email",
          "website",
          "app",
          "phone_call",
          "chat",
          "physical_store",
          "system_generated",
          "business_messaging",
          "other");

  MetaStandIn(VirtualClock clock) {
    super(clock);
  }

  @Override
  Response answer(Composed composed) {
    if (!composed.url().equals("https://graph.facebook.com/v25.0/123/events")) {
      return error(404, 100, 33, "Unsupported post request.");
    }
    if (!"Bearer TOKEN".equals(composed.headers().get("Authorization"))) {
      return error(401, 190, 460, "Error validating access token");
    }
    Values body = body(composed);
    List<Values> events = objects(body, "data");
    if (events.isEmpty() || events.size() > 1_000 || unknown(body, "data").isPresent()) {
      return error(400, 100, 2804001, "Invalid data");
    }
    Optional<String> fault = events.stream().flatMap(it -> fault(it).stream()).findFirst();
    if (fault.isPresent()) {
      return error(400, 100, 2804003, fault.get());
    }
    events.forEach(this::count);
    return json(
        200, Values.of("events_received", events.size()).with("fbtrace_id", "A1").entries());
  }

  private Optional<String> fault(Values event) {
    if (unknown(
            event,
            "event_name",
            "event_time",
            "event_id",
            "action_source",
            "user_data",
            "custom_data")
        .isPresent()) {
      return Optional.of("unknown parameter");
    }
    Instant at = Instant.ofEpochSecond(Answer.number(event, "event_time").orElse(0L));
    if (at.isBefore(now().minus(Duration.ofDays(7))) || at.isAfter(now())) {
      return Optional.of("event_time is out of range");
    }
    if (!SOURCES.contains(event.text("action_source").orElse(""))) {
      return Optional.of("action_source is invalid");
    }
    Values custom = event.object("custom_data");
    boolean priced =
        custom.entries().get("value") instanceof Number && custom.text("currency").isPresent();
    if (event.text("event_name").orElseThrow().equals("Purchase") && !priced) {
      return Optional.of("a Purchase needs value and currency");
    }
    return userFault(event.object("user_data"));
  }

  private static Optional<String> userFault(Values user) {
    boolean hashed =
        user.entries().values().stream()
            .allMatch(
                values ->
                    values instanceof List<?> list && list.stream().allMatch(MetaStandIn::isHash));
    return user.isEmpty() || !hashed || unknown(user, "em", "ph", "external_id").isPresent()
        ? Optional.of("user_data is not hashed, or empty")
        : Optional.empty();
  }

  private void count(Values event) {
    String key =
        event.text("event_name").orElseThrow() + " " + event.text("event_id").orElseThrow();
    counted.putIfAbsent(key, event);
  }

  static Response error(int status, long code, long subcode, String message) {
    return json(
        status,
        Map.of(
            "error",
            Values.of("message", "Invalid parameter")
                .with("type", "OAuthException")
                .with("code", code)
                .with("error_subcode", subcode)
                .with("is_transient", false)
                .with("error_user_msg", message)
                .with("fbtrace_id", "A1")
                .entries()));
  }
}
