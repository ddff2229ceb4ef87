package io.parley.workbench.cases;

import io.parley.engine.Conversation;
import io.parley.engine.Engine;
import io.parley.engine.Event;
import io.parley.engine.Execution;
import io.parley.engine.FlowRef;
import io.parley.engine.FlowShelf;
import io.parley.engine.FlowSid;
import io.parley.engine.Hop;
import io.parley.engine.Moment;
import io.parley.engine.Step;
import io.parley.engine.flow.Flow;
import io.parley.engine.flow.FlowReader;
import io.parley.engine.flow.FlowReading;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What an execution knew at its end. The engine forgets it in the turn that ends it; here the same
/// turn is taken once more with a flow that waits where the real one ended.
final class LastSight {

  private static final String END = "parley_end_of_flow";

  private LastSight() {}

  /// Empty where the last hop was not the end of the flow itself, or the flow is of no file.
  static Optional<Execution> of(
      Conversation before, Event event, FlowSet flows, Moment moment, Hop last) {
    if (!last.next().isEmpty() || !last.subflow().isEmpty()) {
      return Optional.empty();
    }
    return waiting(flows.rootFlow(), last)
        .map(flow -> Engine.step(before, event, shelf(flows, flow), moment))
        .map(Step::next)
        .flatMap(Conversation::execution);
  }

  private static FlowShelf shelf(FlowSet flows, Flow root) {
    return new FlowShelf() {
      @Override
      public Optional<Flow> flow(FlowRef ref) {
        return ref.sid().equals(flows.root().sid()) ? Optional.of(root) : flows.flow(ref);
      }

      @Override
      public Optional<FlowRef> find(FlowSid sid, String revision) {
        return flows.find(sid, revision);
      }
    };
  }

  /// The flow with a wait behind the exit that ends it.
  private static Optional<Flow> waiting(Flow flow, Hop last) {
    List<Object> states = new ArrayList<>();
    if (flow.definition().entries().get("states") instanceof List<?> given) {
      for (Object state : given) {
        boolean ending = state instanceof Map<?, ?> map && last.widget().equals(map.get("name"));
        states.add(ending ? wired((Map<?, ?>) state, last.event()) : state);
      }
    }
    states.add(
        Map.of(
            "name",
            END,
            "type",
            "parley.wait",
            "properties",
            Map.of("duration", "P1D"),
            "transitions",
            List.of(Map.of("event", "next"))));
    Map<String, Object> definition = new LinkedHashMap<>(flow.definition().entries());
    definition.put("states", states);
    return FlowReader.read(definition) instanceof FlowReading.Valid(var waiting, var _)
        ? Optional.of(waiting)
        : Optional.empty();
  }

  private static Map<String, Object> wired(Map<?, ?> state, String event) {
    List<Object> transitions = new ArrayList<>();
    boolean known = false;
    for (Object item : state.get("transitions") instanceof List<?> given ? given : List.of()) {
      Map<String, Object> transition = copy(item);
      if (event.equals(transition.get("event"))) {
        known = true;
        if (String.valueOf(transition.getOrDefault("next", "")).isEmpty()) {
          transition.put("next", END);
        }
      }
      transitions.add(transition);
    }
    if (!known) {
      transitions.add(Map.of("event", event, "next", END));
    }
    Map<String, Object> wired = copy(state);
    wired.put("transitions", transitions);
    return wired;
  }

  private static Map<String, Object> copy(Object object) {
    Map<String, Object> copy = new LinkedHashMap<>();
    if (object instanceof Map<?, ?> map) {
      map.forEach((key, value) -> copy.put(String.valueOf(key), value));
    }
    return copy;
  }
}
