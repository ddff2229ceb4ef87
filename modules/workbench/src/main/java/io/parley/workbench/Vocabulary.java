package io.parley.workbench;

import io.parley.engine.Values;
import io.parley.engine.flow.Condition;
import io.parley.engine.flow.ConditionType;
import io.parley.engine.flow.Flow;
import io.parley.engine.flow.Parameter;
import io.parley.engine.flow.SetVariables;
import io.parley.engine.flow.SplitBasedOn;
import io.parley.engine.flow.WaitForEvent;
import io.parley.engine.flow.Widget;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a contact may say to a flow, and a caller may tell it: the words that its conditions ask
/// for, by what they are compared with, and words that nobody asked for.
final class Vocabulary {

  private static final List<String> ANYTHING =
      List.of(
          "yes",
          "no",
          "Yes please!",
          "1",
          "2",
          "12",
          "maybe later",
          "how much is shipping?",
          "",
          "   ",
          "👍",
          "{{ flow.sid }}",
          "a,b",
          "12:30",
          "2026-02-30",
          "\u0000",
          "x".repeat(1_700));

  private final Map<String, List<String>> words = new LinkedHashMap<>();
  private final List<String> events;

  Vocabulary(Flow flow) {
    this.events =
        flow.widgets().values().stream()
            .filter(WaitForEvent.class::isInstance)
            .map(widget -> ((WaitForEvent) widget).event())
            .toList();
    Map<String, Set<String>> asked = new LinkedHashMap<>();
    for (Widget widget : flow.widgets().values()) {
      if (widget instanceof SplitBasedOn split) {
        split.transitions().stream()
            .flatMap(transition -> transition.conditions().stream())
            .forEach(condition -> learn(condition, asked));
      }
    }
    // Twice, as one variable may be made of another.
    trace(flow, asked);
    trace(flow, asked);
    asked.forEach((path, values) -> words.put(path, List.copyOf(values)));
  }

  /// What is asked of a variable is asked of what it is made of.
  private static void trace(Flow flow, Map<String, Set<String>> asked) {
    for (Widget widget : flow.widgets().values()) {
      if (widget instanceof SetVariables set) {
        for (Parameter variable : set.variables()) {
          Set<String> values = new LinkedHashSet<>();
          values.addAll(asked.getOrDefault("flow.variables." + variable.key(), Set.of()));
          values.addAll(
              asked.getOrDefault("widgets.%s.%s".formatted(set.name(), variable.key()), Set.of()));
          if (!values.isEmpty()) {
            for (List<String> path : TemplatePaths.of(variable.value()).paths()) {
              asked
                  .computeIfAbsent(String.join(".", path), _ -> new LinkedHashSet<>())
                  .addAll(values);
            }
          }
        }
      }
    }
  }

  private static void learn(Condition condition, Map<String, Set<String>> asked) {
    List<String> fitting = fitting(condition.type(), condition.value());
    for (List<String> path : TemplatePaths.of(condition.subject()).paths()) {
      asked.computeIfAbsent(String.join(".", path), _ -> new LinkedHashSet<>()).addAll(fitting);
    }
  }

  /// Texts for which a condition holds, or nearly so.
  private static List<String> fitting(ConditionType type, String value) {
    return switch (type) {
      case MATCHES_ANY_OF, DOES_NOT_MATCH_ANY_OF -> Arrays.asList(value.split(",", -1));
      case CONTAINS, DOES_NOT_CONTAIN -> List.of(value, "well, " + value + " then");
      case STARTS_WITH, DOES_NOT_START_WITH -> List.of(value, value + " and more");
      case REGEX -> matching(value);
      case LESS_THAN, GREATER_THAN -> List.of(value, value + "0", "0", "-1");
      case IS_BEFORE_TIME, IS_AFTER_TIME -> List.of(value, "00:00", "23:59");
      case IS_BEFORE_DATE, IS_AFTER_DATE -> List.of(value, "1999-12-31", "2999-01-01");
      case EQUAL_TO, NOT_EQUAL_TO, IS_BLANK, IS_NOT_BLANK -> List.of(value, " " + value + " ");
    };
  }

  /// The alternatives of simple expressions; others may never be met.
  private static List<String> matching(String expression) {
    List<String> texts = new ArrayList<>();
    for (String alternative : expression.replaceAll("[\\^$()]|\\?:", "").split("\\|", -1)) {
      texts.add(alternative);
      texts.add(
          alternative
              .replaceAll("\\[(.)[^]]*]", "$1")
              .replace("\\d", "7")
              .replace("\\w", "w")
              .replaceAll("\\.[*+]|\\\\s[*+?]?", " ")
              .replaceAll("\\{(\\d+)[^}]*}|[*+?\\\\]", ""));
    }
    return texts;
  }

  /// What may be said to a question.
  String reply(String widget, Dice dice) {
    List<String> fitting = words.getOrDefault("widgets." + widget + ".inbound.Body", List.of());
    if (!fitting.isEmpty() && dice.percent(75)) {
      return dice.pick(fitting);
    }
    if (!words.isEmpty() && dice.percent(25)) {
      return dice.pick(dice.pick(List.copyOf(words.values())));
    }
    return dice.pick(ANYTHING);
  }

  /// The name of an event that may happen elsewhere.
  String event(Dice dice) {
    return events.isEmpty() || dice.percent(20) ? "Something Else" : dice.pick(events);
  }

  /// Values for all that conditions compare below a namespace such as `flow.data`.
  Values below(String namespace, Dice dice) {
    Values values = Values.EMPTY;
    for (Map.Entry<String, List<String>> entry : words.entrySet()) {
      String prefix = namespace + ".";
      if (entry.getKey().startsWith(prefix) && dice.percent(80)) {
        List<String> path = List.of(entry.getKey().substring(prefix.length()).split("\\.", -1));
        values = put(values, path, dice.pick(entry.getValue()));
      }
    }
    return values;
  }

  private static Values put(Values values, List<String> path, String text) {
    String key = path.getFirst();
    return path.size() == 1
        ? values.with(key, text)
        : values.with(key, put(values.object(key), path.subList(1, path.size()), text).entries());
  }
}
