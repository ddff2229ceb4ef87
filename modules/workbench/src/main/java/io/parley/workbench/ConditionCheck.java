package io.parley.workbench;

import io.parley.engine.flow.Condition;
import io.parley.engine.flow.ConditionType;
import io.parley.engine.flow.Flow;
import io.parley.engine.flow.Parameter;
import io.parley.engine.flow.SetVariables;
import io.parley.engine.flow.SplitBasedOn;
import io.parley.engine.flow.Transition;
import io.parley.engine.flow.Widget;
import io.parley.engine.liquid.Templates;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// What the conditions of splits ask, and whether that can come to pass.
final class ConditionCheck {

  private static final Pattern WHITE = Pattern.compile("\\s+");
  private static final Pattern ARITHMETIC =
      Pattern.compile(
          "\\|\\s*(?:plus|minus|times|divided_by|modulo|abs|ceil|floor|round|size|at_least|at_most)\\b");
  private static final Pattern REPLY =
      Pattern.compile(
          "\\.\\s*inbound\\s*\\.|\\.\\s*Digits\\b|trigger\\s*\\.\\s*(?:message|conversation)\\s*\\.");
  private static final Pattern NUMBER = Pattern.compile("[+-]?\\d+(?:\\.\\d+)?");
  private static final Pattern LIST = Pattern.compile("[^,\\s]+(?:,[^,\\s]+)+");

  /// A condition that stands alone on its transition, and what came of earlier ones.
  private record Lone(String subject, ConditionType type, String value) {}

  private final SplitBasedOn split;
  private final String pointer;
  private final Notebook notes;
  private final Set<String> numbers;
  private final List<Lone> earlier = new ArrayList<>();

  private ConditionCheck(SplitBasedOn split, FlowMap map, Notebook notes, Set<String> numbers) {
    this.split = split;
    this.pointer = map.pointer(split);
    this.notes = notes;
    this.numbers = numbers;
  }

  static void check(FlowMap map, Notebook notes) {
    Set<String> numbers = numbers(map.flow());
    for (Widget widget : map.flow().widgets().values()) {
      if (widget instanceof SplitBasedOn split) {
        new ConditionCheck(split, map, notes, numbers).check();
      }
    }
  }

  /// The keys of variables that are set to numbers alone, which Studio keeps as such.
  private static Set<String> numbers(Flow flow) {
    Set<String> numbers = new HashSet<>();
    Set<String> texts = new HashSet<>();
    for (Widget widget : flow.widgets().values()) {
      if (widget instanceof SetVariables set) {
        for (Parameter variable : set.variables()) {
          boolean number =
              NUMBER.matcher(variable.value().strip()).matches()
                  || ARITHMETIC.matcher(variable.value()).find();
          (number ? numbers : texts).add(variable.key());
        }
      }
    }
    numbers.removeAll(texts);
    return numbers;
  }

  /// Whether what is compared is a number where Studio has types: computed, read from JSON, or set
  /// as one.
  private boolean isNumber(String subject) {
    List<List<String>> paths = TemplatePaths.of(subject).paths();
    return ARITHMETIC.matcher(subject).find()
        || (!paths.isEmpty()
            && paths.stream()
                .allMatch(it -> it.contains("parsed") || numbers.contains(it.getLast())));
  }

  private void check() {
    for (int i = 0; i < split.transitions().size(); i++) {
      Transition transition = split.transitions().get(i);
      String place = pointer + "/transitions/" + i + "/conditions/";
      for (int j = 0; j < transition.conditions().size(); j++) {
        Condition condition = transition.conditions().get(j);
        checkSubject(condition, place + j);
        if (Templates.isPlain(condition.value())) {
          checkValue(condition, place + j + "/value");
        }
      }
      if (transition.conditions().size() == 1) {
        checkShadow(transition.conditions().getFirst(), place + "0");
      }
    }
  }

  private void checkSubject(Condition condition, String place) {
    if (!bare(condition.subject()).equals(bare(split.input()))) {
      notes.add(
          Rule.ARGUMENT_DIFFERS,
          place + "/arguments/0",
          "widget %s splits on %s, and this condition compares %s"
              .formatted(split.name(), split.input(), condition.subject()));
    }
    boolean numeric =
        condition.type() == ConditionType.LESS_THAN
            || condition.type() == ConditionType.GREATER_THAN;
    if (numeric && !isNumber(condition.subject())) {
      notes.add(
          Rule.TEXT_AS_NUMBER,
          place + "/arguments/0",
          "widget %s compares the text %s by %s"
              .formatted(split.name(), condition.subject(), condition.type().word()));
    }
  }

  private static String bare(String template) {
    return WHITE.matcher(template).replaceAll("");
  }

  private void checkValue(Condition condition, String place) {
    String value = condition.value();
    String said = "widget %s: %s \"%s\" ".formatted(split.name(), condition.type().word(), value);
    switch (condition.type()) {
      case LESS_THAN, GREATER_THAN ->
          checkRange(condition, place, "-1e99", "1e99", said + "asks for no number");
      case IS_BEFORE_TIME, IS_AFTER_TIME ->
          checkRange(condition, place, "00:00", "23:59", said + "asks for no time HH:MM");
      case IS_BEFORE_DATE, IS_AFTER_DATE ->
          checkRange(
              condition, place, "0001-01-01", "9999-12-31", said + "asks for no date YYYY-MM-DD");
      case CONTAINS, STARTS_WITH -> {
        if (value.isBlank()) {
          notes.add(Rule.ALWAYS_HOLDS, place, said + "holds for every text");
        }
      }
      case MATCHES_ANY_OF, DOES_NOT_MATCH_ANY_OF -> {
        checkOptions(value, place, said);
        checkNumber(condition, place, said);
      }
      case EQUAL_TO, NOT_EQUAL_TO -> {
        if (LIST.matcher(value.strip()).matches()) {
          notes.add(Rule.LIST_IN_EQUAL_TO, place, said + "compares with the list as one text");
        }
        checkNumber(condition, place, said);
      }
      case IS_BLANK, IS_NOT_BLANK, REGEX, DOES_NOT_CONTAIN, DOES_NOT_START_WITH -> {}
    }
  }

  /// A value in its form lies above the least or below the greatest one; any other never holds.
  private void checkRange(
      Condition condition, String place, String least, String greatest, String sentence) {
    ConditionType below = counterpart(condition.type(), true);
    ConditionType above = counterpart(condition.type(), false);
    if (!below.holds(least, condition.value()) && !above.holds(greatest, condition.value())) {
      notes.add(Rule.NEVER_HOLDS, place, sentence + ": it never holds");
    }
  }

  private static ConditionType counterpart(ConditionType type, boolean below) {
    return switch (type) {
      case IS_BEFORE_TIME, IS_AFTER_TIME ->
          below ? ConditionType.IS_BEFORE_TIME : ConditionType.IS_AFTER_TIME;
      case IS_BEFORE_DATE, IS_AFTER_DATE ->
          below ? ConditionType.IS_BEFORE_DATE : ConditionType.IS_AFTER_DATE;
      default -> below ? ConditionType.LESS_THAN : ConditionType.GREATER_THAN;
    };
  }

  private void checkOptions(String value, String place, String said) {
    List<String> options = options(value);
    for (String option : options) {
      boolean cut =
          option.endsWith("\\")
              || option.chars().filter(c -> c == '"').count() % 2 == 1
              || (option.startsWith("'") != option.endsWith("'"));
      if (cut) {
        notes.add(Rule.QUOTED_OPTION, place, said + "has the option " + option + " of its own");
        return;
      }
    }
    if (options.stream().anyMatch(String::isEmpty) && options.size() > 1) {
      notes.add(Rule.EMPTY_OPTION, place, said + "has an empty option, which nothing matches");
    }
  }

  private void checkNumber(Condition condition, String place, String said) {
    boolean numbers =
        options(condition.value()).stream().allMatch(it -> NUMBER.matcher(it).matches());
    boolean computed =
        ARITHMETIC.matcher(condition.subject()).find()
            || !REPLY.matcher(condition.subject()).find();
    if (numbers && computed) {
      notes.add(
          Rule.NUMBER_AS_TEXT,
          place,
          said + "compares %s as a text".formatted(condition.subject()));
    }
  }

  private void checkShadow(Condition condition, String place) {
    Lone lone = new Lone(bare(condition.subject()), condition.type(), condition.value());
    if (!Templates.isPlain(lone.value())) {
      return;
    }
    List<String> asked =
        switch (lone.type()) {
          case EQUAL_TO -> List.of(lone.value());
          case MATCHES_ANY_OF ->
              options(lone.value()).stream().filter(it -> !it.isEmpty()).toList();
          default -> List.of();
        };
    boolean same = earlier.contains(lone);
    boolean taken = !asked.isEmpty() && asked.stream().allMatch(it -> isTaken(lone.subject(), it));
    if (same || taken) {
      notes.add(
          Rule.SHADOWED_CONDITION,
          place,
          "widget %s: an earlier transition takes all of %s \"%s\""
              .formatted(split.name(), lone.type().word(), lone.value()));
    }
    earlier.add(lone);
  }

  private boolean isTaken(String subject, String text) {
    return earlier.stream()
        .filter(it -> it.subject().equals(subject))
        .anyMatch(it -> it.type().holds(text, it.value()));
  }

  private static List<String> options(String value) {
    return Arrays.stream(value.split(",", -1)).map(String::strip).toList();
  }
}
