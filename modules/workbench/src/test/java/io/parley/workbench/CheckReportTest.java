package io.parley.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.Json;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CheckReportTest {

  private static final List<CheckedFile> CHECKED =
      List.of(FlowCheck.check("flows/my cart.json", Samples.CART));

  @Test
  void theTextSaysWhereWhatAndWhatToDo() {
    assertThat(CheckReport.text(CHECKED))
        .isEqualTo(
            """
            flows/my cart.json:7: info no-human: no send-to-flex widget is reached from any question
                Lead to a send-to-flex widget where the flow is at a loss.
            flows/my cart.json:30: info free-text-opener: widget ask opens the conversation with a \
            free text
                Give the message a content_sid if the flow is to run on WhatsApp: outside of 24 \
            hours after the contact's last message a free text is refused (63016).
            flows/my cart.json:40: warning unwired-timeout: widget ask leads nowhere at timeout: who \
            does not answer is left without a word
                Connect timeout, if only to a message that closes the conversation.
            flows/my cart.json:43: warning unwired-delivery-failure: widget ask leads nowhere at \
            deliveryFailure: who cannot be asked is lost without a word
                Connect deliveryFailure to what should happen to a contact who was never asked.
            flows/my cart.json:69: warning quoted-option: widget answer: matches_any_of "yes, "yes, \
            please"" has the option "yes of its own
                Use regex, or options without commas: they can not be escaped.
            flows/my cart.json:79: warning unset-variable: widget held reads flow.variables.until, \
            which no widget sets
                Set it in a set-variables widget, or correct the name; the caller's values are in \
            flow.data.
            1 file: 0 errors, 4 warnings, 2 hints
            """);
  }

  @Test
  void theJsonHasTheSameFindings() {
    assertThat(CheckReport.json(CHECKED))
        .startsWith(
            """
            [
              {
                "file": "flows/my cart.json",
                "findings": [
                  {
                    "code": "no-human",
            """)
        .contains("\"pointer\": \"#/states/1/transitions/1\",\n        \"line\": 40,");
    assertThat(Json.parse(CheckReport.json(CHECKED))).isPresent();
  }

  @Test
  void theSarifPointsIntoTheFile() {
    Object sarif = Json.parse(CheckReport.sarif(CHECKED)).orElseThrow();

    assertThat(at(sarif, "version")).isEqualTo("2.1.0");
    assertThat((List<?>) at(sarif, "runs", 0, "tool", "driver", "rules"))
        .hasSize(Rule.values().length);
    Object timeout =
        ((List<?>) at(sarif, "runs", 0, "results"))
            .stream()
                .filter(it -> at(it, "ruleId").equals("unwired-timeout"))
                .findFirst()
                .orElseThrow();
    assertThat(at(timeout, "level")).isEqualTo("warning");
    Object location = at(timeout, "locations", 0);
    assertThat(at(location, "physicalLocation", "artifactLocation", "uri"))
        .isEqualTo("flows/my%20cart.json");
    assertThat(at(location, "physicalLocation", "region", "startLine")).isEqualTo(40L);
    assertThat(at(location, "logicalLocations", 0, "fullyQualifiedName"))
        .isEqualTo("#/states/1/transitions/1");
  }

  private static Object at(Object json, Object... path) {
    Object value = json;
    for (Object step : path) {
      Object next =
          step instanceof Integer index
              ? ((List<?>) value).get(index)
              : ((Map<?, ?>) value).get(step);
      if (next == null) {
        throw new AssertionError("nothing at " + step + " of " + value);
      }
      value = next;
    }
    return value;
  }
}
