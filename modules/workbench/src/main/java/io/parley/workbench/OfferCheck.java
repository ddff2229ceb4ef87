package io.parley.workbench;

import io.parley.engine.flow.GateOffer;
import io.parley.engine.flow.Parameter;
import io.parley.engine.flow.SendAndWaitForReply;
import io.parley.engine.flow.SendMessage;
import io.parley.engine.flow.SetVariables;
import io.parley.engine.flow.Widget;
import io.parley.engine.offers.Leak;
import io.parley.engine.offers.Leaks;
import io.parley.workbench.FlowMap.Way;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Proves that nothing is promised before a gate has granted it: takes every way but those that a
/// gate opens, and looks at what can be sent there.
///
/// What a variable holds is followed from the widget that sets it; one that another widget has
/// overwritten by then still counts. What a trigger, a request or a function brings is not known
/// here: such a send is refused when it is rendered.
final class OfferCheck {

  private static final String GRANTED = "granted";
  private static final Set<String> OUTPUTS = Set.of("code", "value", "expires_at", "offer");
  private static final String ARROW = " → ";

  private final FlowMap map;
  private final Notebook notes;
  private final Leaks leaks;
  private final Map<String, String> cameFrom;
  private final Map<String, Kept> kept = new LinkedHashMap<>();

  /// A promise that a variable holds.
  ///
  /// @param what in words: `flow.offer.code`, `"15% off"`
  /// @param setBy the widget that sets it
  private record Kept(Rule rule, String what, String setBy) {}

  /// A promise in a text.
  private record Promise(Rule rule, String words, Optional<String> setBy) {}

  private OfferCheck(FlowMap map, Notebook notes, Leaks leaks) {
    this.map = map;
    this.notes = notes;
    this.leaks = leaks;
    this.cameFrom = ungated(map.flow().initialState());
  }

  static void check(FlowMap map, Notebook notes, Leaks leaks) {
    OfferCheck check = new OfferCheck(map, notes, leaks);
    check.followVariables();
    if (map.flow().definition().entries().get("states") instanceof List<?> states) {
      for (Object item : states) {
        if (item instanceof Map<?, ?> state && state.get("name") instanceof String name) {
          map.flow()
              .widget(name)
              .filter(widget -> check.cameFrom.containsKey(name) && isSend(widget))
              .ifPresent(
                  widget ->
                      check.checkTexts(
                          widget, map.pointer(widget) + "/properties", state.get("properties")));
        }
      }
    }
  }

  private static boolean isSend(Widget widget) {
    return widget instanceof SendMessage || widget instanceof SendAndWaitForReply;
  }

  /// The widgets that can be reached without a grant, each with the one before it on a shortest
  /// way.
  private Map<String, String> ungated(String first) {
    Map<String, String> found = new LinkedHashMap<>(Map.of(first, first));
    Deque<String> open = new ArrayDeque<>(List.of(first));
    while (!open.isEmpty()) {
      String name = open.remove();
      for (Way way : map.ways(name)) {
        if (!isGrant(way) && !found.containsKey(way.to())) {
          found.put(way.to(), name);
          open.add(way.to());
        }
      }
    }
    return found;
  }

  private static boolean isGrant(Way way) {
    return isGate(way.from()) && way.event().equals(GRANTED);
  }

  private static boolean isGate(Widget widget) {
    return widget instanceof GateOffer;
  }

  /// Learns which variables hold a promise, until there is nothing more to learn.
  private void followVariables() {
    int before;
    do {
      before = kept.size();
      for (String name : cameFrom.keySet()) {
        if (map.flow().widget(name).orElse(null) instanceof SetVariables set) {
          set.variables().forEach(variable -> follow(set, variable));
        }
      }
    } while (kept.size() > before);
  }

  private void follow(SetVariables set, Parameter variable) {
    promise(set, variable.value())
        .ifPresent(
            it -> {
              Kept holds = new Kept(it.rule(), it.words(), set.name());
              kept.putIfAbsent("flow.variables." + variable.key(), holds);
              kept.putIfAbsent("widgets.%s.%s".formatted(set.name(), variable.key()), holds);
            });
  }

  private void checkTexts(Widget widget, String pointer, @Nullable Object value) {
    switch (value) {
      case String text -> promise(widget, text).ifPresent(it -> report(widget, pointer, it));
      case Map<?, ?> object ->
          object.forEach((key, entry) -> checkTexts(widget, pointer + "/" + key, entry));
      case List<?> items -> {
        for (int i = 0; i < items.size(); i++) {
          checkTexts(widget, pointer + "/" + i, items.get(i));
        }
      }
      case null, default -> {}
    }
  }

  private void report(Widget widget, String pointer, Promise promise) {
    String way =
        promise.setBy().isEmpty()
            ? way(cameFrom, widget.name())
            : way(cameFrom, promise.setBy().get())
                + ARROW
                + way(ungated(promise.setBy().get()), widget.name())
                    .substring(promise.setBy().get().length() + ARROW.length());
    notes.add(
        promise.rule(),
        pointer,
        "widget %s %s, and no gate has granted it on the way %s"
            .formatted(widget.name(), promise.words(), way));
  }

  private static String way(Map<String, String> cameFrom, String to) {
    Deque<String> way = new ArrayDeque<>(List.of(to));
    String at = to;
    while (!cameFrom.getOrDefault(at, at).equals(at)) {
      at = cameFrom.getOrDefault(at, at);
      way.addFirst(at);
    }
    return String.join(ARROW, way);
  }

  /// What a template of a widget promises, by reading an offer, by a variable that holds one, or in
  /// its own words.
  private Optional<Promise> promise(Widget reader, String template) {
    for (List<String> path : TemplatePaths.of(template).paths()) {
      String read = String.join(".", path);
      if (isOffer(path)) {
        return Optional.of(new Promise(Rule.OFFER_BEFORE_GATE, "reads " + read, Optional.empty()));
      }
      Kept holds = path.size() < 3 ? null : kept.get(String.join(".", path.subList(0, 3)));
      if (holds != null && reaches(holds.setBy(), reader)) {
        String words = "reads %s, where widget %s %s".formatted(read, holds.setBy(), holds.what());
        return Optional.of(new Promise(holds.rule(), words, Optional.of(holds.setBy())));
      }
    }
    List<Leak> found = leaks.in(template, Optional.empty());
    return found.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Promise(
                Rule.UNGATED_DISCOUNT,
                "says \"%s\"".formatted(found.getFirst().words()),
                Optional.empty()));
  }

  /// `flow.offer` and all below it, what a gate writes, or `flow` as a whole, which holds both.
  private boolean isOffer(List<String> path) {
    if (path.getFirst().equals("flow")) {
      return path.size() == 1 || path.get(1).equals("offer");
    }
    return path.size() > 2
        && path.getFirst().equals("widgets")
        && OUTPUTS.contains(path.get(2))
        && map.flow().widget(path.get(1)).filter(OfferCheck::isGate).isPresent();
  }

  private boolean reaches(String setBy, Widget reader) {
    return !setBy.equals(reader.name()) && ungated(setBy).containsKey(reader.name());
  }
}
