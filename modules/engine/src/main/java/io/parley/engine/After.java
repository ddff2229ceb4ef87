package io.parley.engine;

/// What follows when the person who spoke is done.
public sealed interface After {

  /// The usual: the flow goes on where a widget of it has handed over, and the conversation ends
  /// where none has.
  record Usual() implements After {}

  /// The flow goes on: from the widget that handed over, else where it stood, whose wait begins
  /// anew.
  record GoesOn() implements After {}

  /// The execution is over, if one is alive.
  record Ends() implements After {}

  /// The flow goes on at a widget of its.
  record At(String widget) implements After {}

  /// Another flow begins, in place of the execution that is alive.
  ///
  /// @param parameters what it reads as `flow.data`
  record Begins(FlowRef flow, Values parameters) implements After {}

  /// As reports name it: `goes_on`.
  default String word() {
    return switch (this) {
      case Usual _ -> "usual";
      case GoesOn _ -> "goes_on";
      case Ends _ -> "ends";
      case At _ -> "at";
      case Begins _ -> "begins";
    };
  }
}
