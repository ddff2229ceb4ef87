package io.parley.engine;

import java.util.Locale;

/// A channel that a conversation is held on.
public enum Channel {
  SMS,
  WHATSAPP,
  /// Twilio Conversations, which reach their participants by whatever each of them uses.
  CONVERSATION;

  /// The word for the channel in payloads: `sms`, `whatsapp`, `conversation`.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
