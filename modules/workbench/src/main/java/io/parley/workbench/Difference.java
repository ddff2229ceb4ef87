package io.parley.workbench;

/// One way in which two flow files differ.
///
/// @param widget the name that it has in the later file, if it is there; empty where the flow
///     itself differs
/// @param sentence what was and what is
public record Difference(String widget, String sentence) {

  /// `ask: body was "Hi", is "Hello"`.
  @Override
  public String toString() {
    return widget.isEmpty() ? sentence : widget + ": " + sentence;
  }
}
