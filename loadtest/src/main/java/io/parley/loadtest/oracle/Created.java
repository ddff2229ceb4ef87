package io.parley.loadtest.oracle;

import io.parley.loadtest.twilio.ConversationMessage;
import io.parley.loadtest.twilio.SentMessage;
import io.vertx.core.json.JsonObject;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/// A message that a request created at Twilio.
///
/// @param effect that asked for it, as the request told; `none` where it told none
/// @param to the address it went to; in a room, empty
record Created(String effect, String sid, String to, String body, Instant at) {

  static final String NONE = "none";
  private static final String PARAMETER = "effect=";

  static Created of(SentMessage message) {
    String url = message.statusCallback().orElse("");
    int from = url.indexOf(PARAMETER);
    String rest = from < 0 ? NONE : url.substring(from + PARAMETER.length());
    String effect = URLDecoder.decode(rest.split("[&#]", 2)[0], StandardCharsets.UTF_8);
    return new Created(effect, message.sid(), message.to(), message.body(), message.receivedAt());
  }

  static Created of(ConversationMessage message) {
    String attributes = message.attributes().isBlank() ? "{}" : message.attributes();
    String effect = new JsonObject(attributes).getString("parley_effect", NONE);
    return new Created(effect, message.sid(), "", message.body(), message.createdAt());
  }

  String conversation() {
    return conversation(effect);
  }

  /// The conversation that an effect is of.
  static String conversation(String effect) {
    return effect.split(":", 2)[0];
  }
}
