package io.parley.engine.rules;

import io.parley.engine.Event.EventSeen;
import io.parley.engine.flow.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What sets a rule off, or moves people in an audience.
sealed interface When {

  boolean happens(Occasion occasion);

  /// An event, a page or a screen of one of these names.
  ///
  /// ```yaml
  /// when: {track: [Checkout Abandoned, Cart Abandoned]}
  /// ```
  ///
  /// @param names without case, spaces and punctuation
  record Called(String kind, Set<String> names) implements When {
    public Called {
      names = Set.copyOf(names);
    }

    @Override
    public boolean happens(Occasion occasion) {
      return occasion.kind().equals(kind) && names.contains(EventSeen.plain(occasion.name()));
    }
  }

  /// A trait of the person changes.
  ///
  /// ```yaml
  /// when: {trait: cart_state, becomes: abandoned, was: full}
  /// ```
  ///
  /// @param becomes what it is now; empty for whatever
  /// @param was what it was before; empty for whatever, and for nothing
  record Changed(String trait, List<Object> becomes, List<Object> was) implements When {
    public Changed {
      becomes = List.copyOf(becomes);
      was = List.copyOf(was);
    }

    @Override
    public boolean happens(Occasion occasion) {
      Optional<Object> before = occasion.changed().get(trait);
      Object now = occasion.traits().entries().get(trait);
      return before != null
          && now != null
          && (becomes.isEmpty() || isOneOf(becomes, now))
          && (was.isEmpty() || before.filter(it -> isOneOf(was, it)).isPresent());
    }

    private static boolean isOneOf(List<Object> values, Object value) {
      return values.stream().anyMatch(it -> Check.same(it, value));
    }
  }

  /// Never; stands in for what could not be read.
  When UNREADABLE = new Called("", Set.of());

  /// @param beside what else may stand there, which somebody else reads
  static When read(Place place, String... beside) {
    List<String> kinds = List.of("track", "page", "screen", "trait");
    List<String> known = new ArrayList<>(kinds);
    known.addAll(List.of("becomes", "was"));
    known.addAll(List.of(beside));
    if (!place.holdsOnly(known.toArray(String[]::new))) {
      if (place.isAbsent()) {
        place.problem("is missing: say what happens, such as {track: Checkout Abandoned}");
      }
      return UNREADABLE;
    }
    List<String> named = kinds.stream().filter(place::has).toList();
    if (named.size() != 1) {
      place.problem("must have one of " + String.join(", ", kinds) + ", and no other of them");
      return UNREADABLE;
    }
    String kind = named.getFirst();
    if (kind.equals("trait")) {
      return changed(place);
    }
    for (String name : List.of("becomes", "was")) {
      if (place.has(name)) {
        place.get(name).problem("is for a trait; conditions on an event stand under where");
      }
    }
    return new Called(kind, names(place.get(kind)));
  }

  private static Set<String> names(Place place) {
    List<Place> written = place.value() instanceof List<?> ? place.items() : List.of(place);
    Set<String> names =
        written.stream()
            .filter(
                it -> {
                  boolean usable = !EventSeen.plain(it.literal()).isEmpty();
                  if (!usable) {
                    it.problem("must be a name with letters or digits, or a list of such names");
                  }
                  return usable;
                })
            .map(it -> EventSeen.plain(it.literal()))
            .collect(Collectors.toSet());
    if (written.isEmpty()) {
      place.problem("must name at least one");
    }
    return names;
  }

  private static When changed(Place place) {
    String trait = place.get("trait").literal().strip();
    if (trait.isEmpty()) {
      place.get("trait").problem("must be the name of a trait");
    }
    return new Changed(trait, values(place.get("becomes")), values(place.get("was")));
  }

  private static List<Object> values(Place place) {
    if (place.isAbsent()) {
      return List.of();
    }
    List<Place> written = place.value() instanceof List<?> ? place.items() : List.of(place);
    List<Object> values = new ArrayList<>();
    for (Place each : written) {
      if (each.isAbsent() || each.isObject() || each.value() instanceof List<?>) {
        each.problem("must be a text, a number, true or false, or a list of them");
      } else {
        Stream.ofNullable(each.value()).forEach(values::add);
      }
    }
    return values;
  }
}
