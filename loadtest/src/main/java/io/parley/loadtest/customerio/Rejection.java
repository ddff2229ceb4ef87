package io.parley.loadtest.customerio;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/// Why an item or a request is refused, as JSON
/// `{"reason":"required","field":"name","message":"…"}`. The reasons' words are the stand-in's own.
record Rejection(String reason, String field, String message) {

  JsonObject json() {
    return new JsonObject().put("reason", reason).put("field", field).put("message", message);
  }

  JsonObject asErrors() {
    return new JsonObject().put("errors", new JsonArray().add(json()));
  }
}
