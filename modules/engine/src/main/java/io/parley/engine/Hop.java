package io.parley.engine;

/// One transition that a turn took: from a widget, by an event, to the next widget (or the end).
///
/// @param next empty text where the execution ended there
public record Hop(String widget, String event, String next) {}
