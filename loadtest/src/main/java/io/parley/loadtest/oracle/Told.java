package io.parley.loadtest.oracle;

import io.parley.loadtest.customerio.ReceivedEvent;
import io.vertx.core.json.JsonObject;
import java.time.Instant;

/// An event that Customer.io has, as far as it is judged: the body of an event is large, and there
/// are many.
///
/// @param until of a suppression window; empty text for none
record Told(String id, String name, String conversation, String until, Instant at) {

  static Told of(ReceivedEvent event) {
    JsonObject attributes = event.attributes();
    return new Told(
        event.id().orElse("none"),
        event.name(),
        String.valueOf(attributes.getValue("conversation_id", "")),
        String.valueOf(attributes.getValue("until", "")),
        event.receivedAt());
  }
}
