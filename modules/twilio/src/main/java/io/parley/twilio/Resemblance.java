package io.parley.twilio;

import com.twilio.rest.api.v2010.account.Message;
import io.parley.engine.Effect;
import io.parley.engine.Effect.Content;
import java.util.List;

/// Whether a message at Twilio is one that a send would have made.
///
/// A false yes loses a message and a false no sends it twice, so both sides are compared without
/// what Twilio may change on its way: Smart Encoding replaces punctuation, a trial account puts
/// words before the text, body redaction leaves nothing of it.
record Resemblance(Effect.Send send) {

  private static final String TRIAL = canonical("Sent from your Twilio trial account - ");

  boolean holds(Message message) {
    return message.getDirection() != Message.Direction.INBOUND
        && sameSender(message)
        && sameContent(message);
  }

  /// A Messaging Service sends from a number of its own choice.
  private boolean sameSender(Message message) {
    String ours = send.from().value();
    return ours.equals(message.getMessagingServiceSid())
        || (message.getFrom() != null && ours.equals(message.getFrom().toString()));
  }

  private boolean sameContent(Message message) {
    String sent = message.getBody() == null ? "" : message.getBody();
    return switch (send.content()) {
      case Content.Text(var body, _) -> sent.isEmpty() || sameText(body, sent);
      case Content.Template(_, var variables) ->
          sent.isEmpty() || holdsOneOf(sent, variables.entries().values().stream().toList());
    };
  }

  private static boolean sameText(String wanted, String sent) {
    String letters = canonical(wanted);
    if (letters.isEmpty()) {
      return wanted.strip().equals(sent.strip());
    }
    String found = canonical(sent);
    return found.equals(letters) || found.equals(TRIAL + letters);
  }

  /// A template's text is at Twilio, not here: one variable in it has to do, and where there is
  /// none the address and the time.
  private static boolean holdsOneOf(String sent, List<Object> variables) {
    List<String> texts =
        variables.stream()
            .map(v -> canonical(String.valueOf(v)))
            .filter(t -> !t.isEmpty())
            .toList();
    String found = canonical(sent);
    return texts.isEmpty() || texts.stream().anyMatch(found::contains);
  }

  /// Letters and digits alone.
  private static String canonical(String text) {
    return text.replaceAll("[^\\p{L}\\p{N}]+", "");
  }
}
