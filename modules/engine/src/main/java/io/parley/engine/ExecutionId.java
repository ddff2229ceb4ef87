package io.parley.engine;

/// Names one run of a flow: a Studio execution sid, `FN` and 32 hexadecimal digits.
public record ExecutionId(String value) {

  /// The id of the execution that a turn starts.
  public static ExecutionId of(ConversationId conversation, int turn) {
    return new ExecutionId(Digest.sid("FN", conversation + ":" + turn));
  }

  /// The sid of one of its steps: `FT` and 32 hexadecimal digits.
  ///
  /// @param number counts from 0, the step that leaves the trigger
  public String step(int number) {
    return Digest.sid("FT", value + ":" + number);
  }

  @Override
  public String toString() {
    return value;
  }
}
