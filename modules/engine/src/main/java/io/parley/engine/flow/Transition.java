package io.parley.engine.flow;

import java.util.List;
import java.util.Optional;

/// A way out of a widget.
///
/// @param next the widget that it leads to; empty where it is not wired
/// @param conditions what must hold for it to be taken; all of them (several on one transition are
/// never
///     seen in the wild, and which reading Studio takes is not documented)
public record Transition(String event, Optional<String> next, List<Condition> conditions) {
  public Transition {
    conditions = List.copyOf(conditions);
  }
}
