package io.parley.engine.policy;

import io.parley.engine.Address;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// A channel that a person agrees to be written to on. E-mail is not ours to send, but what a
/// person said about it is told along with the rest.
public enum ConsentChannel {
  SMS,
  WHATSAPP,
  EMAIL;

  /// The word for the channel in payloads and files: `sms`, `whatsapp`, `email`.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<ConsentChannel> parse(String word) {
    return Stream.of(values()).filter(it -> it.word().equals(word)).findFirst();
  }

  /// The channel that a message to an address would take; empty for a conversation of Twilio
  /// Conversations, which reaches each participant in another way.
  public static Optional<ConsentChannel> of(Address address) {
    return switch (address.channel()) {
      case SMS -> Optional.of(SMS);
      case WHATSAPP -> Optional.of(WHATSAPP);
      case CONVERSATION -> Optional.empty();
    };
  }
}
