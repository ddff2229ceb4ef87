package io.parley.loadtest.twilio;

import java.util.Locale;
import java.util.Optional;

/// A keyword that Twilio handles by default, when it is the whole body, in any case
/// (twilio.com/docs/messaging/tutorials/advanced-opt-out).
enum Keyword {
  STOP(
      "You have successfully been unsubscribed. You will not receive any more messages from this"
          + " number. Reply START to resubscribe."),
  START(
      "You have successfully been re-subscribed to messages from this number. Reply HELP for help."
          + " Reply STOP to unsubscribe. Msg&Data Rates May Apply."),
  HELP("Reply STOP to unsubscribe. Msg&Data Rates May Apply.");

  private final String reply;

  Keyword(String reply) {
    this.reply = reply;
  }

  static Optional<Keyword> in(String body) {
    return switch (body.strip().toUpperCase(Locale.ROOT)) {
      case "STOP", "UNSUBSCRIBE", "END", "QUIT", "STOPALL", "REVOKE", "OPTOUT", "CANCEL" ->
          Optional.of(STOP);
      case "START", "UNSTOP", "YES" -> Optional.of(START);
      case "HELP", "INFO" -> Optional.of(HELP);
      default -> Optional.empty();
    };
  }

  String reply() {
    return reply;
  }
}
