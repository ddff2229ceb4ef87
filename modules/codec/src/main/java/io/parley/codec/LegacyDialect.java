package io.parley.codec;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The console export of before 2020, and its way to today's form.
///
/// ```json
/// {"description": "...", "states": [{"name": "Trigger", "type": "InitialState", "sid": "FF1...",
///   "properties": {}, "transitions": [
///     {"event": "incomingMessage", "conditions": [], "next": "FF2...", "uuid": "..."}]}]}
/// ```
///
/// Events and properties are today's. What has no meaning any more (a state's `sid`, a transition's
/// `uuid`) and the nulls of properties, which Studio's validation refuses today, are left out.
/// Source: two public exports; the mapping of types is one to one.
final class LegacyDialect {

  private static final Map<String, String> TYPES =
      Map.of(
          "InitialState", "trigger",
          "Message", "send-message",
          "MessagePrompt", "send-and-wait-for-reply",
          "Branch", "split-based-on",
          "SetVariables", "set-variables",
          "Function", "run-function",
          "Webhook", "make-http-request",
          "SayPlay", "say-play",
          "Gather", "gather-input-on-call",
          "DialV2", "connect-call-to");

  /// Integers then, texts by today's schema.
  private static final Set<String> TEXTS = Set.of("timeout");

  private LegacyDialect() {}

  static boolean speaks(@Nullable Object tree) {
    return tree instanceof Map<?, ?> definition
        && definition.get("initial_state") == null
        && states(definition).stream().anyMatch(state -> TYPES.containsKey(word(state, "type")));
  }

  static Object upgrade(@Nullable Object tree) {
    if (!(tree instanceof Map<?, ?> definition)) {
      throw new IllegalArgumentException("no definition of the old dialect");
    }
    Map<String, @Nullable Object> today = copy(definition);
    Map<String, String> namesBySid = new HashMap<>();
    for (Map<?, ?> state : states(definition)) {
      namesBySid.put(word(state, "sid"), word(state, "name"));
      if (word(state, "type").equals("InitialState")) {
        today.putIfAbsent("initial_state", word(state, "name"));
      }
    }
    if (definition.get("states") instanceof List<?> states) {
      today.put("states", each(states, state -> state(state, namesBySid)));
    }
    return today;
  }

  private static Map<String, @Nullable Object> state(Map<?, ?> old, Map<String, String> names) {
    Map<String, @Nullable Object> state = copy(old);
    state.remove("sid");
    state.put("type", TYPES.getOrDefault(word(old, "type"), word(old, "type")));
    if (old.get("properties") instanceof Map<?, ?> properties) {
      state.put("properties", properties(properties));
    }
    if (old.get("transitions") instanceof List<?> transitions) {
      state.put("transitions", each(transitions, it -> transition(it, names)));
    }
    return state;
  }

  private static Map<String, @Nullable Object> properties(Map<?, ?> old) {
    Map<String, @Nullable Object> properties = copy(old);
    properties.values().removeIf(value -> value == null);
    properties.replaceAll(
        (key, value) ->
            TEXTS.contains(key) && value instanceof Number number ? number.toString() : value);
    return properties;
  }

  private static Map<String, @Nullable Object> transition(
      Map<?, ?> old, Map<String, String> names) {
    Map<String, @Nullable Object> transition = copy(old);
    transition.remove("uuid");
    if (old.get("next") == null) {
      transition.remove("next");
    } else if (old.get("next") instanceof String next) {
      transition.put("next", names.getOrDefault(next, next));
    }
    if (old.get("conditions") instanceof List<?> conditions && conditions.isEmpty()) {
      transition.remove("conditions");
    }
    return transition;
  }

  private static List<Map<?, ?>> states(Map<?, ?> definition) {
    List<Map<?, ?>> states = new ArrayList<>();
    if (definition.get("states") instanceof List<?> items) {
      for (Object item : items) {
        if (item instanceof Map<?, ?> state) {
          states.add(state);
        }
      }
    }
    return states;
  }

  private interface Change {
    Map<String, @Nullable Object> of(Map<?, ?> old);
  }

  /// Every object of a list changed; what is no object stays, for the reader to say so.
  private static List<@Nullable Object> each(List<?> items, Change change) {
    List<@Nullable Object> changed = new ArrayList<>();
    for (Object item : items) {
      changed.add(item instanceof Map<?, ?> map ? change.of(map) : item);
    }
    return changed;
  }

  private static Map<String, @Nullable Object> copy(Map<?, ?> map) {
    Map<String, @Nullable Object> copy = new LinkedHashMap<>();
    map.forEach((key, value) -> copy.put(String.valueOf(key), value));
    return copy;
  }

  private static String word(Map<?, ?> object, String key) {
    return object.get(key) instanceof String word ? word : "";
  }
}
