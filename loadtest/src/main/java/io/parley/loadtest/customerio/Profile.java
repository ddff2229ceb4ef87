package io.parley.loadtest.customerio;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// A person: what they are known by (`id`, `email`, `phone`; the `cio_id` is the stand-in's own)
/// and their attributes.
public record Profile(
    String cioId, Map<String, String> identifiers, JsonObject attributes, Instant updatedAt) {

  public Profile {
    identifiers = Map.copyOf(identifiers);
    attributes = attributes.copy();
  }

  /// A copy, as the record is immutable.
  @Override
  public JsonObject attributes() {
    return attributes.copy();
  }

  public Optional<String> id() {
    return Optional.ofNullable(identifiers.get("id"));
  }

  public Optional<String> email() {
    return Optional.ofNullable(identifiers.get("email"));
  }

  public Optional<String> phone() {
    return Optional.ofNullable(identifiers.get("phone"));
  }

  /// Attributes whose new value is null or empty are removed; `id`, `email` and `phone` among them
  /// also identify.
  Profile with(JsonObject changes, Instant now) {
    Map<String, String> known = new LinkedHashMap<>(identifiers);
    JsonObject merged = attributes.copy();
    changes.forEach(
        change -> {
          if (change.getValue() == null || "".equals(change.getValue())) {
            merged.remove(change.getKey());
          } else {
            merged.put(change.getKey(), change.getValue());
          }
        });
    for (String kind : Identifiers.ATTRIBUTES_THAT_IDENTIFY) {
      if (changes.getValue(kind) instanceof String value && !value.isEmpty()) {
        known.put(kind, new Identifier(kind, value).value());
      }
    }
    return new Profile(cioId, known, merged, now);
  }

  JsonObject json() {
    return new JsonObject()
        .put("cio_id", cioId)
        .put("identifiers", new JsonObject(new LinkedHashMap<>(identifiers)))
        .put("attributes", attributes.copy());
  }
}
