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

  Execution at(Position next) {
    return copy(variables, widgets, next, steps, streak);
  }

  Execution counting(int nextSteps, int nextStreak) {
    return copy(variables, widgets, position, nextSteps, nextStreak);
  }

  Execution withVariables(Values next) {
    return copy(next, widgets, position, steps, streak);
  }

  Execution withWidgets(Values next) {
    return copy(variables, next, position, steps, streak);
  }

  private Execution copy(
      Values nextVariables, Values nextWidgets, Position next, int nextSteps, int nextStreak) {
    return new Execution(
        id,
        flow,
        startedAt,
        trigger,
        data,
        nextVariables,
        nextWidgets,
        next,
        nextSteps,
        nextStreak,
        expiry);
  }
}
