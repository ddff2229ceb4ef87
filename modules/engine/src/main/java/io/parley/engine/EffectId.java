package io.parley.engine;

import org.jspecify.annotations.Nullable;

/// Names an effect: `conversation:turn:index`. It is the outbox key, travels in the status callback
/// URL, and outcome ids derive from it.
public record EffectId(ConversationId conversation, int turn, int index) {

  /// Reads `conversation:turn:index`; throws [IllegalArgumentException] on anything else.
  public static EffectId parse(String text) {
    String[] parts = text.split(":", -1);
    if (parts.length != 3) {
      throw new IllegalArgumentException("not an effect id (conversation:turn:index): " + text);
    }
    return new EffectId(
        ConversationId.parse(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
  }

  /// Most are compared with others of their own conversation: what tells them apart comes first.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof EffectId(var its, int itsTurn, int itsIndex)
        && turn == itsTurn
        && index == itsIndex
        && conversation.equals(its);
  }

  @Override
  public int hashCode() {
    return (conversation.hashCode() * 31 + turn) * 31 + index;
  }

  @Override
  public String toString() {
    return conversation + ":" + turn + ":" + index;
  }
}
