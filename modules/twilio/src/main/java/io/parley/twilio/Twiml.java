package io.parley.twilio;

/// What Twilio's webhooks are answered with: nothing, or that another application is to answer. Our
/// replies go out through the outbox, never in the answer: an answer that is lost on its way would
/// be a message that nobody knows of.
public final class Twiml {

  public static final String CONTENT_TYPE = "text/xml; charset=utf-8";

  /// Asks nothing of Twilio.
  public static final String EMPTY =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response></Response>";

  /// Lets Twilio ask another application what to do with the message.
  ///
  /// @param method `GET` or `POST`
  public static String redirect(String url, String method) {
    return EMPTY.replace(
        "</Response>",
        "<Redirect method=\"" + escape(method) + "\">" + escape(url) + "</Redirect></Response>");
  }

  /// What XML does not allow at all is left out.
  private static String escape(String text) {
    StringBuilder escaped = new StringBuilder();
    text.codePoints()
        .filter(c -> c >= ' ' && c != 0xFFFE && c != 0xFFFF && (c < 0xD800 || c > 0xDFFF))
        .forEach(
            c -> {
              switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                default -> escaped.appendCodePoint(c);
              }
            });
    return escaped.toString();
  }

  private Twiml() {}
}
