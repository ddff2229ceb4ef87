package io.parley.engine.desk;

import io.parley.engine.flow.Place;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/// What conversations are about that the same people answer.
///
/// ```yaml
/// care: {skills: [care], calendar: support, priority: 5, weight: 1, target: desk, sla: {first:
/// 15m}}
/// ```
///
/// @param skills what an agent needs to answer it
/// @param calendar when somebody is there, by its name in the policy; empty for always
/// @param priority the higher goes first
/// @param weight how much of an agent's capacity it takes
/// @param target [DeskRules#DESK], or the name of a system of others' that takes it
public record Topic(
    String name,
    Set<String> skills,
    Optional<String> calendar,
    int priority,
    int weight,
    String target,
    Promise promise) {

  /// What whatever is about nothing else is about; always there.
  public static final String GENERAL = "general";

  public Topic {
    skills = Collections.unmodifiableSet(new LinkedHashSet<>(skills));
  }

  static Topic general(Promise promise) {
    return new Topic(GENERAL, Set.of(), Optional.empty(), 0, 1, DeskRules.DESK, promise);
  }

  static Topic read(String name, Place place, Promise usual) {
    place.holdsOnly("skills", "calendar", "priority", "weight", "target", "sla");
    String target = place.get("target").text().strip();
    return new Topic(
        name,
        Words.read(place.get("skills")),
        Optional.of(place.get("calendar").text().strip()).filter(it -> !it.isEmpty()),
        Whole.read(place.get("priority"), 0, -1_000, 1_000),
        Whole.read(place.get("weight"), 1, 1, 100),
        target.isEmpty() ? DeskRules.DESK : target,
        Promise.read(place.get("sla"), usual));
  }
}
