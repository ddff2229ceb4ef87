package io.parley.workbench;

import io.parley.engine.flow.Flow;
import io.parley.engine.flow.Transition;
import io.parley.engine.flow.Widget;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/// The ways between the widgets of a flow, and where each of them stands in its file.
final class FlowMap {

  /// A transition that leads to a widget.
  ///
  /// @param index its place among the widget's transitions
  record Way(Widget from, int index, String event, String to) {}

  private final Flow flow;
  private final Map<String, Integer> places = new HashMap<>();
  private final Map<String, List<Way>> ways = new LinkedHashMap<>();

  FlowMap(Flow flow) {
    this.flow = flow;
    for (Widget widget : flow.widgets().values()) {
      places.put(widget.name(), places.size());
      ways.put(widget.name(), waysFrom(widget));
    }
  }

  private static List<Way> waysFrom(Widget widget) {
    List<Way> ways = new ArrayList<>();
    for (int i = 0; i < widget.transitions().size(); i++) {
      Transition transition = widget.transitions().get(i);
      int index = i;
      transition
          .next()
          .ifPresent(next -> ways.add(new Way(widget, index, transition.event(), next)));
    }
    return List.copyOf(ways);
  }

  Flow flow() {
    return flow;
  }

  /// `#/states/3`.
  String pointer(Widget widget) {
    return "#/states/" + places.getOrDefault(widget.name(), 0);
  }

  /// `#/states/3/transitions/1`, or the list of them where the widget has no such event.
  String pointer(Widget widget, String event) {
    List<Transition> transitions = widget.transitions();
    for (int i = 0; i < transitions.size(); i++) {
      if (transitions.get(i).event().equals(event)) {
        return pointer(widget) + "/transitions/" + i;
      }
    }
    return pointer(widget) + "/transitions";
  }

  List<Way> ways(String widget) {
    return ways.getOrDefault(widget, List.of());
  }

  /// The widgets that executions can get to, the trigger among them.
  Set<String> reached() {
    Set<String> reached = new LinkedHashSet<>();
    reached.add(flow.initialState());
    reached.addAll(after(flow.initialState(), _ -> true));
    return reached;
  }

  /// The widgets that can come after one by such ways, in the order of their distance.
  Set<String> after(String widget, Predicate<Way> through) {
    Set<String> found = new LinkedHashSet<>();
    Deque<String> open = new ArrayDeque<>(List.of(widget));
    while (!open.isEmpty()) {
      for (Way way : ways(open.remove())) {
        if (through.test(way) && found.add(way.to())) {
          open.add(way.to());
        }
      }
    }
    return found;
  }

  /// The largest groups of widgets that all lead to each other by such ways, each in the file's
  /// order.
  List<Set<String>> cycles(Predicate<Way> through) {
    Map<String, Set<String>> after = new LinkedHashMap<>();
    ways.keySet().forEach(name -> after.put(name, after(name, through)));
    Set<Set<String>> cycles = new LinkedHashSet<>();
    after.forEach(
        (name, found) -> {
          if (found.contains(name)) {
            Set<String> cycle = new LinkedHashSet<>(ways.keySet());
            cycle.removeIf(
                other ->
                    !found.contains(other) || !after.getOrDefault(other, Set.of()).contains(name));
            cycles.add(cycle);
          }
        });
    return List.copyOf(cycles);
  }
}
