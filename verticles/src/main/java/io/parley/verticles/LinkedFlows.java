package io.parley.verticles;

import io.parley.engine.FlowRef;
import io.parley.engine.FlowShelf;
import io.parley.engine.flow.Flow;
import io.parley.engine.flow.RunSubflow;
import io.parley.engine.flow.Widget;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A flow with the subflows that its run-subflow widgets link, as far as they can be had.
///
/// @param shelf where subflows are found
record LinkedFlows(Flow flow, FlowShelf shelf) {

  /// Source: error 81025.
  static final int MOST_WIDGETS = 2_000;

  /// How many widgets there are, a subflow's as often as it is linked. A circle of subflows has
  /// more than any limit: counting stops beyond it.
  int widgets() {
    return count(flow, 0);
  }

  private int count(Flow of, int before) {
    int count = before + of.widgets().size();
    for (FlowRef link : links(of)) {
      if (count > MOST_WIDGETS) {
        return count;
      }
      Optional<Flow> subflow = shelf.flow(link);
      if (subflow.isPresent()) {
        count = count(subflow.get(), count);
      }
    }
    return count;
  }

  /// The types of all widgets, by the name of the subflow (empty text for the flow itself) and the
  /// widget's.
  Map<String, Map<String, String>> types() {
    Map<String, Map<String, String>> types = new LinkedHashMap<>();
    types.put("", types(flow));
    addTypes(flow, types, new HashSet<>());
    return types;
  }

  private void addTypes(Flow of, Map<String, Map<String, String>> types, Set<FlowRef> seen) {
    for (FlowRef link : links(of)) {
      Optional<Flow> subflow = shelf.flow(link);
      if (subflow.isPresent() && seen.add(link)) {
        types.put(link.name(), types(subflow.get()));
        addTypes(subflow.get(), types, seen);
      }
    }
  }

  private static Map<String, String> types(Flow of) {
    Map<String, String> types = new LinkedHashMap<>();
    if (of.definition().entries().get("states") instanceof List<?> states) {
      for (Object item : states) {
        if (item instanceof Map<?, ?> state) {
          types.put(String.valueOf(state.get("name")), String.valueOf(state.get("type")));
        }
      }
    }
    return types;
  }

  private List<FlowRef> links(Flow of) {
    List<FlowRef> links = new ArrayList<>();
    for (Widget widget : of.widgets().values()) {
      if (widget instanceof RunSubflow subflow) {
        shelf.find(subflow.flow(), subflow.revision()).ifPresent(links::add);
      }
    }
    return links;
  }
}
