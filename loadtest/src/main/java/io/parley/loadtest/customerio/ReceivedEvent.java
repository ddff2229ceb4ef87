package io.parley.loadtest.customerio;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/// An event as it was received; `id` is what it is deduplicated by, `timestamp` unix seconds, where
/// they were given.
public record ReceivedEvent(
    Optional<String> id,
    Identifier person,
    String name,
    JsonObject attributes,
    OptionalLong timestamp,
    Instant receivedAt) {

  public ReceivedEvent {
    attributes = attributes.copy();
  }

  /// A copy, as the record is immutable.
  @Override
  public JsonObject attributes() {
    return attributes.copy();
  }

  JsonObject json() {
    return new JsonObject()
        .put("id", id.orElse(null))
        .put("person", person.toString())
        .put("name", name)
        .put("attributes", attributes.copy())
        .put("timestamp", timestamp.isPresent() ? timestamp.getAsLong() : null)
        .put("received_at", receivedAt.toString());
  }
}
