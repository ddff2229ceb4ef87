package io.parley.engine.flow;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A way out of a widget.
///
/// @param next the widget that it leads to; empty where it is not wired
/// @param conditions what must hold for it to be taken; all of them (several on one transition
///     are never seen in the wild, and which reading Studio takes is not documented)
public record Transition(String event, Optional<String> next, List<Condition> conditions) {

  private static final List<Property> PROPERTIES =
      List.of(
          Property.text("event").required(), Property.text("next"), Property.list("conditions"));

  public Transition {
    conditions = List.copyOf(conditions);
  }

  /// Reads the transitions of a widget. Where they lead is checked by [FlowReader].
  static List<Transition> readAll(Place place, WidgetType type) {
    List<Transition> transitions = new ArrayList<>();
    for (Place item : place.items()) {
      if (Property.checkAll(item, PROPERTIES)) {
        transitions.add(read(item, type));
      }
    }
    return transitions;
  }

  private static Transition read(Place place, WidgetType type) {
    Place event = place.get("event");
    if (!event.isAbsent() && !type.has(event.text())) {
      event.warn(
          "is no event of %s, which has %s: it is never taken"
              .formatted(type.word(), type.events()));
    }
    Place conditions = place.get("conditions");
    boolean splits = type == WidgetType.SPLIT_BASED_ON;
    if (splits && event.text().equals("match") && conditions.items().isEmpty()) {
      conditions.warn("is empty: a match without conditions is never taken");
    }
    if (!splits && !conditions.items().isEmpty()) {
      conditions.warn("are not looked at: only split-based-on has conditions");
    }
    String next = place.get("next").text();
    return new Transition(
        event.text(),
        next.isEmpty() ? Optional.empty() : Optional.of(next),
        Condition.readAll(conditions));
  }
}
