package io.parley.engine;

import java.util.regex.Pattern;

/// Where messages go to or come from, as Twilio writes it: `+15005550006`, `whatsapp:+15005550006`,
/// a short code, a Messaging Service (`MG...`), or in Twilio Conversations a conversation (`CH...`)
/// and the service that holds it (`IS...`).
public record Address(String value) {

  private static final String WHATSAPP_PREFIX = "whatsapp:";
  private static final Pattern CONVERSATION = Pattern.compile("(CH|IS)[0-9a-fA-F]{32}");

  public Address {
    if (value.isBlank()) {
      throw new IllegalArgumentException("an address is never blank");
    }
  }

  /// The channel that the address belongs to.
  public Channel channel() {
    if (CONVERSATION.matcher(value).matches()) {
      return Channel.CONVERSATION;
    }
    return value.startsWith(WHATSAPP_PREFIX) ? Channel.WHATSAPP : Channel.SMS;
  }

  /// Whether it is a conversation of Twilio Conversations, and no address of one end.
  public boolean isConversation() {
    return channel() == Channel.CONVERSATION && value.startsWith("CH");
  }

  /// Whether both are one telephone number, on whichever channels.
  public boolean isSameNumber(Address other) {
    return isPersons() && other.isPersons() && number().equals(other.number());
  }

  /// Without the channel: `+14155550100`.
  public String number() {
    return value.startsWith(WHATSAPP_PREFIX) ? value.substring(WHATSAPP_PREFIX.length()) : value;
  }

  /// Whether it reads as an address of a person's, and not as a name.
  public boolean isPersons() {
    return value.startsWith("+") || value.startsWith(WHATSAPP_PREFIX);
  }

  /// The address as it may stand in a log line: its kind and its last two characters.
  public String masked() {
    return channel().word() + ":…" + value.substring(Math.max(0, value.length() - 2));
  }

  @Override
  public String toString() {
    return value;
  }
}
