package io.parley.engine.policy;

import io.parley.engine.flow.Place;
import java.util.ArrayList;
import java.util.List;

/// What the contact writes that calls a person without a widget of the flow; nothing does where
/// nothing is said.
///
/// ```yaml
/// handoff:
///   tags: [human_agent, complaint]
///   untagged: 3             # so many replies in a row that no tag was found in
/// ```
///
/// @param tags a reply with one of these calls a person
/// @param untagged how many replies in a row that mean nothing call one; 0 for never
public record HandoffRules(List<String> tags, int untagged) {

  public static final HandoffRules DEFAULT = new HandoffRules(List.of(), 0);

  private static final int MOST = 100;

  public HandoffRules {
    tags = List.copyOf(tags);
  }

  static HandoffRules read(Place place) {
    if (!place.holdsOnly("tags", "untagged")) {
      return DEFAULT;
    }
    return new HandoffRules(tags(place.get("tags")), untagged(place.get("untagged")));
  }

  private static List<String> tags(Place place) {
    if (!place.isAbsent() && !(place.value() instanceof List<?>)) {
      place.problem("must be a list of tags, such as [human_agent, complaint]");
    }
    List<String> tags = new ArrayList<>();
    for (Place item : place.items()) {
      if (item.text().isBlank()) {
        item.problem("must be the name of a tag, such as human_agent");
      } else {
        tags.add(item.text().strip());
      }
    }
    return tags;
  }

  private static int untagged(Place place) {
    if (place.isAbsent()) {
      return DEFAULT.untagged;
    }
    if (place.literal().matches("\\d{1,3}") && Integer.parseInt(place.literal()) <= MOST) {
      return Integer.parseInt(place.literal());
    }
    place.problem("must be a whole number from 0 to " + MOST + ", such as 3; 0 for never");
    return DEFAULT.untagged;
  }
}
