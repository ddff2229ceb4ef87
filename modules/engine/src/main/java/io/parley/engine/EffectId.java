package io.parley.engine;

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

  @Override
  public String toString() {
    return conversation + ":" + turn + ":" + index;
  }
}
