package io.parley.workbench;

import io.parley.codec.FlowDocument;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Says in words how two flow files differ, widget by widget. The order of keys and of widgets, and
/// how a file is laid out, are no difference; what only moved on the canvas is said as such.
/// Confined to one comparison.
public final class FlowDiff {

  private final Map<String, Map<String, @Nullable Object>> before;
  private final Map<String, Map<String, @Nullable Object>> after;

  /// Names of before, by the new name.
  private final Map<String, String> renamed = new LinkedHashMap<>();

  private final List<Difference> differences = new ArrayList<>();

  private FlowDiff(@Nullable Object before, @Nullable Object after) {
    this.before = states(before);
    this.after = states(after);
  }

  /// The differences in the order of the later file, and then what is gone. Exports of before 2020
  /// are compared in today's form.
  public static List<Difference> between(FlowDocument before, FlowDocument after) {
    Object old = before.upgraded().tree();
    Object now = after.upgraded().tree();
    FlowDiff diff = new FlowDiff(old, now);
    diff.compareFlow(entries(old), entries(now));
    diff.findRenamed();
    diff.compareStates();
    return List.copyOf(diff.differences);
  }

  private static Map<String, Map<String, @Nullable Object>> states(@Nullable Object tree) {
    Map<String, Map<String, @Nullable Object>> states = new LinkedHashMap<>();
    for (Object state : items(entries(tree).get("states"))) {
      Map<String, @Nullable Object> entries = entries(state);
      states.putIfAbsent(String.valueOf(entries.get("name")), entries);
    }
    return states;
  }

  private void compareFlow(Map<String, @Nullable Object> old, Map<String, @Nullable Object> now) {
    old.remove("states");
    now.remove("states");
    compare("", "", old, now);
  }

  /// A widget that went and one that came are one that was renamed, if nothing else differs.
  private void findRenamed() {
    Set<String> gone = new LinkedHashSet<>(before.keySet());
    gone.removeAll(after.keySet());
    after.forEach(
        (name, state) -> {
          if (!before.containsKey(name)) {
            gone.stream()
                .filter(old -> nameless(before, old).equals(nameless(after, name)))
                .findFirst()
                .ifPresent(
                    old -> {
                      renamed.put(name, old);
                      gone.remove(old);
                    });
          }
        });
  }

  private static Map<String, @Nullable Object> nameless(
      Map<String, Map<String, @Nullable Object>> states, String name) {
    Map<String, @Nullable Object> state = new LinkedHashMap<>(states.getOrDefault(name, Map.of()));
    state.remove("name");
    Map<String, @Nullable Object> properties = entries(state.get("properties"));
    properties.remove("offset");
    state.put("properties", properties);
    return state;
  }

  private void compareStates() {
    after.forEach(
        (name, state) -> {
          String old = renamed.getOrDefault(name, name);
          if (!before.containsKey(old)) {
            say(name, "is new, of type " + state.get("type"));
            return;
          }
          if (!old.equals(name)) {
            say(name, "was called " + old);
          }
          compareState(name, before.getOrDefault(old, Map.of()), state);
        });
    for (String name : before.keySet()) {
      if (!after.containsKey(name) && !renamed.containsValue(name)) {
        say(name, "is gone");
      }
    }
  }

  private void compareState(
      String name, Map<String, @Nullable Object> old, Map<String, @Nullable Object> now) {
    Map<String, @Nullable Object> oldRest = new LinkedHashMap<>(old);
    Map<String, @Nullable Object> nowRest = new LinkedHashMap<>(now);
    for (String known : List.of("name", "properties", "transitions")) {
      oldRest.remove(known);
      nowRest.remove(known);
    }
    compare(name, "", oldRest, nowRest);
    Map<String, @Nullable Object> oldProperties = entries(old.get("properties"));
    Map<String, @Nullable Object> nowProperties = entries(now.get("properties"));
    boolean moved = !Objects.equals(oldProperties.remove("offset"), nowProperties.remove("offset"));
    compare(name, "", oldProperties, nowProperties);
    if (moved) {
      say(name, "moved on the canvas");
    }
    compareTransitions(name, exits(old, renamedBack()), exits(now, Map.of()));
  }

  private Map<String, String> renamedBack() {
    Map<String, String> names = new LinkedHashMap<>();
    renamed.forEach((now, old) -> names.put(old, now));
    return names;
  }

  /// A transition.
  ///
  /// @param when its event, or what its conditions ask
  /// @param rest what else is written there
  private record Exit(String when, String next, Map<String, @Nullable Object> rest) {}

  private static List<Exit> exits(
      Map<String, @Nullable Object> state, Map<String, String> newNames) {
    List<Exit> exits = new ArrayList<>();
    for (Object item : items(state.get("transitions"))) {
      Map<String, @Nullable Object> transition = entries(item);
      String next = transition.get("next") instanceof String name ? name : "";
      List<String> asked = new ArrayList<>();
      for (Object condition : items(transition.get("conditions"))) {
        asked.add(asked(entries(condition)));
      }
      String when =
          asked.isEmpty() ? String.valueOf(transition.get("event")) : String.join(" and ", asked);
      transition.keySet().removeAll(Set.of("event", "next", "conditions"));
      exits.add(new Exit(when, newNames.getOrDefault(next, next), transition));
    }
    return exits;
  }

  private static String asked(Map<String, @Nullable Object> condition) {
    List<?> arguments = items(condition.get("arguments"));
    String subject = arguments.isEmpty() ? "" : String.valueOf(arguments.getFirst());
    String value = condition.get("value") instanceof String text ? " \"" + text + "\"" : "";
    return "%s %s%s".formatted(subject, condition.get("type"), value);
  }

  private void compareTransitions(String name, List<Exit> old, List<Exit> now) {
    List<Exit> gone = new ArrayList<>(old);
    List<Exit> come = new ArrayList<>();
    now.forEach(
        exit -> {
          if (!gone.remove(exit)) {
            come.add(exit);
          }
        });
    if (gone.isEmpty() && come.isEmpty() && !old.equals(now)) {
      say(name, "has its transitions in another order");
    }
    for (Exit exit : come) {
      Exit same = first(gone, it -> it.when().equals(exit.when()));
      Exit other =
          same != null || exit.next().isEmpty()
              ? same
              : first(gone, it -> it.next().equals(exit.next()));
      if (same != null) {
        gone.remove(same);
        if (!same.next().equals(exit.next())) {
          say(name, "at %s leads %s, led %s".formatted(exit.when(), to(exit), to(same)));
        }
        compare(name, exit.when() + ".", same.rest(), exit.rest());
      } else if (other != null) {
        gone.remove(other);
        say(name, "leads %s at %s, did at %s".formatted(to(exit), exit.when(), other.when()));
      } else {
        say(name, "at %s leads %s, which is new".formatted(exit.when(), to(exit)));
      }
    }
    gone.forEach(it -> say(name, "at %s leads %s no more".formatted(it.when(), to(it))));
  }

  private static @Nullable Exit first(List<Exit> exits, java.util.function.Predicate<Exit> like) {
    return exits.stream().filter(like).findFirst().orElse(null);
  }

  private static String to(Exit exit) {
    return exit.next().isEmpty() ? "nowhere" : "to " + exit.next();
  }

  /// Compares two values, and all below them where both are objects, or lists of entries with keys.
  private void compare(String widget, String path, @Nullable Object old, @Nullable Object now) {
    if (Objects.equals(old, now)) {
      return;
    }
    Map<String, @Nullable Object> oldParts = parts(old);
    Map<String, @Nullable Object> nowParts = parts(now);
    if (oldParts.isEmpty() || nowParts.isEmpty()) {
      if (!path.isEmpty()) {
        Wording wording = Wording.of(old, now);
        say(widget, "%s was %s, is %s".formatted(path, wording.old(), wording.now()));
        return;
      }
    }
    String prefix = path.isEmpty() || path.endsWith(".") ? path : path + ".";
    Set<String> keys = new LinkedHashSet<>(oldParts.keySet());
    keys.addAll(nowParts.keySet());
    for (String key : keys) {
      if (!nowParts.containsKey(key)) {
        say(widget, "%s is gone, was %s".formatted(prefix + key, Wording.of(oldParts.get(key))));
      } else if (!oldParts.containsKey(key)) {
        say(widget, "%s is new, %s".formatted(prefix + key, Wording.of(nowParts.get(key))));
      } else {
        compare(widget, prefix + key, oldParts.get(key), nowParts.get(key));
      }
    }
  }

  /// The parts of an object by name, of a list of entries by their keys, of another list by place.
  private static Map<String, @Nullable Object> parts(@Nullable Object value) {
    if (value instanceof Map<?, ?>) {
      return entries(value);
    }
    Map<String, @Nullable Object> parts = new LinkedHashMap<>();
    List<?> items = items(value);
    for (int i = 0; i < items.size(); i++) {
      String key = String.valueOf(entries(items.get(i)).getOrDefault("key", i));
      parts.put(parts.containsKey(key) ? key + "#" + i : key, items.get(i));
    }
    return parts;
  }

  private void say(String widget, String sentence) {
    differences.add(new Difference(widget, sentence));
  }

  /// The entries of an object, to be changed at will; none of anything else.
  private static Map<String, @Nullable Object> entries(@Nullable Object value) {
    Map<String, @Nullable Object> entries = new LinkedHashMap<>();
    if (value instanceof Map<?, ?> map) {
      map.forEach((key, entry) -> entries.put(String.valueOf(key), entry));
    }
    return entries;
  }

  private static List<?> items(@Nullable Object value) {
    return value instanceof List<?> list ? list : List.of();
  }
}
