package io.parley.engine.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.Json;
import io.parley.engine.Values;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FlowReaderTest {

  @Test
  void aSoundFlowHasNoWarnings() {
    assertThat(SampleFlow.warnings("Asks once", "Asks once")).isEmpty();
    assertThat(SampleFlow.flow().widgets().keySet())
        .containsExactly("Trigger", "set", "ask-1", "split", "bye");
    assertThat(SampleFlow.flow().initialState()).isEqualTo("Trigger");
  }

  @Test
  void theDefinitionIsKeptAsItWasRead() {
    assertThat(Json.parse(Json.print(SampleFlow.flow().definition().entries())))
        .isEqualTo(Json.parse(SampleFlow.TEXT));
  }

  @Test
  void aTransitionWithNullOrEmptyOrNoNextIsNotWired() {
    Widget ask = SampleFlow.widget("ask-1", Widget.class);
    Widget bye = SampleFlow.widget("bye", Widget.class);

    assertThat(ask.next("incomingMessage")).contains("split");
    assertThat(ask.next("timeout")).isEmpty();
    assertThat(ask.next("deliveryFailure")).isEmpty();
    assertThat(bye.next("sent")).isEmpty();
  }

  @Test
  void aNextThatIsNullIsNotWired() {
    Map<String, Object> transition = new HashMap<>();
    transition.put("event", "incomingRequest");
    transition.put("next", null);
    Map<String, Object> trigger =
        Map.of(
            "name",
            "Trigger",
            "type",
            "trigger",
            "properties",
            Map.of(),
            "transitions",
            List.of(transition));

    FlowReading reading =
        FlowReader.read(Map.of("initial_state", "Trigger", "states", List.of(trigger)));

    assertThat(reading).isInstanceOf(FlowReading.Valid.class);
  }

  @Test
  void theRunningWidgetsAreReadWithTheirProperties() {
    assertThat(SampleFlow.widget("ask-1", SendAndWaitForReply.class))
        .satisfies(
            ask -> {
              assertThat(ask.timeout()).isEqualTo(Duration.ofMinutes(30));
              assertThat(ask.message())
                  .isEqualTo(
                      new Message(
                          "{{flow.channel.address}}",
                          "Hi {{flow.variables.name}}",
                          List.of("https://a.example/b,c"),
                          "",
                          Values.EMPTY,
                          true,
                          "",
                          Optional.empty(),
                          false));
            });
    assertThat(SampleFlow.widget("bye", SendMessage.class))
        .satisfies(
            bye -> {
              assertThat(bye.to()).isEqualTo("{{contact.channel.address}}");
              assertThat(bye.message().contentSid()).isEqualTo("HX2");
              assertThat(bye.message().contentVariables())
                  .isEqualTo(Values.of("1", "{{flow.variables.name}}").with("{{2}}", "two"));
            });
    assertThat(SampleFlow.widget("set", SetVariables.class).variables())
        .extracting(Parameter::json)
        .containsExactly(false, true);
    assertThat(SampleFlow.widget("split", SplitBasedOn.class).transitions())
        .containsExactly(
            new Transition("noMatch", Optional.empty(), List.of()),
            new Transition(
                "match",
                Optional.of("bye"),
                List.of(
                    new Condition(
                        "yes",
                        ConditionType.MATCHES_ANY_OF,
                        "{{ widgets.ask-1.inbound.Body }}",
                        "yes,yeah"))));
  }

  @ParameterizedTest
  @CsvSource({"'\"timeout\": 90', 90", "'\"timeout\": \" 90 \"', 90", "'\"timeout\": \"\"', 3600"})
  void aTimeoutIsTextOrInteger(String replacement, int seconds) {
    FlowReading reading =
        SampleFlow.read(SampleFlow.TEXT.replace("\"timeout\": \"1800\"", replacement));

    assertThat(reading)
        .isInstanceOfSatisfying(
            FlowReading.Valid.class,
            valid ->
                assertThat(valid.flow().widget("ask-1"))
                    .get()
                    .extracting(widget -> ((SendAndWaitForReply) widget).timeout())
                    .isEqualTo(Duration.ofSeconds(seconds)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      maxCharsPerColumn = 300,
      textBlock =
          """
          "Asks once" => 7 => #/description => integer found, string expected
          {"allow_concurrent_calls": true} => {} => #/flags/allow_concurrent_calls => is missing but it is required
          {"allow_concurrent_calls": true} => [] => #/flags => array found, object expected
          "initial_state": "Trigger", => `` => #/initial_state => is missing but it is required
          "initial_state": "Trigger" => "initial_state": "" => #/initial_state => must be at least 1 characters long
          "initial_state": "Trigger" => "initial_state": "Start" => #/initial_state => must name a state of this flow: there is no "Start"
          "initial_state": "Trigger" => "initial_state": "bye" => #/initial_state => must name the trigger widget, where executions begin: "bye"
          "type": "send-message" => "type": 5 => #/states/4/type => integer found, string expected
          "properties": {"input": "{{widgets.ask-1.inbound.Body}}"}, => `` => #/states/3/properties => is missing but it is required
          "transitions": [{"event": "next", "next": "ask-1"}] => "transitions": {} => #/states/1/transitions => object found, array expected
          {"event": "next", "next": "ask-1"} => {"next": "ask-1"} => #/states/1/transitions/0/event => is missing but it is required
          {"event": "next", "next": "ask-1"} => "next" => #/states/1/transitions/0 => string found, object expected
          "next": "ask-1" => "next": "ask-2" => #/states/1/transitions/0/next => must name a state of this flow: there is no "ask-2"
          "next": "ask-1" => "next": 2 => #/states/1/transitions/0/next => integer found, string expected
          "timeout": "1800" => "timeout": true => #/states/2/properties/timeout => boolean found, string or integer expected
          "timeout": "1800" => "timeout": 1.5 => #/states/2/properties/timeout => number found, string or integer expected
          "timeout": "1800" => "timeout": "{{flow.data.t}}" => #/states/2/properties/timeout => must be a whole number of seconds, such as "3600"; it can not be a template
          "timeout": "1800" => "timeout": -1 => #/states/2/properties/timeout => must be a whole number of seconds, such as "3600"; it can not be a template
          "from": "Bot", => `` => #/states/4/properties/from => is missing but it is required
          "message_type": "custom" => "message_type": "text" => #/states/2/properties/message_type => does not have a value in the enumeration [custom, content_template]
          "content_sid": "HX2" => "content_sid": "" => #/states/4/properties/content_sid => is missing but it is required, as message_type is content_template
          {"key": "1", => { => #/states/4/properties/content_variables/0/key => is missing but it is required
          "value": "two" => "value": 2 => #/states/4/properties/content_variables/1/value => integer found, string expected
          {"input": "{{widgets.ask-1.inbound.Body}}"} => {} => #/states/3/properties/input => is missing but it is required
          "variables": [ => "variable": [ => #/states/1/properties/variables => is missing but it is required
          "key": "offer" => "key": "{{flow.data.key}}" => #/states/1/properties/variables/1/key => must not contain Liquid: the name of a variable is a literal
          "friendly_name": "yes", => `` => #/states/3/transitions/1/conditions/0/friendly_name => is missing but it is required
          "arguments": ["{{ widgets.ask-1.inbound.Body }}"] => "arguments": [] => #/states/3/transitions/1/conditions/0/arguments => must have a minimum of 1 items in the array
          "arguments": ["{{ widgets.ask-1.inbound.Body }}"] => "arguments": "x" => #/states/3/transitions/1/conditions/0/arguments => string found, array expected
          "arguments": ["{{ widgets.ask-1.inbound.Body }}"] => "arguments": [1] => #/states/3/transitions/1/conditions/0/arguments/0 => integer found, string expected
          "value": "yes,yeah" => "value": 1 => #/states/3/transitions/1/conditions/0/value => integer found, string expected
          "type": "matches_any_of", "value": "yes,yeah" => "type": "regex", "value": "ye(s" => #/states/3/transitions/1/conditions/0/value => is no regular expression: Unclosed group at character 5
          """)
  void problemsSayWhereAndWhat(String piece, String replacement, String path, String message) {
    assertThat(SampleFlow.problems(piece, replacement))
        .containsExactly(new FlowProblem(path, message));
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      maxCharsPerColumn = 300,
      textBlock =
          """
          "name": "bye" => "name": "bye bye" => #/states/4/name => must start with a letter and have no spaces or periods: "bye bye"
          "name": "Trigger" => "name": "1st" => #/states/0/name => must start with a letter and have no spaces or periods: "1st"
          "name": "Trigger" => "name": "bye" => #/states/4/name => must be unique: "bye" names another state too
          "name": "Trigger", => `` => #/states/0/name => is missing but it is required
          "name": "Trigger" => "name": "" => #/states/0/name => must be at least 1 characters long
          """)
  void aNameThatIsWrongIsAProblemWhereverItIsUsed(
      String piece, String replacement, String path, String message) {
    assertThat(SampleFlow.problems(piece, replacement))
        .hasSize(2)
        .contains(new FlowProblem(path, message))
        .anyMatch(problem -> problem.message().startsWith("must name a state of this flow"));
  }

  @Test
  void anUnknownTypeIsToldAllTypes() {
    assertThat(SampleFlow.problems("\"type\": \"send-message\"", "\"type\": \"send-letter\""))
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.propertyPath()).isEqualTo("#/states/4/type");
              assertThat(problem.message())
                  .startsWith("does not have a value in the enumeration [trigger, send-message,")
                  .contains("make-outgoing-call-v2");
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"matches_regex", "EQUAL_TO", ""})
  void anUnknownConditionIsToldAllConditions(String type) {
    assertThat(SampleFlow.problems("\"matches_any_of\"", "\"" + type + "\""))
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.propertyPath())
                  .isEqualTo("#/states/3/transitions/1/conditions/0/type");
              assertThat(problem.message())
                  .startsWith("does not have a value in the enumeration [equal_to,")
                  .contains("regex");
            });
  }

  @Test
  void aRequiredPropertyThatIsNullIsAProblem() {
    Map<String, Object> definition = new HashMap<>();
    definition.put("initial_state", null);
    definition.put("states", List.of());

    assertThat(FlowReader.read(definition))
        .isEqualTo(
            new FlowReading.Invalid(
                List.of(
                    new FlowProblem("#/initial_state", "must not be null: string expected"),
                    new FlowProblem("#/states", "must have a minimum of 1 items in the array"))));
  }

  @Test
  void statesThatAreNoListAreToldOnce() {
    assertThat(FlowReader.read(Map.of("initial_state", "Trigger", "states", 5L)))
        .isEqualTo(
            new FlowReading.Invalid(
                List.of(
                    new FlowProblem("#/states", "integer found, array expected"),
                    new FlowProblem(
                        "#/initial_state",
                        "must name a state of this flow: there is no \"Trigger\""))));
  }

  @Test
  void allProblemsAreToldAtOnce() {
    assertThat(SampleFlow.problems("\"from\"", "\"sender\""))
        .extracting(FlowProblem::propertyPath)
        .containsExactly("#/states/2/properties/from", "#/states/4/properties/from");
  }

  @Test
  void aFlowHasAThousandStatesAtMost() {
    List<Object> states = new ArrayList<>();
    for (int i = 0; i < 1_001; i++) {
      states.add(
          Map.of(
              "name",
              "s" + i,
              "type",
              "trigger",
              "properties",
              Map.of(),
              "transitions",
              List.of()));
    }

    assertThat(FlowReader.read(Map.of("initial_state", "s0", "states", states)))
        .isEqualTo(
            new FlowReading.Invalid(
                List.of(
                    new FlowProblem(
                        "#/states", "must have a maximum of 1000 items in the array"))));
  }

  @Test
  void anExportOfBefore2020IsToldSo() {
    FlowReading reading =
        SampleFlow.read(
            """
            {"description": "old", "states": [
              {"name": "Trigger", "type": "InitialState", "sid": "FF1", "properties": {},
               "transitions": [{"event": "incomingMessage", "next": "FF2", "uuid": "u"}]}]}
            """);

    assertThat(reading)
        .isInstanceOfSatisfying(
            FlowReading.Invalid.class,
            invalid ->
                assertThat(invalid.problems())
                    .singleElement()
                    .extracting(FlowProblem::message)
                    .asString()
                    .contains("console export of before 2020"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      maxCharsPerColumn = 300,
      textBlock =
          """
          {"event": "sent"} => {"event": "delivered"} => #/states/4/transitions/0/event => is no event of send-message, which has [sent, failed]: it is never taken
          ["{{ widgets.ask-1.inbound.Body }}"] => ["{{ flow.data.x }}"] => #/states/3/transitions/1/conditions/0/arguments/0 => differs from the input of the widget, {{widgets.ask-1.inbound.Body}}: the argument is what is compared
          ["{{ widgets.ask-1.inbound.Body }}"] => ["{{ widgets.ask-1.inbound.Body }}", "x"] => #/states/3/transitions/1/conditions/0/arguments => has 2 items, of which the first is compared
          "event": "match", "next": "bye", "conditions" => "event": "match", "next": "bye", "condition" => #/states/3/transitions/1/conditions => is empty: a match without conditions is never taken
          "value": "two" => "value": "{{widgets.asked.inbound.Body}}" => #/states/4/properties/content_variables/1/value => reads widgets.asked, which is no widget of this flow: it is empty
          "body": "Hi {{flow.variables.name}}" => "body": "Hi {% if %}" => #/states/2/properties/body => is no valid Liquid, and renders as nothing: parser error
          "next": "bye", => `` => #/states/4/name => is reached by no transition
          "type": "send-message" => "type": "record-voicemail" => #/states/4/type => is read but not run: an execution that gets here ends here
          """)
  void whatSurelyIsNotMeantIsAWarning(
      String piece, String replacement, String path, String message) {
    assertThat(SampleFlow.warnings(piece, replacement))
        .anySatisfy(
            warning -> {
              assertThat(warning.propertyPath()).isEqualTo(path);
              assertThat(warning.message()).startsWith(message);
            });
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      maxCharsPerColumn = 300,
      textBlock =
          """
          make-http-request => {"method": "BREW", "url": "u"} => method => does not have a value in the enumeration [GET, POST, PUT, PATCH, DELETE, HEAD]
          make-http-request => {"method": "GET"} => url => is missing but it is required
          make-http-request => {"method": "GET", "url": "u", "add_twilio_auth": "true"} => add_twilio_auth => string found, boolean expected
          make-http-request => {"method": "GET", "url": "u", "parameters": [{"value": "v"}]} => parameters/0/key => is missing but it is required
          run-function => {} => url => is missing but it is required
          run-subflow => {"flow_sid": "{{flow.data.sid}}"} => flow_sid => must be a valid, non-liquid flow sid
          send-to-flex => {"workflow": "WW1", "channel": "TC1", "priority": 0} => priority => integer found, string expected
          send-to-flex => {"workflow": "WW1"} => channel => is missing but it is required
          add-twiml-redirect => {"url": "u", "timeout": 60} => timeout => integer found, string expected
          add-twiml-redirect => {"url": "u", "timeout": "14401"} => timeout => must be a whole number of seconds from "0" to "14400"
          parley.wait => {"duration": "PT2H", "until": "18:00"} =>  => must have one of duration, until and until_open
          parley.wait => {"until": "18:00", "time_zone": "Mars/Base"} => time_zone => must name a time zone, such as "America/New_York"
          parley.wait => {"until_open": {"mon": "18:00-18:00", "tue": "20:00-02:00"}} => until_open/mon => must be hours such as "09:00-12:00,13:00-18:00", or "shut": "18:00-18:00"
          parley.wait-for-event => {"event": "Order Shipped", "timeout": "soon"} => timeout => must be seconds or a duration such as "2h" or "3d"
          parley.wait-for-event => {"timeout": "PT2H"} => event => is missing but it is required
          parley.random-split => {"branches": [{"event": "a", "weight": 0}]} => branches/0/weight => must be a whole number from 1 to 1000000
          parley.handoff => {"skills": [""]} => skills/0 => must be the name of a skill, such as "french"
          parley.handoff => {"timeout": "soon"} => timeout => must be seconds or a duration such as "30m" or "2h"
          parley.handoff => {"topic": 3} => topic => integer found, string expected
          start-conversation => {"participants": {}} => participants => object found, array expected
          say-play => {"voice": "alice"} => say => is missing but it is required, where there is no play
          gather-input-on-call => {"say": "x", "stop_gather": "yes"} => stop_gather => string found, boolean expected
          record-call => {"record_call": "true"} => record_call => string found, boolean expected
          capture-payments => {"security_code": "true"} => security_code => string found, boolean expected
          connect-call-to => {"offset": 3} => offset => integer found, object expected
          """)
  void propertiesAreCheckedByType(String type, String properties, String path, String message) {
    FlowReading reading =
        SampleFlow.read(
            """
            {"initial_state": "Trigger", "states": [
              {"name": "Trigger", "type": "trigger", "properties": {},
               "transitions": [{"event": "incomingRequest", "next": "it"}]},
              {"name": "it", "type": "%s", "properties": %s, "transitions": []}]}
            """
                .formatted(type, properties));

    assertThat(reading)
        .isEqualTo(
            new FlowReading.Invalid(
                List.of(
                    new FlowProblem(
                        ("#/states/1/properties/" + (path == null ? "" : path))
                            .replaceAll("/$", ""),
                        message))));
  }

  @Test
  void noDefinitionMakesTheReadingFail() {
    Object sample = Json.parse(SampleFlow.TEXT).orElseThrow();
    List<Object> strangers = List.of(5L, 0.5, true, "", "{{", List.of(), Map.of(), List.of(1L));

    for (Object stranger : strangers) {
      assertThat(variants(sample, stranger))
          .hasSizeGreaterThan(80)
          .allSatisfy(tree -> assertThat(FlowReader.read(tree)).isNotNull());
    }
  }

  /// The tree with the stranger in place of each of its values in turn.
  private static List<Object> variants(Object tree, Object stranger) {
    List<Object> variants = new ArrayList<>(List.of(stranger));
    if (tree instanceof Map<?, ?> map) {
      map.forEach(
          (key, value) ->
              variants(value, stranger)
                  .forEach(
                      variant -> {
                        Map<Object, Object> copy = new LinkedHashMap<>(map);
                        copy.put(key, variant);
                        variants.add(copy);
                      }));
    }
    if (tree instanceof List<?> list) {
      for (int i = 0; i < list.size(); i++) {
        for (Object variant : variants(list.get(i), stranger)) {
          List<Object> copy = new ArrayList<>(list);
          copy.set(i, variant);
          variants.add(copy);
        }
      }
    }
    return variants;
  }
}
