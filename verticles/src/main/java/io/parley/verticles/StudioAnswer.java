package io.parley.verticles;

import io.vertx.core.json.JsonObject;

/// What the Studio API says to a request.
sealed interface StudioAnswer permits StudioAnswer.Shown, StudioAnswer.Gone, StudioError {

  /// A resource, or a page of them.
  record Shown(int status, JsonObject body) implements StudioAnswer {}

  /// What was to be deleted is deleted.
  record Gone() implements StudioAnswer {}

  static StudioAnswer shown(JsonObject body) {
    return new Shown(200, body);
  }

  static StudioAnswer created(JsonObject body) {
    return new Shown(201, body);
  }
}
