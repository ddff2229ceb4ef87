package io.parley.engine;

import java.util.UUID;

/// Names a conversation; derived from its thread, so that two nodes agree on it without asking.
public record ConversationId(UUID value) {

  /// The id of the conversation that is held in a thread.
  public static ConversationId of(ThreadId thread) {
    byte[] digest = Digest.sha256(thread.ours().value() + "|" + thread.theirs().value());
    return new ConversationId(Digest.uuid(digest));
  }

  public static ConversationId parse(String text) {
    return new ConversationId(UUID.fromString(text));
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
