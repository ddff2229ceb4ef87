package io.parley.engine.rules;

import io.parley.engine.Values;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Where a condition looks: `properties.cart.total`, `traits.country`, `context.ip`, `source`.
///
/// @param steps names of entries, and places in lists, from 0
record Path(List<String> steps) {

  static final String ROOTS =
      "properties., traits., context., source, userId, anonymousId, groupId or name";

  /// Those that have entries of their own.
  private static final List<String> OBJECTS = List.of("properties", "traits", "context");

  private static final List<String> TEXTS =
      List.of("source", "userId", "anonymousId", "groupId", "name");

  Path {
    steps = List.copyOf(steps);
  }

  static Optional<Path> parse(String written) {
    List<String> steps = List.of(written.split("\\.", -1));
    boolean whole = steps.stream().noneMatch(String::isBlank);
    boolean known =
        steps.size() == 1 ? TEXTS.contains(steps.getFirst()) : OBJECTS.contains(steps.getFirst());
    return whole && known ? Optional.of(new Path(steps)) : Optional.empty();
  }

  /// What stands there; empty where nothing does, or an empty text.
  Optional<Object> in(Occasion occasion) {
    Optional<Object> found = root(occasion);
    for (String step : steps.subList(1, steps.size())) {
      found = found.flatMap(it -> entry(it, step));
    }
    return found.filter(it -> !"".equals(it));
  }

  private Optional<Object> root(Occasion occasion) {
    return switch (steps.getFirst()) {
      case "traits" -> Optional.of(occasion.traits().entries());
      case "source" -> Optional.of(occasion.source());
      case "name" -> Optional.of(occasion.name());
      default -> Optional.ofNullable(occasion.event().entries().get(steps.getFirst()));
    };
  }

  static Optional<Object> entry(Object of, String step) {
    return switch (of) {
      case Map<?, ?> map -> Optional.ofNullable(map.get(step));
      case List<?> list when step.matches("\\d{1,4}") && Integer.parseInt(step) < list.size() ->
          Optional.of(list.get(Integer.parseInt(step)));
      default -> Optional.empty();
    };
  }

  /// What stands at the end of a path from any values.
  static Optional<Object> at(Values values, List<String> steps) {
    Optional<Object> found = Optional.of(values.entries());
    for (String step : steps) {
      found = found.flatMap(it -> entry(it, step));
    }
    return found;
  }
}
