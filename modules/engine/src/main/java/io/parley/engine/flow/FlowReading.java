package io.parley.engine.flow;

import java.util.List;

/// What came of reading a flow definition: a flow, or everything that is wrong with the file at
/// once.
public sealed interface FlowReading {

  /// @param warnings what runs, but surely not as meant: a condition's argument that differs
  ///     from the widget's input, a widget name that occurs in no state
  record Valid(Flow flow, List<FlowProblem> warnings) implements FlowReading {
    public Valid {
      warnings = List.copyOf(warnings);
    }
  }

  record Invalid(List<FlowProblem> problems) implements FlowReading {
    public Invalid {
      problems = List.copyOf(problems);
    }
  }
}
