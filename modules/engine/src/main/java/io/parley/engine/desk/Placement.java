package io.parley.engine.desk;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/// Where a conversation waits.
///
/// @param skills what an agent needs: the topic's, the route's and what was asked for
/// @param priority the sum of the topic's, the route's and what was asked for
/// @param unknown the topic that was asked for and is none; it is logged
public record Placement(Topic topic, Set<String> skills, int priority, Optional<String> unknown) {

  public Placement {
    skills = Collections.unmodifiableSet(new LinkedHashSet<>(skills));
  }
}
