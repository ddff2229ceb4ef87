package io.parley.networks;

import io.parley.edge.OutcomeSink.Composed;
import io.parley.edge.OutcomeSink.Response;
import io.parley.engine.Values;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The Google Ads API's upload of click conversions: takes what is right, names what is not, and
/// takes an order's id once for each conversion action.
final class GoogleAdsStandIn extends StandIn {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ssxxx");

  GoogleAdsStandIn(VirtualClock clock) {
    super(clock);
  }

  @Override
  Response answer(Composed composed) {
    if (!composed
        .url()
        .equals(
            "https://googleads.googleapis.com/v26/customers/1234567890:uploadClickConversions")) {
      return new Response(404, Map.of(), "<html>The requested URL was not found");
    }
    if (!"Bearer ACCESS".equals(composed.headers().get("Authorization"))) {
      return error(401, "UNAUTHENTICATED", "Request had invalid authentication credentials.");
    }
    if (!"DEVELOPER".equals(composed.headers().get("developer-token"))) {
      return error(403, "PERMISSION_DENIED", "The developer token is not valid.");
    }
    Values body = body(composed);
    List<Values> conversions = objects(body, "conversions");
    if (!body.flag("partialFailure") || conversions.size() > 2_000) {
      return error(400, "INVALID_ARGUMENT", "Request contains an invalid argument.");
    }
    Set<String> doubled = doubled(conversions);
    List<Object> faults = new ArrayList<>();
    for (int i = 0; i < conversions.size(); i++) {
      Optional<String> fault = fault(conversions.get(i), doubled);
      int place = i;
      fault.ifPresent(code -> faults.add(fault(place, code)));
      if (fault.isEmpty()) {
        counted.put(key(conversions.get(i)), conversions.get(i));
      }
    }
    return partly(faults);
  }

  private static Set<String> doubled(List<Values> conversions) {
    Set<String> seen = new HashSet<>();
    return conversions.stream()
        .map(GoogleAdsStandIn::key)
        .filter(key -> !seen.add(key))
        .collect(Collectors.toSet());
  }

  private static String key(Values conversion) {
    return conversion.text("conversionAction").orElse("")
        + " "
        + conversion.text("orderId").orElse("");
  }

  private Optional<String> fault(Values conversion, Set<String> doubled) {
    List<Values> people = objects(conversion, "userIdentifiers");
    boolean named =
        !people.isEmpty()
            && people.size() <= 5
            && people.stream()
                .allMatch(
                    it ->
                        isHash(
                            it.text("hashedEmail")
                                .or(() -> it.text("hashedPhoneNumber"))
                                .orElse("")));
    if (!named) {
      return Optional.of("INVALID_USER_IDENTIFIER");
    }
    if (!conversion
        .text("conversionAction")
        .orElse("")
        .equals("customers/1234567890/conversionActions/77")) {
      return Optional.of("NO_CONVERSION_ACTION_FOUND");
    }
    var at =
        OffsetDateTime.parse(conversion.text("conversionDateTime").orElse(""), TIME).toInstant();
    if (at.isBefore(now().minus(Duration.ofDays(90)))) {
      return Optional.of("EXPIRED_EVENT");
    }
    if (doubled.contains(key(conversion))) {
      return Optional.of("DUPLICATE_ORDER_ID");
    }
    return counted.containsKey(key(conversion))
        ? Optional.of("ORDER_ID_ALREADY_IN_USE")
        : Optional.empty();
  }

  static Object fault(int place, String code) {
    return Values.of("errorCode", Values.of("conversionUploadError", code))
        .with("message", "It is " + code + ".")
        .with(
            "location",
            Values.of(
                "fieldPathElements",
                List.of(Values.of("fieldName", "conversions").with("index", place))))
        .entries();
  }

  /// About the request and no conversion of it.
  static Object fault(String kind, String code) {
    return Values.of("errorCode", Values.of(kind, code))
        .with("message", "It is " + code + ".")
        .entries();
  }

  static Response partly(List<Object> faults) {
    Values answer = Values.of("results", List.of()).with("jobId", "1");
    return json(
        200,
        faults.isEmpty()
            ? answer.entries()
            : answer.with("partialFailureError", status(3, "Multiple errors", faults)).entries());
  }

  static Response badRequest(List<Object> faults) {
    return json(
        400,
        Map.of("error", status(400, "Request contains an invalid argument.", faults).entries()));
  }

  private static Values status(long code, String message, List<Object> faults) {
    return Values.of("code", code)
        .with("message", message)
        .with(
            "details",
            List.of(
                Values.of(
                        "@type",
                        "type.googleapis.com/google.ads.googleads.v26.errors.GoogleAdsFailure")
                    .with("errors", faults)));
  }

  static Response error(int status, String name, String message) {
    return json(
        status,
        Map.of(
            "error",
            Values.of("code", status).with("message", message).with("status", name).entries()));
  }
}
