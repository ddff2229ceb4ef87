package io.parley.engine;

/// Names a flow: a Studio flow sid, `FW` and 32 hexadecimal digits.
public record FlowSid(String value) {

  /// The sid of a flow that is known by a name (a file in the flows folder).
  public static FlowSid named(String name) {
    return new FlowSid(Digest.sid("FW", name));
  }

  @Override
  public String toString() {
    return value;
  }
}
