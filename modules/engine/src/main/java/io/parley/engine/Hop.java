package io.parley.engine;

/// One transition that a turn took: from a widget, by an event, to the next widget (or the end).
///
/// @param next empty text where the flow ended there
/// @param subflow the name of the subflow that the widget is of; empty text in the flow itself
public record Hop(String widget, String event, String next, String subflow) {

  /// In the flow itself.
  public Hop(String widget, String event, String next) {
    this(widget, event, next, "");
  }
}
