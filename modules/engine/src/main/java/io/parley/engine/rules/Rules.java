package io.parley.engine.rules;

import io.parley.engine.flow.FlowProblem;
import io.parley.engine.flow.Place;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A brand's rules: which event, or which change of a trait, starts which flow, and who is in which
/// audience.
///
/// ```yaml
/// rules:
///   - name: cart-abandoned
///     when: {track: Checkout Abandoned}
///     where: {properties.total: {at_least: 50}}
///     start: {flow: cart-recovery, parameters: {code: "{{event.properties.code}}"}}
/// audiences:
///   - name: cio_cart_abandon_0_24h
///     enter: {track: Checkout Abandoned}
///     window: {until: 24h}
/// ```
///
/// @param rules in the file's order; all that match start their flows
/// @param audiences in the file's order
public record Rules(List<Rule> rules, List<Audience> audiences) {

  public static final Rules NONE = new Rules(List.of(), List.of());

  public Rules {
    rules = List.copyOf(rules);
    audiences = List.copyOf(audiences);
  }

  /// What came of reading rules.
  public sealed interface Reading {
    record Valid(Rules rules) implements Reading {}

    /// @param problems each with its place, what is wrong there and what would be right
    record Invalid(List<FlowProblem> problems) implements Reading {
      public Invalid {
        problems = List.copyOf(problems);
      }
    }
  }

  /// Reads a tree of maps, lists, texts, numbers and flags.
  public static Reading read(@Nullable Object tree) {
    List<FlowProblem> problems = new ArrayList<>();
    Place root = Place.root(tree, problems);
    root.holdsOnly("rules", "audiences");
    Place list = root.get("rules");
    if (!list.isAbsent() && !(list.value() instanceof List<?>)) {
      list.problem("must be a list of rules");
    }
    List<Rule> rules = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Place item : list.items()) {
      Rule rule = Rule.read(item);
      if (!rule.name().isEmpty() && !names.add(rule.name())) {
        item.get("name").problem("is the name of another rule, too; choose another");
      }
      rules.add(rule);
    }
    List<Audience> audiences = audiences(root.get("audiences"));
    return problems.isEmpty()
        ? new Reading.Valid(new Rules(rules, audiences))
        : new Reading.Invalid(problems);
  }

  private static List<Audience> audiences(Place list) {
    if (!list.isAbsent() && !(list.value() instanceof List<?>)) {
      list.problem("must be a list of audiences");
    }
    List<Audience> audiences = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Place item : list.items()) {
      for (Audience audience : Audience.read(item)) {
        if (!audience.name().isEmpty() && !names.add(audience.name())) {
          item.get("name")
              .problem(
                  "is the name of another audience, or of its twin, too; choose another: "
                      + audience.name());
        }
        audiences.add(audience);
      }
    }
    return audiences;
  }

  /// The rules that an occasion sets off.
  public List<Rule.Match> judge(Occasion occasion) {
    return rules.stream().filter(it -> it.matches(occasion)).map(it -> it.match(occasion)).toList();
  }
}
