package io.parley.loadtest.twilio;

import java.util.LinkedHashMap;
import java.util.Map;

/// A message of a customer, with the webhook parameters that it has beside those which Twilio
/// always sends. A parameter given here replaces the one of the same name, `MessageSid` included.
public record Inbound(String from, String to, String body, Map<String, String> extra) {

  public Inbound {
    extra = Map.copyOf(extra);
  }

  public static Inbound sms(String from, String to, String body) {
    return new Inbound(from, to, body, Map.of());
  }

  /// A WhatsApp message; the numbers may lack their `whatsapp:`.
  public static Inbound whatsApp(String from, String to, String body, String profileName) {
    return new Inbound(
        Addresses.whatsApp(from),
        Addresses.whatsApp(to),
        body,
        Map.of("ProfileName", profileName, "MessageType", "text"));
  }

  public Inbound with(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(extra);
    more.put(name, value);
    return new Inbound(from, to, body, more);
  }

  /// The tap on a quick-reply button; Twilio gives the button's text as the body, too.
  public Inbound button(String text, String payload) {
    return new Inbound(from, to, text, extra)
        .with("MessageType", "button")
        .with("ButtonText", text)
        .with("ButtonPayload", payload);
  }

  /// Attaches one more file.
  public Inbound media(String url, String contentType) {
    int count = Integer.parseInt(extra.getOrDefault("NumMedia", "0"));
    return with("NumMedia", Integer.toString(count + 1))
        .with("MediaUrl" + count, url)
        .with("MediaContentType" + count, contentType);
  }
}
