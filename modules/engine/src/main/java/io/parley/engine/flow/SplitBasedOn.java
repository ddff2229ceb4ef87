package io.parley.engine.flow;

import io.parley.engine.Values;
import io.parley.engine.Warning;
import java.util.List;
import java.util.Optional;

/// `split-based-on`: takes the first transition whose conditions hold, in the file's order, else
/// `noMatch`.
public record SplitBasedOn(String name, List<Transition> transitions, String input)
    implements Widget {

  static final List<Property> PROPERTIES = List.of(Property.text("input").required());

  private static final String NO_MATCH = "noMatch";

  public SplitBasedOn {
    transitions = List.copyOf(transitions);
  }

  static SplitBasedOn read(String name, List<Transition> transitions, Place properties) {
    return new SplitBasedOn(name, transitions, properties.get("input").text());
  }

  @Override
  public Reached enter(Scene scene) {
    for (Transition transition : transitions) {
      if (!transition.conditions().isEmpty() && allHold(transition.conditions(), scene)) {
        return new Reached.Left(transition.event(), transition.next(), Values.EMPTY);
      }
    }
    Optional<String> next = next(NO_MATCH);
    if (next.isEmpty()) {
      scene.warn(
          new Warning(
              Warning.NO_MATCH,
              "Failed to transition because no match was found: widget "
                  + name
                  + " has no noMatch transition"));
    }
    return new Reached.Left(NO_MATCH, next, Values.EMPTY);
  }

  private static boolean allHold(List<Condition> conditions, Scene scene) {
    for (Condition condition : conditions) {
      String subject = scene.text(condition.subject());
      String value = scene.text(condition.value());
      if (!condition.type().holds(subject, value)) {
        return false;
      }
    }
    return true;
  }
}
