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

  /// What becomes of a message with that error: `undelivered` where a carrier finds it (30003 to
  /// 30008, 30017, 30410, 30500), else `failed` at Twilio itself.
  static Fate of(int errorCode) {
    return switch (errorCode) {
      case 30003, 30004, 30005, 30006, 30007, 30008, 30017, 30410, 30500 ->
          new Undelivered(errorCode);
      default -> new Failed(errorCode);
    };
  }
}
