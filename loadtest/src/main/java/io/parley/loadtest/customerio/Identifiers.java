package io.parley.loadtest.customerio;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// The `identifiers` of an item: exactly one of `id`, `email`, `phone` and `cio_id`; for events
/// also `anonymous_id`.
final class Identifiers {

  static final List<String> ATTRIBUTES_THAT_IDENTIFY = List.of("id", "email", "phone");

  private static final int MAX_BYTES = 150;
  private static final List<String> KINDS =
      List.of("id", "email", "phone", "cio_id", "anonymous_id");
  private static final Pattern E164 = Pattern.compile("\\+[1-9]\\d{1,14}");

  private Identifiers() {}

  static Optional<Rejection> check(Object identifiers, String field, String action) {
    if (!(identifiers instanceof JsonObject json)) {
      return Optional.of(new Rejection("required", field, field + " must be an object"));
    }
    if (json.size() != 1) {
      return Optional.of(
          new Rejection("invalid", field, "exactly one identifier is needed, not " + json.size()));
    }
    String kind = json.fieldNames().iterator().next();
    if (!KINDS.contains(kind) || (kind.equals("anonymous_id") && !action.equals("event"))) {
      return Optional.of(new Rejection("invalid", field, "unknown identifier " + kind));
    }
    String at = field + "." + kind;
    if (!(json.getValue(kind) instanceof String || json.getValue(kind) instanceof Number)) {
      return Optional.of(new Rejection("invalid", at, "an identifier is a text"));
    }
    return checkValue(kind, json.getValue(kind).toString(), at);
  }

  /// The identifier of an item that was checked.
  static Identifier of(JsonObject item) {
    JsonObject json = item.getJsonObject("identifiers");
    String kind = json.fieldNames().iterator().next();
    return new Identifier(kind, json.getValue(kind).toString());
  }

  private static Optional<Rejection> checkValue(String kind, String value, String at) {
    if (value.isBlank()) {
      return Optional.of(new Rejection("required", at, "an identifier is never blank"));
    }
    if (value.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
      return Optional.of(new Rejection("too_long", at, "longer than 150 bytes"));
    }
    if (kind.equals("phone") && !E164.matcher(value).matches()) {
      return Optional.of(new Rejection("invalid", at, "not in E.164 form"));
    }
    return kind.equals("email") && !value.contains("@")
        ? Optional.of(new Rejection("invalid", at, "not an e-mail address"))
        : Optional.empty();
  }
}
