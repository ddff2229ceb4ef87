package io.parley.engine.desk;

import io.parley.engine.flow.Place;
import io.parley.engine.rules.Checks;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Where conversations go that are like this. The first that matches counts.
///
/// ```yaml
/// - {when: {reason: "tag:complaint", channel: [sms, whatsapp]}, topic: complaints, priority: 5}
/// ```
///
/// @param when all of which must be so; of several tags one is enough
/// @param topic the topic's name; empty where only more is asked of what was asked for
/// @param skills beside the topic's
/// @param priority beside the topic's
record Route(
    Map<Attribute, Checks> when, Optional<String> topic, Set<String> skills, int priority) {

  Route {
    when = Collections.unmodifiableMap(new LinkedHashMap<>(when));
    skills = Collections.unmodifiableSet(new LinkedHashSet<>(skills));
  }

  boolean matches(Request request) {
    return when.entrySet().stream().allMatch(it -> holds(it.getValue(), it.getKey().in(request)));
  }

  private static boolean holds(Checks checks, List<Object> values) {
    return values.isEmpty()
        ? checks.hold(Optional.empty())
        : values.stream().anyMatch(it -> checks.hold(Optional.of(it)));
  }

  /// @param topics those that there are
  static Route read(Place place, Set<String> topics) {
    place.holdsOnly("when", "topic", "skills", "priority");
    Place conditions = place.get("when");
    if (!conditions.isObject()) {
      conditions.problem(
          "must be an object of what must be so, such as {channel: whatsapp}; {} for whatever"
              + " comes");
    }
    Map<Attribute, Checks> when = new LinkedHashMap<>();
    for (String name : conditions.names()) {
      Place condition = conditions.get(name);
      Checks checks = Checks.read(condition);
      Attribute.parse(name)
          .ifPresentOrElse(
              it -> when.put(it, checks),
              () ->
                  condition.problem(
                      "is nothing that is known here; known are: " + Attribute.KNOWN));
    }
    String topic = place.get("topic").text().strip();
    if (!place.get("topic").isAbsent() && !topics.contains(topic)) {
      place
          .get("topic")
          .problem(
              "is no topic; topics are " + String.join(", ", topics) + ", or add it to topics");
    }
    return new Route(
        when,
        Optional.of(topic).filter(it -> !it.isEmpty()),
        Words.read(place.get("skills")),
        Whole.read(place.get("priority"), 0, -1_000, 1_000));
  }
}
