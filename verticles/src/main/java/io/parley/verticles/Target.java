package io.parley.verticles;

import io.parley.edge.HandoffTarget;
import java.time.Duration;
import java.util.function.UnaryOperator;

/// A desk elsewhere, as the desk file has it.
///
/// @param type as the file names it
/// @param failing what becomes of a handoff that it does not take
/// @param obstacle why it cannot be asked at all; empty where nothing is in the way
/// @param redaction takes its secrets out of a text
record Target(
    HandoffTarget desk,
    String type,
    Pace pace,
    Failing failing,
    String obstacle,
    UnaryOperator<String> redaction) {

  /// @param timeout of a request
  /// @param patience how long nothing may go well before it is given up
  record Pace(Duration timeout, Duration patience, double requestsPerSecond) {}

  /// What becomes of a handoff that its target does not take, or has lost.
  enum Failing {
    /// The agents of the built-in desk may take it.
    TO_DESK,
    /// It fails, and the flow goes on at its widget's failure.
    FAILS
  }

  String name() {
    return desk.name();
  }
}
