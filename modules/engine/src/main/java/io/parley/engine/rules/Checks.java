package io.parley.engine.rules;

import io.parley.engine.flow.Place;
import io.parley.engine.rules.Check.Limit.Sense;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a file asks of a value, all of which must be so: `US`, `[US, CA]`, `{at_least: 50}`,
/// `{not: {begins: STAFF}}`.
public final class Checks {

  private static final String[] NAMES = {
    "equals", "in", "not", "at_least", "at_most", "above", "below", "exists", "contains", "begins"
  };

  private final List<Check> all;

  private Checks(List<Check> all) {
    this.all = List.copyOf(all);
  }

  /// Reports what is no condition on a value.
  public static Checks read(Place place) {
    return new Checks(checks(place));
  }

  public boolean hold(Optional<Object> value) {
    return all.stream().allMatch(it -> it.isMet(value));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Checks checks && all.equals(checks.all);
  }

  @Override
  public int hashCode() {
    return all.hashCode();
  }

  @Override
  public String toString() {
    return all.toString();
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
    if (!place.holdsOnly(NAMES) || place.names().isEmpty()) {
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
