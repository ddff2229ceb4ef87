package io.parley.loadtest.twilio;

/// What becomes of a message after its sender's turn came.
public sealed interface Fate {

  /// `sent`, then `delivered`.
  record Delivered() implements Fate {}

  /// `sent`, `delivered`, then `read`: WhatsApp only.
  record Read() implements Fate {}

  /// `sent`, then `undelivered` with the carrier's error code, such as 30003.
  record Undelivered(int errorCode) implements Fate {}

  /// `failed` with Twilio's error code, such as 30034, without ever being sent.
  record Failed(int errorCode) implements Fate {}

  /// `sent` for ever, as it looks when a WhatsApp user has blocked the sender.
  record NeverReported() implements Fate {}
}
