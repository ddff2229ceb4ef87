package io.parley.verticles;

import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How the desk's API refuses: `{"status":"error","reason":"not_allowed","message":"..."}`.
final class DeskAnswer {

  private static final Logger LOG = LoggerFactory.getLogger(DeskAnswer.class);

  private DeskAnswer() {}

  /// @param reason a word for programs
  /// @param message a sentence for the user
  static void refuse(RoutingContext context, int status, String reason, String message) {
    WebVerticle.answer(context, status, refusal(reason, message));
  }

  static JsonObject refusal(String reason, String message) {
    return new JsonObject().put("status", "error").put("reason", reason).put("message", message);
  }

  /// The database did not answer.
  static void unavailable(RoutingContext context, Throwable failure) {
    LOG.atError()
        .addKeyValue("path", context.normalizedPath())
        .setCause(failure)
        .log("a request of the desk could not be answered");
    refuse(context, 503, "unavailable", "the database did not answer; try again in a moment");
  }
}
