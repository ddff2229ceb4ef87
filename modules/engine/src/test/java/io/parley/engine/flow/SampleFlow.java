package io.parley.engine.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.Json;
import java.util.List;
import java.util.Map;

/// A small flow as text, and places in it to be spoilt.
final class SampleFlow {

  static final String TEXT =
      """
      {
        "description": "Asks once",
        "flags": {"allow_concurrent_calls": true},
        "initial_state": "Trigger",
        "states": [
          {"name": "Trigger", "type": "trigger",
           "properties": {"offset": {"x": 0, "y": 0}},
           "transitions": [
             {"event": "incomingMessage"},
             {"event": "incomingRequest", "next": "set"}]},
          {"name": "set", "type": "set-variables",
           "properties": {"variables": [
             {"key": "name", "value": "{{flow.data.name | default: 'there'}}", "index": "0"},
             {"key": "offer", "value": "{{flow.data.offer | to_json}}", "type": "json_object"}]},
           "transitions": [{"event": "next", "next": "ask-1"}]},
          {"name": "ask-1", "type": "send-and-wait-for-reply",
           "properties": {"from": "{{flow.channel.address}}", "body": "Hi {{flow.variables.name}}",
             "timeout": "1800", "service": "{{trigger.message.InstanceSid}}",
             "message_type": "custom", "content_sid": "HX1", "media_url": "https://a.example/b,c", "shorten_urls": true},
           "transitions": [
             {"event": "incomingMessage", "next": "split"},
             {"event": "timeout", "next": null},
             {"event": "deliveryFailure", "next": ""}]},
          {"name": "split", "type": "split-based-on",
           "properties": {"input": "{{widgets.ask-1.inbound.Body}}"},
           "transitions": [
             {"event": "noMatch"},
             {"event": "match", "next": "bye", "conditions": [
               {"friendly_name": "yes", "arguments": ["{{ widgets.ask-1.inbound.Body }}"],
                "type": "matches_any_of", "value": "yes,yeah"}]}]},
          {"name": "bye", "type": "send-message",
           "properties": {"from": "Bot", "to": "{{contact.channel.address}}",
             "message_type": "content_template", "content_sid": "HX2",
             "content_variables": [{"key": "1", "value": "{{flow.variables.name}}"},
                                   {"key": "{{2}}", "value": "two"}]},
           "transitions": [{"event": "sent"}, {"event": "failed"}]}
        ]
      }
      """;

  private SampleFlow() {}

  static Flow flow() {
    return switch (read(TEXT)) {
      case FlowReading.Valid(var flow, var _) -> flow;
      case FlowReading.Invalid(var problems) -> throw new AssertionError(problems);
    };
  }

  static <W extends Widget> W widget(String name, Class<W> type) {
    return type.cast(flow().widget(name).orElseThrow());
  }

  /// The problems of the flow with a piece of its text replaced.
  static List<FlowProblem> problems(String piece, String replacement) {
    return switch (read(spoilt(piece, replacement))) {
      case FlowReading.Valid _ -> List.of();
      case FlowReading.Invalid(var problems) -> problems;
    };
  }

  static List<FlowProblem> warnings(String piece, String replacement) {
    return switch (read(spoilt(piece, replacement))) {
      case FlowReading.Valid(var _, var warnings) -> warnings;
      case FlowReading.Invalid(var problems) -> throw new AssertionError(problems);
    };
  }

  private static String spoilt(String piece, String replacement) {
    assertThat(TEXT).contains(piece);
    return TEXT.replace(piece, replacement);
  }

  static FlowReading read(String json) {
    return FlowReader.read(Json.parse(json).orElse(Map.of()));
  }
}
