package io.parley.loadtest.twilio;

import java.util.Locale;

/// Where a message stands at Twilio.
public enum DeliveryStatus {
  QUEUED,
  SENDING,
  SENT,
  DELIVERED,
  UNDELIVERED,
  FAILED,
  READ,
  CANCELED,
  RECEIVED;

  /// The word that Twilio uses, such as `delivered`.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
