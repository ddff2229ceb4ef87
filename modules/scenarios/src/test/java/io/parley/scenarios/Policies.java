package io.parley.scenarios;

import io.parley.engine.policy.Policy;
import java.util.Map;

/// Policies as a file would say them.
final class Policies {

  private Policies() {}

  static Policy of(String component, Map<String, Object> said) {
    return of(Map.of(component, said));
  }

  static Policy of(Map<String, Object> tree) {
    return switch (Policy.read(tree)) {
      case Policy.Reading.Valid(var policy) -> policy;
      case Policy.Reading.Invalid(var problems) -> throw new AssertionError(problems);
    };
  }
}
