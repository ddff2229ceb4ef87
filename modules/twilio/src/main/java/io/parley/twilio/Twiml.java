package io.parley.twilio;

/// What Twilio's webhooks are answered with. Replies go out through the outbox, never in the
/// answer: an answer that is lost on its way would be a message that nobody knows of.
public final class Twiml {

  public static final String CONTENT_TYPE = "text/xml; charset=utf-8";

  /// Asks nothing of Twilio.
  public static final String EMPTY =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response></Response>";

  private Twiml() {}
}
