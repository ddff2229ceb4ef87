package io.parley.scenarios;

import io.parley.codec.FlowFiles;
import io.parley.engine.flow.Flow;
import io.parley.engine.flow.FlowProblem;
import io.parley.engine.flow.FlowReading;
import java.util.ArrayList;
import java.util.List;

/// Flows written in a test, a widget a line: its name, its type, its properties and where its
/// exits lead.
final class Drafts {

  private final String flags;
  private final List<String> states = new ArrayList<>();

  private Drafts(String flags) {
    this.flags = flags;
  }

  /// A flow in which every way of the trigger leads to the widget `first`.
  static Drafts flow() {
    return new Drafts("");
  }

  /// @param flag one more flag, as `"name": value`
  static Drafts flow(String flag) {
    return new Drafts(", " + flag);
  }

  /// @param exits `event>widget`, or `event` alone where it leads nowhere
  Drafts widget(String name, String type, String properties, String... exits) {
    List<String> transitions = new ArrayList<>();
    for (String exit : exits) {
      String[] ends = exit.split(">", -1);
      String next = ends.length == 1 ? "" : ", \"next\": \"" + ends[1] + "\"";
      transitions.add("{\"event\": \"" + ends[0] + "\"" + next + "}");
    }
    states.add(
        "{\"name\": \"%s\", \"type\": \"%s\", \"properties\": %s, \"transitions\": [%s]}"
            .formatted(name, type, properties, String.join(", ", transitions)));
    return this;
  }

  /// A message that is sent, whatever its text says.
  Drafts message(String name, String body, String... exits) {
    return widget(
        name,
        "send-message",
        "{\"from\": \"{{flow.channel.address}}\", \"to\": \"{{contact.channel.address}}\","
            + " \"body\": \"%s\"}".formatted(body),
        exits);
  }

  /// A question that is waited on for an hour.
  Drafts ask(String name, String body, String... exits) {
    return widget(
        name,
        "send-and-wait-for-reply",
        "{\"from\": \"{{flow.channel.address}}\", \"body\": \"%s\", \"timeout\": \"3600\"}"
            .formatted(body),
        exits);
  }

  Flow read() {
    return Flows.read(json());
  }

  /// What a reader finds wrong with it, as `pointer message`.
  List<String> problems() {
    return switch (FlowFiles.read(json())) {
      case FlowReading.Valid _ -> List.of();
      case FlowReading.Invalid(var problems) -> problems.stream().map(Drafts::sentence).toList();
    };
  }

  private static String sentence(FlowProblem problem) {
    return problem.propertyPath() + " " + problem.message();
  }

  private String json() {
    return """
        {"description": "A draft", "initial_state": "Trigger", "flags": {"allow_concurrent_calls": true%s}, "states": [
          {"name": "Trigger", "type": "trigger", "properties": {}, "transitions": [
            {"event": "incomingMessage", "next": "first"},
            {"event": "incomingRequest", "next": "first"},
            {"event": "incomingParent", "next": "first"}]},
          %s]}
        """
        .formatted(flags, String.join(",\n", states));
  }
}
