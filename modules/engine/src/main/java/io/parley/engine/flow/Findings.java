package io.parley.engine.flow;

import java.util.ArrayList;
import java.util.List;

/// What reading a definition brings to light, in the order of the file. Confined to one reading.
///
/// @param problems what keeps the flow from running
/// @param warnings what its author should look at
record Findings(List<FlowProblem> problems, List<FlowProblem> warnings) {

  Findings() {
    this(new ArrayList<>(), new ArrayList<>());
  }
}
