package io.parley.engine;

import java.time.Instant;

/// One run of a flow: what its templates can read, and where it stands.
///
/// @param trigger the namespace `trigger`
/// @param data the namespace `flow.data`
/// @param variables the namespace `flow.variables`
/// @param widgets the namespace `widgets`: outputs by widget name
/// @param steps widgets entered so far
/// @param streak how many times in a row the widget it stands at was entered
/// @param expiry the timer that ends it after 30 days
public record Execution(
    ExecutionId id,
    FlowRef flow,
    Instant startedAt,
    Values trigger,
    Values data,
    Values variables,
    Values widgets,
    Position position,
    int steps,
    int streak,
    EffectId expiry) {

  /// Where an execution stands between turns.
  public record Position(String widget, Awaiting awaiting) {}
}
