package io.parley.workbench;

import static io.parley.workbench.Samples.CART;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.codec.FlowDocument;
import java.util.List;
import org.junit.jupiter.api.Test;

class FlowDiffTest {

  @Test
  void aFileDoesNotDifferFromItself() {
    assertThat(diff(CART, CART)).isEmpty();
  }

  @Test
  void theOrderOfKeysIsNoDifference() {
    assertThat(diff(CART, CART.replace("\"event\": \"timeout\"", "\"event\":\"timeout\"")))
        .isEmpty();
    assertThat(diff("{\"a\": 1, \"b\": 2}", "{\"b\": 2, \"a\": 1}")).isEmpty();
  }

  @Test
  void aPropertyIsSaidWithBothValues() {
    assertThat(diff(CART, CART.replace("\"3600\"", "\"60\"")))
        .containsExactly("ask: timeout was \"3600\", is \"60\"");
  }

  @Test
  void ofALongTextThePartThatDiffersIsSaid() {
    String one = States.file(States.trigger("s"), States.send("s", "x".repeat(100) + " end", ""));

    assertThat(diff(one, one.replace(" end", " stop")))
        .containsExactly("s: body was …%1$s end\", is …%1$s stop\"".formatted("x".repeat(19)));
  }

  @Test
  void whereAnExitLeadsIsSaid() {
    assertThat(
            diff(
                CART,
                CART.replace(
                    "\"event\": \"timeout\"", "\"event\": \"timeout\", \"next\": \"held\"")))
        .containsExactly("ask: at timeout leads to held, led nowhere");
  }

  @Test
  void whatAConditionAsksIsSaid() {
    assertThat(diff(CART, CART.replace("yes, \\\"yes, please\\\"", "yes")))
        .containsExactly(
            "answer: leads to held at {{widgets.ask.inbound.Body}} matches_any_of \"yes\", did at"
                + " {{widgets.ask.inbound.Body}} matches_any_of \"yes, \"yes, please\"\"");
  }

  @Test
  void aRenamedWidgetIsTheSame() {
    assertThat(diff(CART, CART.replace("\"held\"", "\"kept\"")))
        .containsExactly("kept: was called held");
  }

  @Test
  void widgetsComeAndGo() {
    String less =
        States.file(States.trigger("a"), States.send("a", "A", ""), States.send("b", "B", ""));
    String more = States.file(States.trigger("a"), States.send("a", "A", ""));

    assertThat(diff(less, more)).containsExactly("b: is gone");
    assertThat(diff(more, less)).containsExactly("b: is new, of type send-message");
  }

  @Test
  void aMoveOnTheCanvasIsSaidAsSuch() {
    assertThat(diff(CART, CART.replace("\"x\": 0", "\"x\": 500")))
        .containsExactly("Trigger: moved on the canvas");
  }

  @Test
  void whatIsSaidOfTheFlowItselfHasNoWidget() {
    assertThat(diff(CART, CART.replace("left behind", "left")))
        .containsExactly("description was \"A cart was left behind\", is \"A cart was left\"");
  }

  @Test
  void variablesAreComparedByTheirKeys() {
    String one = States.file(States.trigger("s"), States.set("s", "n", "1", ""));
    String two = one.replace("\"value\":\"1\"", "\"value\":\"2\"");

    assertThat(diff(one, two)).containsExactly("s: variables.n.value was \"1\", is \"2\"");
  }

  private static List<String> diff(String before, String after) {
    return FlowDiff.between(document(before), document(after)).stream()
        .map(Difference::toString)
        .toList();
  }

  private static FlowDocument document(String json) {
    return switch (FlowDocument.parse(json)) {
      case FlowDocument.Parsing.Parsed(var document) -> document;
      case FlowDocument.Parsing.Unreadable(var problem) -> throw new AssertionError(problem);
    };
  }
}
