package io.parley.engine;

/// Names one run of a flow: a Studio execution sid, `FN` and 32 hexadecimal digits.
public record ExecutionId(String value) {

  /// The id of the execution that a turn starts.
  public static ExecutionId of(ConversationId conversation, int turn) {
    return new ExecutionId(Digest.sid("FN", conversation + ":" + turn));
  }

  @Override
  public String toString() {
    return value;
  }
}
