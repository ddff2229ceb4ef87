package io.parley.verticles;

import io.parley.twilio.TwilioError;

/// Why a message did not arrive or may not leave, in words for whoever answers customers: what it
/// means, and what can be done.
final class DeskWords {

  private DeskWords() {}

  /// An error of a message.
  ///
  /// @param code Twilio's, 0 where our own rules refused it
  /// @param refusal the error in one word: `not_mobile`; empty where none was told
  /// @param told what was said of it; may be blank
  static String error(int code, String refusal, String told) {
    String word = refusal.isBlank() && code > 0 ? TwilioError.of(code).refusal() : refusal;
    String plain = plain(word);
    if (!plain.isEmpty()) {
      return plain;
    }
    String meaning = code > 0 ? TwilioError.of(code).meaning() : "";
    String sentence = told.isBlank() ? meaning : told;
    return sentence.isBlank() ? "The message did not arrive." : ended(sentence);
  }

  private static String ended(String sentence) {
    String first = sentence.substring(0, 1).toUpperCase(java.util.Locale.ROOT);
    return first + sentence.substring(1) + (sentence.endsWith(".") ? "" : ".");
  }

  private static String plain(String refusal) {
    return switch (refusal) {
      case "invalid_recipient" -> "This number cannot get messages. Ask for another one.";
      case "not_mobile" -> "This is a landline, which takes no text messages.";
      case "unknown_recipient" -> "This number is not in use any more.";
      case "unreachable" -> "The phone is switched off or has no signal. It may work later.";
      case "not_on_channel" -> "This number is not on WhatsApp.";
      case "blocked" -> "The customer's phone or carrier blocks our messages.";
      case "opted_out" -> "The customer has opted out. Nothing may be sent until they write START.";
      case "opt_out_unclear" ->
          "The customer was asked whether to stop and has not answered. Wait for the answer.";
      case "known_litigator" -> "This number may not be written to, for legal reasons.";
      case "filtered" -> "The carrier took the message for spam. Say it in other words, no links.";
      case "carrier_congested", "carrier_timeout", "queue_full" ->
          "The carrier is busy. The message may arrive late, or can be sent again.";
      case "rate_limited", "too_many_requests" ->
          "Too much was sent at once. Send it again in a minute.";
      case "daily_limit" -> "Today's messages are used up. It can be sent tomorrow.";
      case "unregistered_sender" ->
          "Our number is not registered for this. An administrator must look at it.";
      case "wrong_sender", "not_authorised", "account_suspended", "invalid_callback", "not_found" ->
          "Our messaging account refused it. An administrator must look at it.";
      case "region_blocked" -> "Our account may not write to this country.";
      case "too_long" -> "The text is too long: at most 1,600 characters go at once.";
      case "empty_message" -> "There was nothing to send.";
      case "invalid_media" -> "The picture or file could not be fetched, or is too large.";
      case "media_not_supported" -> "This phone takes no pictures. Send text or a link.";
      case "invalid_template" ->
          "WhatsApp refused the template. Choose another one; an administrator must look at it.";
      case "marketing_template" -> "Marketing templates may not be sent to this country.";
      case "outside_window" ->
          "More than 24 hours have passed since the customer wrote. Only a template may be sent.";
      case "quiet_hours" -> "It is quiet hours where the customer is.";
      case "quiet_hours_never" -> "No hour is open for messages where the customer is.";
      case "offer_not_granted" ->
          "It names a discount or a code that this customer was not granted.";
      case "offer_expired" -> "The offer that it names is over.";
      case "too_late" -> "It could not leave in time and was dropped.";
      case "server_error", "channel_error" ->
          "The messaging service failed for a moment. Send it again.";
      case "unknown_error" -> "The carrier did not deliver it and gave no reason.";
      case "expired" -> "It could not be delivered in the time that it had.";
      default -> "";
    };
  }
}
