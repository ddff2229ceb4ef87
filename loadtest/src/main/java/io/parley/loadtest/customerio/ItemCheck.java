package io.parley.loadtest.customerio;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The documented limits of an item of the Track API v2. The first thing wrong is what is reported.
final class ItemCheck {

  private static final int MAX_EVENT_NAME_BYTES = 100;
  private static final int MAX_ATTRIBUTES = 300;
  private static final int MAX_ATTRIBUTE_NAME_BYTES = 150;
  private static final int MAX_ATTRIBUTE_VALUE_BYTES = 1_000;

  /// Unix seconds beyond this are taken for milliseconds.
  private static final long LAST_TIMESTAMP = 100_000_000_000L;

  private static final Set<String> TYPES = Set.of("person", "object", "delivery");
  private static final Set<String> PERSON_ACTIONS =
      Set.of(
          "identify",
          "delete",
          "event",
          "screen",
          "page",
          "add_relationships",
          "delete_relationships",
          "add_device",
          "delete_device",
          "merge",
          "suppress",
          "unsuppress");

  private ItemCheck() {}

  static Optional<Rejection> check(Object item) {
    if (!(item instanceof JsonObject json)) {
      return Optional.of(new Rejection("invalid", "", "an item is an object"));
    }
    if (!(json.getValue("type") instanceof String type) || !TYPES.contains(type)) {
      return Optional.of(new Rejection("invalid", "type", "type is person, object or delivery"));
    }
    if (!(json.getValue("action") instanceof String action)) {
      return Optional.of(new Rejection("required", "action", "action is required"));
    }
    return type.equals("person") ? checkPerson(json, action) : Optional.empty();
  }

  /// The attributes of an item that was checked; none where they are missing or null.
  static JsonObject attributes(JsonObject item) {
    return item.getValue("attributes") instanceof JsonObject json ? json : new JsonObject();
  }

  private static Optional<Rejection> checkPerson(JsonObject item, String action) {
    if (!PERSON_ACTIONS.contains(action)) {
      return Optional.of(new Rejection("invalid", "action", "unknown action " + action));
    }
    Optional<Rejection> person =
        action.equals("merge")
            ? Identifiers.check(item.getValue("primary"), "primary", action)
                .or(() -> Identifiers.check(item.getValue("secondary"), "secondary", action))
            : Identifiers.check(item.getValue("identifiers"), "identifiers", action);
    return person
        .or(() -> checkTimestamp(item))
        .or(() -> checkAttributesAreObject(item))
        .or(
            () ->
                switch (action) {
                  case "event", "screen", "page" -> checkName(item);
                  case "identify" -> checkAttributes(item);
                  default -> Optional.empty();
                });
  }

  private static Optional<Rejection> checkName(JsonObject item) {
    if (!(item.getValue("name") instanceof String name) || name.isBlank()) {
      return Optional.of(new Rejection("required", "name", "an event has a name"));
    }
    return bytes(name.strip()) > MAX_EVENT_NAME_BYTES
        ? Optional.of(new Rejection("too_long", "name", "longer than 100 bytes"))
        : Optional.empty();
  }

  private static Optional<Rejection> checkTimestamp(JsonObject item) {
    Object timestamp = item.getValue("timestamp");
    if (timestamp == null) {
      return Optional.empty();
    }
    boolean seconds =
        (timestamp instanceof Integer || timestamp instanceof Long)
            && ((Number) timestamp).longValue() >= 0
            && ((Number) timestamp).longValue() < LAST_TIMESTAMP;
    return seconds
        ? Optional.empty()
        : Optional.of(new Rejection("invalid", "timestamp", "not whole unix seconds"));
  }

  private static Optional<Rejection> checkAttributesAreObject(JsonObject item) {
    Object attributes = item.getValue("attributes");
    return attributes == null || attributes instanceof JsonObject
        ? Optional.empty()
        : Optional.of(new Rejection("invalid", "attributes", "attributes is an object"));
  }

  private static Optional<Rejection> checkAttributes(JsonObject item) {
    JsonObject attributes = attributes(item);
    if (attributes.size() > MAX_ATTRIBUTES) {
      return Optional.of(new Rejection("too_many", "attributes", "more than 300 attributes"));
    }
    for (Map.Entry<String, Object> attribute : attributes) {
      String field = "attributes." + attribute.getKey();
      if (bytes(attribute.getKey()) > MAX_ATTRIBUTE_NAME_BYTES) {
        return Optional.of(new Rejection("too_long", field, "name longer than 150 bytes"));
      }
      if (valueBytes(attribute.getValue()) > MAX_ATTRIBUTE_VALUE_BYTES) {
        return Optional.of(new Rejection("too_long", field, "value longer than 1000 bytes"));
      }
    }
    return Optional.empty();
  }

  private static int valueBytes(Object value) {
    return switch (value) {
      case null -> 0;
      case JsonObject json -> bytes(json.encode());
      case JsonArray json -> bytes(json.encode());
      default -> bytes(value.toString());
    };
  }

  private static int bytes(String text) {
    return text.getBytes(UTF_8).length;
  }
}
