package io.parley.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.flow.Flow;
import io.parley.workbench.FlowWalk.Plan;
import io.parley.workbench.FlowWalk.Unsupported;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrafficTest {

  private static final Flow CART = States.flow(Samples.CART);

  private static final String COUNTED =
      """
      {"exits": [
        {"widget": "Trigger", "event": "incomingRequest", "count": 120},
        {"widget": "ask", "event": "incomingMessage", "next": "answer", "count": 100},
        {"widget": "ask", "event": "timeout", "next": "", "count": 20},
        {"widget": "answer", "event": "match", "next": "held", "count": 100}]}
      """;

  @Test
  void mermaidSaysHowOftenAndDotsWhatNeverWas() {
    assertThat(FlowDrawing.mermaid(CART, read(COUNTED)))
        .isEqualTo(
            """
            flowchart TD
              w0(["Trigger"])
              w1[/"ask<br/>Hi {flow.data.first_name}, may …<br/>ends here: timeout: 20"/]
              w2{"answer<br/>{widgets.ask.inbound.Body}"}
              w3["held<br/>Held until {flow.variables.unti…"]
              w0 -->|"incomingRequest: 120"| w1
              w1 -->|"incomingMessage: 100"| w2
              w2 -.->|"noMatch: never"| w1
              w2 -->|"matches_any_of yes, #34;yes, pleas…: 100"| w3
            """);
  }

  @Test
  void theSvgSaysHowOftenAndDotsWhatNeverWas() {
    String svg = FlowDrawing.svg("cart", CART, read(COUNTED));

    assertThat(svg)
        .contains(">incomingRequest: 120</text>", ">noMatch: never</text>")
        .contains(">ends here: timeout: 20</text>", "stroke-width=\"3.1\"");
    assertThat(svg.lines().filter(it -> it.contains("stroke-dasharray=\"0.1 4\""))).hasSize(1);
    assertThat(FlowDrawing.svg("cart", CART)).doesNotContain("never", "0.1 4");
  }

  @Test
  void whatAWalkPrintsCanBeDrawn() {
    Walked walked = FlowWalk.walk("cart", CART, new Plan(50, 1, Unsupported.ENDS));
    Walked other = FlowWalk.walk("other", CART, new Plan(7, 1, Unsupported.ENDS));
    Traffic traffic = read(WalkReport.json(List.of(other, walked)));

    assertThat(traffic.strangers(CART)).isEmpty();
    assertThat(FlowDrawing.mermaid(CART, traffic)).contains("|\"incomingRequest: 50\"|");
  }

  @Test
  void exitsOfAnotherRevisionAreStrangers() {
    Traffic traffic =
        read(
            """
            {"exits": [
              {"widget": "gone", "event": "sent", "count": 1},
              {"widget": "gone", "event": "failed", "count": 0},
              {"widget": "ask", "event": "timeout", "next": "held", "count": 3},
              {"widget": "ask", "event": "timeout", "count": 3}]}
            """);

    assertThat(traffic.strangers(CART)).containsExactly("gone sent", "ask timeout -> held");
  }

  @Test
  void matchesThatAreNotToldApartHaveNoCount() {
    Flow flow =
        States.flow(
            States.file(
                States.trigger("s"),
                States.split(
                    "s", "{{flow.data.x}}", "", "equal_to", "a", "a", "equal_to", "b", "b"),
                States.send("a", "A", ""),
                States.send("b", "B", "")));

    assertThat(
            FlowDrawing.mermaid(
                flow, read("{\"exits\":[{\"widget\":\"s\",\"event\":\"match\",\"count\":3}]}")))
        .contains("-->|\"equal_to a\"|", "-->|\"equal_to b\"|");
    assertThat(
            FlowDrawing.mermaid(
                flow,
                read(
                    """
                    {"exits": [{"widget": "s", "event": "match", "next": "a", "count": 3}]}
                    """)))
        .contains("-->|\"equal_to a: 3\"|", "-.->|\"equal_to b: never\"|");
  }

  @Test
  void aTextThatIsNoTrafficIsNotRead() {
    assertThat(Traffic.read("cart", "{")).isInstanceOf(Traffic.Reading.Unreadable.class);
    assertThat(Traffic.read("cart", "{\"exits\": 1}"))
        .isInstanceOf(Traffic.Reading.Unreadable.class);
    assertThat(Traffic.read("cart", "[{\"flow\": \"a\", \"exits\": []}, {\"flow\": \"b\"}]"))
        .isInstanceOf(Traffic.Reading.Unreadable.class);
    assertThat(Traffic.read("cart", "{\"exits\": [{\"widget\": \"ask\"}]}"))
        .isEqualTo(
            new Traffic.Reading.Unreadable(
                "has an exit that is not of the form {\"widget\": ..., \"event\": ..., \"count\":"
                    + " 12}: {\"widget\":\"ask\"}"));
  }

  private static Traffic read(String json) {
    return switch (Traffic.read("cart", json)) {
      case Traffic.Reading.Read(var traffic) -> traffic;
      case Traffic.Reading.Unreadable(var problem) -> throw new AssertionError(problem);
    };
  }
}
