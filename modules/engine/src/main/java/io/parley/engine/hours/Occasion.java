package io.parley.engine.hours;

/// Why a message is sent.
public enum Occasion {
  /// A trigger began a flow.
  BUSINESS_STARTED,
  /// A timer ran out: a wait was over, or nobody replied.
  TIMER,
  /// The contact said or asked something in this very turn.
  ANSWER
}
