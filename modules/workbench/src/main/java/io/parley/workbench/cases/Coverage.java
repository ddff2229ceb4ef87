package io.parley.workbench.cases;

import io.parley.engine.Hop;
import io.parley.engine.flow.Flow;
import io.parley.engine.flow.Transition;
import io.parley.engine.flow.Widget;
import io.parley.workbench.Walked.TakenExit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// How often the exits of flows were taken by cases. An exit is a transition of the file; one of
/// the trigger that leads nowhere begins nothing, and is none.
public final class Coverage {

  private record Exit(String flow, String widget, String event, String next) {}

  private final Map<Exit, Long> counts = new LinkedHashMap<>();

  /// @param flows by the names that they are known by
  public Coverage(Map<String, Flow> flows) {
    flows.forEach(
        (name, flow) -> {
          for (Widget widget : flow.widgets().values()) {
            for (Transition transition : widget.transitions()) {
              boolean nothing =
                  widget.name().equals(flow.initialState()) && transition.next().isEmpty();
              if (!nothing) {
                String next = transition.next().orElse("");
                counts.put(new Exit(name, widget.name(), transition.event(), next), 0L);
              }
            }
          }
        });
  }

  /// Adds what a case took.
  public void count(CaseResult result) {
    for (Hop hop : result.heard().path()) {
      String flow = hop.subflow().isEmpty() ? result.flow() : hop.subflow();
      counts.computeIfPresent(
          new Exit(flow, hop.widget(), hop.event(), hop.next()), (_, count) -> count + 1);
    }
  }

  /// The exits of a flow in its file's order.
  public List<TakenExit> exits(String flow) {
    List<TakenExit> exits = new ArrayList<>();
    counts.forEach(
        (exit, count) -> {
          if (exit.flow().equals(flow)) {
            exits.add(new TakenExit(exit.widget(), exit.event(), exit.next(), count));
          }
        });
    return exits;
  }

  /// How many in a hundred exits of all flows were taken; 100 where there is none.
  public double percent() {
    long taken = counts.values().stream().filter(count -> count > 0).count();
    return counts.isEmpty() ? 100 : 100.0 * taken / counts.size();
  }
}
