package io.parley.loadtest.twilio;

import java.time.Instant;
import java.util.Optional;

/// A message of a conversation as the stand-in keeps it.
///
/// @param index its place in the conversation, from 0
/// @param participantSid who wrote it; empty for an API call under a name that is no participant's
/// @param attributes a JSON object as text
/// @param source what brought it: `API`, `SMS`, `WHATSAPP` or `SDK`
public record ConversationMessage(
    String sid,
    String conversationSid,
    int index,
    String author,
    Optional<String> participantSid,
    String body,
    String attributes,
    Optional<String> contentSid,
    String source,
    Instant createdAt) {

  /// Whether a request to the API created it.
  public boolean viaApi() {
    return source.equals("API");
  }
}
