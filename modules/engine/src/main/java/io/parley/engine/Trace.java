package io.parley.engine;

import java.util.List;
import java.util.Optional;

/// How an execution went through one step: what its templates could read at each transition, and at
/// the end, also where the step ended it.
///
/// @param stations the transitions, in order
/// @param last the execution after the step; as it was when it ended, if it did; empty where none
///     was alive
public record Trace(List<Station> stations, Optional<Execution> last) {

  public Trace {
    stations = List.copyOf(stations);
  }

  /// @param execution as it was when it took the transition, with the widget's outputs
  public record Station(Hop hop, Execution execution) {}
}
