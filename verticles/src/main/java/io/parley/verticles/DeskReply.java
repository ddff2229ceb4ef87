package io.parley.verticles;

import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.Optional;

/// What somebody at the desk is answered.
record DeskReply(int status, JsonObject body) {

  static DeskReply done(JsonObject body) {
    return new DeskReply(200, body);
  }

  static DeskReply refused(int status, String reason, String message) {
    return new DeskReply(status, DeskAnswer.refusal(reason, message));
  }

  static DeskReply refused(String reason, String message, Optional<Instant> until) {
    DeskReply refused = refused(409, reason, message);
    until.ifPresent(it -> refused.body().put("until", it.toString()));
    return refused;
  }

  boolean isDone() {
    return status < 300;
  }

  void give(RoutingContext context) {
    WebVerticle.answer(context, status, body);
  }
}
