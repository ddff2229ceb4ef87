package io.parley.workbench;

import io.parley.codec.FlowFiles;
import io.parley.engine.Json;
import io.parley.engine.flow.Flow;
import io.parley.engine.flow.FlowReading;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Flow files in few words. An empty `next` is not wired.
final class States {

  private static final String FROM = "{{flow.channel.address}}";

  private States() {}

  static String file(Map<?, ?>... states) {
    return Json.print(
        object("description", "", "initial_state", "Trigger", "states", List.of(states)));
  }

  static Flow flow(String json) {
    return switch (FlowFiles.read(json)) {
      case FlowReading.Valid(var flow, var _) -> flow;
      case FlowReading.Invalid(var problems) -> throw new AssertionError(problems);
    };
  }

  static Map<String, Object> trigger(String next) {
    return state(
        "Trigger", "trigger", object(), way("incomingMessage", next), way("incomingRequest", next));
  }

  static Map<String, Object> ask(String name, String body, String reply, String timeout) {
    return state(
        name,
        "send-and-wait-for-reply",
        object("from", FROM, "body", body, "timeout", "3600"),
        way("incomingMessage", reply),
        way("timeout", timeout),
        way("deliveryFailure", timeout));
  }

  static Map<String, Object> send(String name, String body, String next) {
    return state(
        name,
        "send-message",
        object("from", FROM, "to", "{{contact.channel.address}}", "body", body),
        way("sent", next),
        way("failed", next));
  }

  static Map<String, Object> set(String name, String key, String value, String next) {
    return state(
        name,
        "set-variables",
        object("variables", List.of(object("key", key, "value", value))),
        way("next", next));
  }

  static Map<String, Object> known(String name, String type, String event, String next) {
    return state(
        name,
        type,
        object("workflow", "WW", "channel", "TC", "url", "https://example.com", "method", "GET"),
        way(event, next));
  }

  /// @param ways event and next of each way, in turn
  static Map<String, Object> widget(
      String name, String type, Map<String, Object> properties, String... ways) {
    List<Map<String, Object>> transitions = new ArrayList<>();
    for (int i = 0; i < ways.length; i += 2) {
      transitions.add(way(ways[i], ways[i + 1]));
    }
    return state(name, type, properties, transitions);
  }

  /// @param matches type, value and next of each match, in turn
  static Map<String, Object> split(String name, String input, String noMatch, String... matches) {
    List<Map<String, Object>> ways = new ArrayList<>(List.of(way("noMatch", noMatch)));
    for (int i = 0; i < matches.length; i += 3) {
      Map<String, Object> match = way("match", matches[i + 2]);
      match.put(
          "conditions",
          List.of(
              object(
                  "friendly_name",
                  "c",
                  "type",
                  matches[i],
                  "arguments",
                  List.of(input),
                  "value",
                  matches[i + 1])));
      ways.add(match);
    }
    return state(name, "split-based-on", object("input", input), ways);
  }

  private static Map<String, Object> state(
      String name, String type, Map<String, Object> properties, Map<?, ?>... ways) {
    return state(name, type, properties, List.of(ways));
  }

  private static Map<String, Object> state(
      String name, String type, Map<String, Object> properties, List<? extends Map<?, ?>> ways) {
    return object("name", name, "type", type, "properties", properties, "transitions", ways);
  }

  private static Map<String, Object> way(String event, String next) {
    return next.isEmpty() ? object("event", event) : object("event", event, "next", next);
  }

  private static Map<String, Object> object(Object... entries) {
    Map<String, Object> object = new LinkedHashMap<>();
    for (int i = 0; i < entries.length; i += 2) {
      object.put((String) entries[i], entries[i + 1]);
    }
    return object;
  }
}
