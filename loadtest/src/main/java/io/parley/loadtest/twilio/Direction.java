package io.parley.loadtest.twilio;

/// Who caused a message.
public enum Direction {
  /// A request to the API.
  OUTBOUND_API("outbound-api"),
  /// Twilio itself, answering a keyword such as STOP.
  OUTBOUND_REPLY("outbound-reply"),
  /// The customer.
  INBOUND("inbound");

  private final String word;

  Direction(String word) {
    this.word = word;
  }

  /// The word that Twilio uses.
  public String word() {
    return word;
  }
}
