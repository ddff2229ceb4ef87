package io.parley.engine;

/// Where messages go to or come from, as Twilio writes it: `+15005550006`, `whatsapp:+15005550006`,
/// a short code, or a Messaging Service (`MG...`).
public record Address(String value) {

  private static final String WHATSAPP_PREFIX = "whatsapp:";

  public Address {
    if (value.isBlank()) {
      throw new IllegalArgumentException("an address is never blank");
    }
  }

  /// The channel that the address belongs to.
  public Channel channel() {
    return value.startsWith(WHATSAPP_PREFIX) ? Channel.WHATSAPP : Channel.SMS;
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
