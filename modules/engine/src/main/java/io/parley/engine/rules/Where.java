package io.parley.engine.rules;

import io.parley.engine.flow.Place;
import java.util.ArrayList;
import java.util.List;
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

  private static final int DEEPEST = 8;

  /// What the value at a place must be like.
  record Tested(Path path, Checks checks) {
    boolean holds(Occasion occasion) {
      return checks.hold(path.in(occasion));
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
          Checks checks = Checks.read(each);
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
}
