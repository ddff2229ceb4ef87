package io.parley.engine.rules;

import io.parley.engine.flow.Place;
import io.parley.engine.rules.Check.Limit.Sense;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// Conditions that hold together.
///
/// ```yaml
/// where:
///   properties.total: {at_least: 50}
///   traits.country: [US, CA]
///   traits.vip: {exists: false}
///   any: [{traits.plan: pro}, {traits.orders: {at_least: 3}}]
///   none: [{properties.coupon: {begins: STAFF}}]
/// ```
///
/// @param tests what each place must be like
/// @param any of each list at least one holds
/// @param none of these none holds
record Where(List<Tested> tests, List<List<Where>> any, List<Where> none) {

  static final Where ALWAYS = new Where(List.of(), List.of(), List.of());

  private static final String[] CHECKS = {
    "equals", "in", "not", "at_least", "at_most", "above", "below", "exists", "contains", "begins"
  };

  private static final int DEEPEST = 8;

  /// What the value at a place must be like.
  record Tested(Path path, List<Check> checks) {
    Tested {
      checks = List.copyOf(checks);
    }

    boolean holds(Occasion occasion) {
      Optional<Object> value = path.in(occasion);
      return checks.stream().allMatch(it -> it.isMet(value));
    }
  }

  Where {
    tests = List.copyOf(tests);
    any = any.stream().map(List::copyOf).toList();
    none = List.copyOf(none);
  }

  boolean holds(Occasion occasion) {
    return tests.stream().allMatch(it -> it.holds(occasion))
        && any.stream().allMatch(each -> each.stream().anyMatch(it -> it.holds(occasion)))
        && none.stream().noneMatch(it -> it.holds(occasion));
  }

  /// Whether all places that it looks at are like that.
  boolean reads(Predicate<Path> like) {
    return tests.stream().map(Tested::path).allMatch(like)
        && Stream.concat(any.stream().flatMap(List::stream), none.stream())
            .allMatch(it -> it.reads(like));
  }

  static Where read(Place place) {
    return read(place, 0);
  }

  private static Where read(Place place, int depth) {
    if (place.isAbsent()) {
      return ALWAYS;
    }
    if (!place.isObject() || depth > DEEPEST) {
      place.problem(
          "must be an object of places and what they must be like, such as"
              + " {properties.total: {at_least: 50}}");
      return ALWAYS;
    }
    List<Tested> tests = new ArrayList<>();
    List<List<Where>> any = new ArrayList<>();
    List<Where> none = new ArrayList<>();
    for (String name : place.names()) {
      Place each = place.get(name);
      switch (name) {
        case "any" -> any.add(alternatives(each, depth));
        case "none" -> none.addAll(alternatives(each, depth));
        default -> {
          Optional<Path> path = Path.parse(name);
          if (path.isEmpty()) {
            each.problem(
                "is no place in a call; places are " + Path.ROOTS + ", beside any and none");
          }
          List<Check> checks = checks(each);
          path.ifPresent(it -> tests.add(new Tested(it, checks)));
        }
      }
    }
    return new Where(tests, any, none);
  }

  private static List<Where> alternatives(Place place, int depth) {
    List<Where> read = place.items().stream().map(it -> read(it, depth + 1)).toList();
    if (read.isEmpty()) {
      place.problem("must be a list of conditions, such as [{traits.plan: pro}]");
    }
    return read;
  }

  /// A bare value is what the place must be, a bare list what it must be one of.
  private static List<Check> checks(Place place) {
    Object value = place.value();
    if (value == null) {
      place.problem("must say what the value must be like; {exists: true} for anything");
      return List.of();
    }
    if (value instanceof List<?>) {
      return List.of(in(place));
    }
    if (!(value instanceof Map<?, ?>)) {
      return List.of(new Check.Equals(value));
    }
    if (!place.holdsOnly(CHECKS) || place.names().isEmpty()) {
      return List.of();
    }
    List<Check> checks = new ArrayList<>();
    for (String name : place.names()) {
      check(name, place.get(name)).ifPresent(checks::add);
    }
    return checks;
  }

  private static Optional<Check> check(String name, Place place) {
    return switch (name) {
      case "equals" -> scalar(place).map(Check.Equals::new);
      case "in" -> Optional.of(in(place));
      case "not" -> Optional.of(new Check.Not(checks(place)));
      case "at_least" -> limit(Sense.AT_LEAST, place);
      case "at_most" -> limit(Sense.AT_MOST, place);
      case "above" -> limit(Sense.ABOVE, place);
      case "below" -> limit(Sense.BELOW, place);
      case "exists" -> exists(place);
      case "contains" -> scalar(place).map(Check.Contains::new);
      case "begins" -> scalar(place).map(beginning -> new Check.Begins(String.valueOf(beginning)));
      default -> Optional.empty();
    };
  }

  private static Check in(Place place) {
    List<Object> values = new ArrayList<>();
    for (Place item : place.items()) {
      scalar(item).ifPresent(values::add);
    }
    if (values.isEmpty()) {
      place.problem("must be a list of values, such as [US, CA]");
    }
    return new Check.In(values);
  }

  private static Optional<Object> scalar(Place place) {
    Object value = place.value();
    if (value == null || value instanceof Map<?, ?> || value instanceof List<?>) {
      place.problem("must be a text, a number, true or false");
      return Optional.empty();
    }
    return Optional.of(value);
  }

  private static Optional<Check> limit(Sense sense, Place place) {
    Optional<BigDecimal> limit = Check.number(place.value());
    if (limit.isEmpty()) {
      place.problem("must be a number");
    }
    return limit.map(it -> new Check.Limit(sense, it));
  }

  private static Optional<Check> exists(Place place) {
    if (!(place.value() instanceof Boolean expected)) {
      place.problem("must be true or false");
      return Optional.empty();
    }
    return Optional.of(new Check.Exists(expected));
  }
}
