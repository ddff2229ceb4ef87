package io.parley.workbench;

import static io.parley.workbench.States.ask;
import static io.parley.workbench.States.file;
import static io.parley.workbench.States.known;
import static io.parley.workbench.States.send;
import static io.parley.workbench.States.set;
import static io.parley.workbench.States.split;
import static io.parley.workbench.States.trigger;
import static io.parley.workbench.States.widget;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FlowCheckTest {

  private static final Map<String, Object> DESK = Map.of("workflow", "WW1", "channel", "sms");
  private static final String REPLY = "{{widgets.ask.inbound.Body}}";

  @Test
  void aFlowWithoutSurprisesHasNoFindingsButHints() {
    assertThat(
            codes(
                file(
                    trigger("ask"),
                    ask("ask", "Yes or no?", "answer", "bye"),
                    split("answer", REPLY, "bye", "matches_any_of", "yes, yep", "desk"),
                    send("bye", "Bye", ""),
                    widget("desk", "send-to-flex", DESK, "failedToEnqueue", "bye"))))
        .containsExactly("free-text-opener");
  }

  @Test
  void aCallThatGoesOnOnlyWhereItSucceedsIsFound() {
    assertThat(
            sentences(
                Rule.UNWIRED_FAILURE,
                file(
                    trigger("get"),
                    known("get", "make-http-request", "success", "desk"),
                    known("last", "make-http-request", "success", ""),
                    widget("desk", "send-to-flex", DESK, "callComplete", "last"))))
        .containsExactly(
            "widget get leads nowhere at failed: where the request fails, the conversation ends"
                + " without a word",
            "widget desk leads nowhere at failedToEnqueue: where the handoff fails, the conversation"
                + " ends without a word");
  }

  @Test
  void aUrlThatNobodyCanCallIsFound() {
    assertThat(
            sentences(
                Rule.BROKEN_URL,
                file(
                    trigger("a"),
                    widget("a", "make-http-request", call("${host}/x"), "success", "b"),
                    widget("b", "make-http-request", call("{{flow.data.url}}"), "success", "c"),
                    widget("c", "make-http-request", call("https://u:p@a.io?x=1"), "success", "d"),
                    widget("d", "run-function", Map.of("url", "/hold"), "success", "e"),
                    widget("e", "run-function", Map.of("url", "${host}"), "success", ""))))
        .containsExactly(
            "widget a calls ${host}/x, which is no URL", "widget e calls ${host}, which is no URL");
  }

  @Test
  void aBuiltInFunctionIsKnownWithItsParameters() {
    List<Map<String, String>> id =
        List.of(Map.of("key", "transactional_message_id", "value", "12"));
    List<Map<String, String>> wrong = List.of(Map.of("key", "mesage_data", "value", "{}"));
    String file =
        file(
            trigger("a"),
            widget("a", "run-function", run("customerio/email", id), "success", "b"),
            widget("b", "run-function", run("customerio/emial", id), "success", "c"),
            widget("c", "run-function", run("customerio/email", wrong), "success", ""));

    assertThat(sentences(Rule.UNKNOWN_FUNCTION, file))
        .containsExactly(
            "widget b runs an unknown function customerio/emial: did you mean customerio/email?");
    assertThat(sentences(Rule.FUNCTION_PARAMETERS, file))
        .containsExactly(
            "widget c gives customerio/email an unknown parameter mesage_data: did you mean"
                + " message_data?",
            "widget c gives customerio/email no transactional_message_id");
    assertThat(sentences(Rule.BROKEN_URL, file)).isEmpty();
  }

  private static Map<String, Object> run(String name, List<Map<String, String>> parameters) {
    return Map.of("url", name, "parameters", parameters);
  }

  private static Map<String, Object> call(String url) {
    return Map.of("url", url, "method", "GET");
  }

  @Test
  void aSplitThatAsksForAThingAndItsOppositeTakesAll() {
    String[] both = {"is_blank", "", "a", "is_not_blank", "", "b"};
    String[] half = {"is_blank", "", "a", "is_not_blank", "", ""};
    String input = "{{flow.data.x}}";

    assertThat(
            codes(
                file(
                    trigger("s"),
                    split("s", input, "", both),
                    send("a", "A", ""),
                    send("b", "B", ""))))
        .doesNotContain("unwired-no-match");
    assertThat(codes(file(trigger("s"), split("s", input, "", half), send("a", "A", ""))))
        .contains("unwired-no-match");
  }

  @Test
  void aCircleOfRequestsPolls() {
    assertThat(
            sentences(
                Rule.POLLING_CYCLE,
                file(
                    trigger("get"),
                    known("get", "make-http-request", "success", "done"),
                    split("done", "{{widgets.get.parsed.done}}", "get", "equal_to", "true", ""))))
        .containsExactly(
            "widgets get, done make requests round in a circle without a message or a wait");
    assertThat(
            codes(
                file(
                    trigger("get"),
                    known("get", "make-http-request", "success", "done"),
                    split("done", "{{widgets.get.parsed.done}}", "rest", "equal_to", "true", "bye"),
                    widget("rest", "parley.wait", Map.of("duration", "PT5M"), "next", "get"),
                    send("bye", "Bye", ""))))
        .doesNotContain("polling-cycle", "endless-wait", "nagging-cycle");
  }

  @Test
  void aCircleOfMessagesAndWaitsNags() {
    assertThat(
            sentences(
                Rule.NAGGING_CYCLE,
                file(
                    trigger("tell"),
                    send("tell", "Buy!", "rest"),
                    widget("rest", "parley.wait", Map.of("duration", "P1D"), "next", "tell"))))
        .containsExactly(
            "widgets tell, rest send messages again and again, whatever the contact does");
  }

  @Test
  void waitsThatNothingLeadsAwayFromAreEndless() {
    assertThat(
            sentences(
                Rule.ENDLESS_WAIT,
                file(
                    trigger("rest"),
                    widget("rest", "parley.wait", Map.of("duration", "P1D"), "next", "rest"))))
        .containsExactly("widget rest waits again and again, and nothing leads away");
    assertThat(
            codes(
                file(
                    trigger("bought"),
                    widget(
                        "bought",
                        "parley.wait-for-event",
                        Map.of("event", "purchase", "timeout", "P1D"),
                        "occurred",
                        "thanks",
                        "timeout",
                        "bought"),
                    send("thanks", "Thanks", ""))))
        .doesNotContain("endless-wait", "unwired-timeout");
  }

  @Test
  void aWaitBeyondTheLifeOfAnExecutionIsFound() {
    assertThat(
            sentences(
                Rule.TIMEOUT_BEYOND_LIFE,
                file(
                    trigger("rest"),
                    widget("rest", "parley.wait", Map.of("duration", "PT744H"), "next", "bought"),
                    widget(
                        "bought",
                        "parley.wait-for-event",
                        Map.of("event", "purchase"),
                        "occurred",
                        ""))))
        .containsExactly("widget rest waits 31 days, and the execution lives 30");
  }

  @Test
  void oneSubflowHasOneRevision() {
    assertThat(
            sentences(
                Rule.SUBFLOW_REVISIONS,
                file(
                    trigger("a"),
                    subflow("a", 'a', "LatestPublished", "b"),
                    subflow("b", 'b', "3", "c"),
                    subflow("c", 'a', "4", ""))))
        .containsExactly("widget c runs 4 of a flow of which another widget runs LatestPublished");
  }

  private static Map<String, Object> subflow(
      String name, char digit, String revision, String completed) {
    return widget(
        name,
        "run-subflow",
        Map.of("flow_sid", Sids.sid("FW", digit), "flow_revision", revision),
        "completed",
        completed);
  }

  @Test
  void aFlowThatAsksNeedsAWayToAHuman() {
    String alone = file(trigger("ask"), ask("ask", "Hi?", "", ""));
    String before =
        file(
            trigger("desk"),
            widget("desk", "send-to-flex", DESK, "callComplete", "ask"),
            ask("ask", "Hi?", "", ""));
    String elsewhere =
        file(trigger("ask"), ask("ask", "Hi?", "sub", ""), subflow("sub", 'a', "1", ""));

    assertThat(codes(alone)).contains("no-human");
    assertThat(codes(before)).contains("no-human");
    assertThat(codes(elsewhere)).doesNotContain("no-human");
    assertThat(codes(file(trigger("a"), send("a", "Hi", "")))).doesNotContain("no-human");
  }

  @Test
  void aTextThatIsNoJsonIsOneError() {
    assertThat(FlowCheck.check("f", "{").findings())
        .singleElement()
        .satisfies(it -> assertThat(it.severity()).isEqualTo(Severity.ERROR))
        .satisfies(it -> assertThat(it.pointer()).isEqualTo("#"));
  }

  @Test
  void whatBreaksTheSchemaIsSaidOfItsWidget() {
    assertThat(FlowCheck.check("f", file(trigger("gone"))).findings())
        .extracting(Finding::code, Finding::pointer, Finding::sentence)
        .startsWith(
            tuple(
                "invalid-definition",
                "#/states/0/transitions/0/next",
                "transitions/0/next of widget Trigger must name a state of this flow: there is no"
                    + " \"gone\""));
  }

  @Test
  void aQuestionThatIsLeftAloneIsFoundWithItsTransition() {
    assertThat(FlowCheck.check("f", file(trigger("ask"), ask("ask", "Hi?", "", ""))).findings())
        .extracting(it -> it.code() + " " + it.pointer())
        .contains(
            "unwired-timeout #/states/1/transitions/1",
            "unwired-delivery-failure #/states/1/transitions/2");
  }

  @Test
  void aWidgetThatOnlyItselfLeadsToIsUnreachable() {
    assertThat(codes(file(trigger(""), send("lost", "Hi", "lost2"), send("lost2", "Ho", "lost"))))
        .contains("unreachable-widget", "no-messaging-trigger")
        .doesNotContain("message-storm");
  }

  @Test
  void aCircleWithoutAWaitIsEndless() {
    assertThat(
            sentences(
                Rule.ENDLESS_CYCLE,
                file(
                    trigger("count"),
                    set("count", "n", "{{flow.data.n}}", "enough"),
                    split("enough", "{{flow.variables.n}}", "count", "equal_to", "3", ""))))
        .containsExactly(
            "widgets count, enough lead round in a circle without a message or a wait");
  }

  @Test
  void aCircleThatCountsItsRoundsIsNotEndless() {
    assertThat(
            codes(
                file(
                    trigger("count"),
                    set("count", "n", "{{flow.variables.n | plus: 1}}", "enough"),
                    split("enough", "{{flow.variables.n}}", "again", "equal_to", "3", ""),
                    send("again", "Hi", "count"))))
        .doesNotContain("endless-cycle", "message-storm");
  }

  @Test
  void aCircleOfMessagesIsAStorm() {
    assertThat(codes(file(trigger("a"), send("a", "Hi", "b"), send("b", "Ho", "a"))))
        .contains("message-storm")
        .doesNotContain("endless-cycle", "nagging-cycle");
  }

  @Test
  void aQuestionThatItsTimeoutRepeatsNags() {
    assertThat(sentences(Rule.NAGGING_CYCLE, file(trigger("ask"), ask("ask", "Hi?", "", "ask"))))
        .containsExactly("widget ask asks again and again as long as no reply comes");
  }

  @Test
  void aCircleThroughTheReplyIsAConversation() {
    assertThat(
            codes(
                file(
                    trigger("ask"),
                    ask("ask", "Yes?", "answer", "bye"),
                    split("answer", REPLY, "ask", "equal_to", "yes", "bye"),
                    send("bye", "Bye", ""))))
        .doesNotContain("endless-cycle", "message-storm", "nagging-cycle");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '~',
      value = {
        "matches_any_of; \"yes, please\", no; quoted-option",
        "matches_any_of; yes\\, please; quoted-option",
        "matches_any_of; yes,,no; empty-option",
        "equal_to; yes,yep,sure; list-in-equal-to",
        "less_than; ten; never-holds",
        "is_after_time; 9:00; never-holds",
        "is_before_date; 01/02/2026; never-holds",
        "less_than; 10; text-as-number",
        "contains; ~ ~; always-holds"
      })
  void aConditionThatDoesNotMeanWhatItSaysIsFound(String type, String value, String code) {
    assertThat(codes(asking(type, value))).contains(code);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "matches_any_of; yes, don't know, \"no\"",
        "equal_to; yes, please",
        "equal_to; 1",
        "is_after_time; 09:00",
        "is_after_time; 23:59",
        "is_before_date; 2026-02-01",
        "greater_than; {{flow.data.limit}}",
        "regex; [1-5]"
      })
  void aConditionThatMeansWhatItSaysIsNot(String type, String value) {
    assertThat(codes(asking(type, value)))
        .isSubsetOf("free-text-opener", "no-human", "text-as-number");
  }

  @Test
  void aNumberThatIsComputedAndComparedAsTextIsFound() {
    assertThat(
            codes(
                file(
                    trigger("enough"),
                    split("enough", "{{flow.data.n | plus: 1}}", "a", "equal_to", "3", "a"),
                    send("a", "A", ""))))
        .contains("number-as-text");
  }

  @Test
  void whatIsANumberAlreadyNeedsNoFilter() {
    assertThat(
            codes(
                file(
                    trigger("count"),
                    set("count", "n", "{{flow.variables.n | plus: 1}}", "enough"),
                    split("enough", "{{flow.variables.n}}", "a", "greater_than", "3", "a"),
                    known("a", "make-http-request", "success", "many"),
                    split("many", "{{widgets.a.parsed.n}}", "b", "less_than", "3", "b"),
                    send("b", "B", ""))))
        .doesNotContain("text-as-number");
  }

  @Test
  void whatTheInputReadsIsSaidOnce() {
    assertThat(
            sentences(
                Rule.UNSET_VARIABLE,
                file(
                    trigger("s"),
                    split("s", "{{flow.variables.x}}", "a", "equal_to", "yes", "a"),
                    send("a", "A", ""))))
        .hasSize(1);
  }

  @Test
  void aTransitionWhoseOptionsAnEarlierOneTakesIsShadowed() {
    assertThat(
            sentences(
                Rule.SHADOWED_CONDITION,
                file(
                    trigger("ask"),
                    ask("ask", "Yes?", "answer", "bye"),
                    split(
                        "answer",
                        REPLY,
                        "bye",
                        "contains",
                        "y",
                        "bye",
                        "matches_any_of",
                        "Yes, never",
                        "bye",
                        "equal_to",
                        "yes",
                        "bye"),
                    send("bye", "Bye", ""))))
        .containsExactly("widget answer: an earlier transition takes all of equal_to \"yes\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{{ flow.data.x | shout }}; broken-liquid",
        "{% unknown %}; broken-liquid",
        "{{ flow.data.x; broken-liquid",
        "{{ widgets.nobody.inbound.Body }}; unknown-widget-read",
        "{{ widgets['nobody'].inbound.Body }}; unknown-widget-read",
        "{{ widgets.later.outbound.Sid }}; read-before-run",
        "{{ widgets.first.inbound.Body }}; unknown-output",
        "{{ widgets.Trigger.x }}; unknown-output",
        "{{ flow.variables.colour }}; unset-variable",
        "{{ trigger.parameters.x }}; unknown-name",
        "{{ flow.date.x }}; unknown-name",
        "{{ first_name }}; unknown-name"
      })
  void aTemplateThatReadsNothingIsFound(String template, String code) {
    assertThat(codes(templated(template))).contains(code);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{{ widgets.first.outbound.Sid }}",
        "{{ widgets.known-1.n }} {{flow.variables.n}}",
        "{{ flow.data['first name'] | default: 'flow.nothing' }}",
        "{% assign a = flow.data.a %}{{ a }} {% if a == 'x' %}x{% endif %}",
        "{% for i in trigger.request.parameters.items %}{{ i.name }}{% endfor %}",
        "{{ trigger | to_json }} {{ widgets.first }} {{ 'now' | date: '%H' }} {{ 5 | plus: 1 }}"
      })
  void aTemplateThatReadsWhatIsThereIsNot(String template) {
    assertThat(codes(templated(template))).isSubsetOf("free-text-opener");
  }

  @Test
  void aLongMessageIsFoundWithWhatMakesItLong() {
    assertThat(sentences(Rule.LONG_MESSAGE, templated("a’".repeat(105))))
        .containsExactly(
            "widget say sends 4 segments, all of them short ones (UCS-2) because of ’ (U+2019)");
    assertThat(sentences(Rule.LONG_MESSAGE, templated("{{flow.data.x}}" + "a".repeat(450))))
        .containsExactly("widget say sends about 4 segments");
    assertThat(FlowCheck.check("f", templated("a".repeat(450)), 2).findings())
        .extracting(Finding::code)
        .contains("long-message");
    assertThat(sentences(Rule.TOO_LONG_MESSAGE, templated("a".repeat(1_601)))).hasSize(1);
    assertThat(sentences(Rule.EMPTY_MESSAGE, templated(" "))).hasSize(1);
  }

  @Test
  void aUrlThatIsShortenedIsNotCountedInItsLength() {
    String url = "https://shop.example/{{ flow.data.cart }}?" + "a".repeat(450);

    assertThat(sentences(Rule.LONG_MESSAGE, templated("Look: " + url))).hasSize(1);
    assertThat(
            sentences(
                Rule.LONG_MESSAGE,
                templated("Look: " + url).replace("\"body\"", "\"shorten_urls\": true, \"body\"")))
        .isEmpty();
  }

  @Test
  void whatTheReaderSaysIsNotSaidTwice() {
    String flow =
        file(
            trigger("ask"),
            ask("ask", "Hi?", "answer", "answer"),
            split("answer", REPLY, "ask", "equal_to", "yes", ""));
    String other = flow.replace("[\"" + REPLY + "\"]", "[\"{{widgets.aks.inbound.Body}}\"]");

    assertThat(codes(other))
        .filteredOn(it -> it.equals("argument-differs") || it.equals("not-as-written"))
        .containsExactly("argument-differs");
    assertThat(codes(flow.replace("\"timeout\"}", "\"timeOut\"}").replace("deliveryFailure", "no")))
        .contains("not-as-written");
  }

  @Test
  void everyRuleHasASentenceAndARemedyOfItsOwn() {
    assertThat(Arrays.stream(Rule.values()).map(Rule::summary)).doesNotHaveDuplicates();
    assertThat(Arrays.stream(Rule.values()))
        .allSatisfy(rule -> assertThat(rule.remedy()).endsWith("."));
  }

  private static String asking(String type, String value) {
    return file(
        trigger("ask"),
        ask("ask", "Well?", "answer", "bye"),
        split("answer", REPLY, "bye", type, value, "bye"),
        send("bye", "Bye", ""));
  }

  private static String templated(String body) {
    return file(
        trigger("first"),
        send("first", "Hi", "known-1"),
        set("known-1", "n", "1", "say"),
        send("say", body, "later"),
        send("later", "Bye", ""));
  }

  private static List<String> codes(String json) {
    return FlowCheck.check("f", json).findings().stream().map(Finding::code).toList();
  }

  private static List<String> sentences(Rule rule, String json) {
    return FlowCheck.check("f", json).findings().stream()
        .filter(it -> it.rule() == rule)
        .map(Finding::sentence)
        .toList();
  }
}
