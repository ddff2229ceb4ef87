package io.parley.engine.policy;

import io.parley.engine.flow.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The arms of experiments that are never spoken to, so that it can be measured what speaking is
/// worth.
///
/// ```yaml
/// holdouts: [holdout, control]
/// ```
///
/// @param cohorts names as `controls.experiment_cohort` has them, in lower case
public record Holdouts(List<String> cohorts) {

  public static final Holdouts DEFAULT = new Holdouts(List.of("holdout"));

  public Holdouts {
    cohorts = List.copyOf(cohorts);
  }

  /// Whether a cohort is one of them; case does not count.
  public boolean has(String cohort) {
    return cohorts.contains(cohort.strip().toLowerCase(Locale.ROOT));
  }

  static Holdouts read(Place place) {
    if (place.isAbsent()) {
      return DEFAULT;
    }
    if (!(place.value() instanceof List<?>)) {
      place.problem("must be a list of cohorts, such as [holdout]; [] for none");
      return DEFAULT;
    }
    List<String> cohorts = new ArrayList<>();
    for (Place item : place.items()) {
      if (item.literal().isBlank()) {
        item.problem("must be the name of a cohort");
      } else {
        cohorts.add(item.literal().strip().toLowerCase(Locale.ROOT));
      }
    }
    return new Holdouts(cohorts);
  }
}
