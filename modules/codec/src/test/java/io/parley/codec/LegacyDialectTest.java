package io.parley.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.flow.FlowProblem;
import io.parley.engine.flow.FlowReading;
import java.util.List;
import org.junit.jupiter.api.Test;

class LegacyDialectTest {

  private static final String EXPORT =
      """
      {"description": "Old", "states": [
        {"name": "Trigger", "type": "InitialState", "sid": "FF1",
         "properties": {"offset": {"x": 0, "y": 0}, "flow_url": "https://example.com"},
         "transitions": [
           {"event": "incomingMessage", "conditions": [], "next": "FF2", "uuid": "u1"},
           {"event": "incomingCall", "conditions": [], "next": null, "uuid": "u2"}]},
        {"name": "ask", "type": "MessagePrompt", "sid": "FF2",
         "properties": {"from": "{{flow.channel.address}}", "body": "Who?", "timeout": 60,
                        "media_url": null},
         "transitions": [{"event": "incomingMessage", "conditions": [], "next": "FF3"}]},
        {"name": "who", "type": "Branch", "sid": "FF3",
         "properties": {"input": "{{widgets.ask.inbound.Body}}"},
         "transitions": [
           {"event": "noMatch", "conditions": [], "next": null},
           {"event": "match", "next": "FF2", "conditions": [
             {"friendly_name": "f", "type": "equal_to", "value": "you",
              "arguments": ["{{widgets.ask.inbound.Body}}"]}]}]}]}
      """;

  @Test
  void anOldExportReadsAsAFlowAndSaysSo() {
    assertThat(FlowFiles.read(EXPORT))
        .isInstanceOfSatisfying(
            FlowReading.Valid.class,
            valid -> {
              assertThat(valid.flow().widgets().keySet()).containsExactly("Trigger", "ask", "who");
              assertThat(valid.warnings())
                  .containsExactly(
                      new FlowProblem(
                          "#",
                          "is a console export of before 2020, and is read as if it had today's"
                              + " form"));
            });
  }

  @Test
  void theUpgradedFormIsTodays() {
    assertThat(document(EXPORT).upgraded().canonical())
        .isEqualTo(
            """
            {
              "description": "Old",
              "initial_state": "Trigger",
              "states": [
                {
                  "name": "Trigger",
                  "type": "trigger",
                  "properties": {
                    "flow_url": "https://example.com",
                    "offset": {
                      "x": 0,
                      "y": 0
                    }
                  },
                  "transitions": [
                    {
                      "event": "incomingMessage",
                      "next": "ask"
                    },
                    {
                      "event": "incomingCall"
                    }
                  ]
                },
                {
                  "name": "ask",
                  "type": "send-and-wait-for-reply",
                  "properties": {
                    "body": "Who?",
                    "from": "{{flow.channel.address}}",
                    "timeout": "60"
                  },
                  "transitions": [
                    {
                      "event": "incomingMessage",
                      "next": "who"
                    }
                  ]
                },
                {
                  "name": "who",
                  "type": "split-based-on",
                  "properties": {
                    "input": "{{widgets.ask.inbound.Body}}"
                  },
                  "transitions": [
                    {
                      "event": "noMatch"
                    },
                    {
                      "event": "match",
                      "next": "ask",
                      "conditions": [
                        {
                          "friendly_name": "f",
                          "type": "equal_to",
                          "arguments": [
                            "{{widgets.ask.inbound.Body}}"
                          ],
                          "value": "you"
                        }
                      ]
                    }
                  ]
                }
              ]
            }
            """);
  }

  @Test
  void anUpgradedFormIsNoOldExport() {
    FlowDocument upgraded = document(EXPORT).upgraded();

    assertThat(upgraded.isLegacy()).isFalse();
    assertThat(upgraded.upgraded()).isSameAs(upgraded);
  }

  @Test
  void aSidThatNamesNoStateIsAProblemWhereItStands() {
    assertThat(FlowFiles.read(EXPORT.replace("\"next\": \"FF3\"", "\"next\": \"FF9\"")))
        .isEqualTo(
            new FlowReading.Invalid(
                List.of(
                    new FlowProblem(
                        "#/states/1/transitions/0/next",
                        "must name a state of this flow: there is no \"FF9\""))));
  }

  @Test
  void anOldExportWithoutATriggerHasNoInitialState() {
    assertThat(FlowFiles.read(EXPORT.replace("InitialState", "SayPlay")))
        .isInstanceOfSatisfying(
            FlowReading.Invalid.class,
            invalid ->
                assertThat(invalid.problems())
                    .contains(new FlowProblem("#/initial_state", "is missing but it is required")));
  }

  private static FlowDocument document(String json) {
    return switch (FlowDocument.parse(json)) {
      case FlowDocument.Parsing.Parsed(var document) -> document;
      case FlowDocument.Parsing.Unreadable(var problem) -> throw new AssertionError(problem);
    };
  }
}
