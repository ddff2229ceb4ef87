package io.parley.engine;

import java.util.Locale;

/// A channel that a conversation is held on.
public enum Channel {
  SMS,
  WHATSAPP;

  /// The word for the channel in payloads: `sms`, `whatsapp`.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
