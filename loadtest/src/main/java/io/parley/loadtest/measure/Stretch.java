package io.parley.loadtest.measure;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// What is timed, always from the instant at which it was meant to begin: what a slow answer holds
/// up counts as slow, too.
public enum Stretch {
  TRIGGER_ACCEPTED(
      "Trigger accepted", "from the Journey's call, as it was meant to leave, to Parley's 2xx"),
  FIRST_MESSAGE(
      "First message", "from the Journey's call to the first message that Twilio is handed"),
  REPLY_ACKNOWLEDGED(
      "Reply acknowledged",
      "from Twilio's webhook of a reply to the 2xx, which says it is durable"),
  NEXT_MESSAGE("Next message", "from Twilio's webhook of a reply to the next message it is handed"),
  STOP_TO_SUPPRESSION(
      "Stop to suppression", "from the webhook of a STOP to the suppression at Customer.io"),
  HANDOFF_TO_OFFER("Handoff to offer", "from the wish for a person to its offer to an agent"),
  GENERATOR_LAG(
      "Generator lag", "how late the harness itself was; where this is large, nothing else counts");

  private final String title;
  private final String meaning;

  Stretch(String title, String meaning) {
    this.title = title;
    this.meaning = meaning;
  }

  /// Its name in profiles and files: `next_message`.
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<Stretch> of(String key) {
    return Arrays.stream(values()).filter(it -> it.key().equals(key)).findFirst();
  }

  public String title() {
    return title;
  }

  /// From where to where, in words.
  public String meaning() {
    return meaning;
  }
}
