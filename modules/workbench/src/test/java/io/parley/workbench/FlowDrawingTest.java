package io.parley.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.flow.Flow;
import java.io.StringReader;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class FlowDrawingTest {

  private static final Flow CART = States.flow(Samples.CART);

  @Test
  void mermaidHasABoxForEachWidgetAndAnArrowForEachWay() {
    assertThat(FlowDrawing.mermaid(CART))
        .isEqualTo(
            """
            flowchart TD
              w0(["Trigger"])
              w1[/"ask<br/>Hi {flow.data.first_name}, may …"/]
              w2{"answer<br/>{widgets.ask.inbound.Body}"}
              w3["held<br/>Held until {flow.variables.unti…"]
              w0 -->|"incomingRequest"| w1
              w1 -->|"incomingMessage"| w2
              w2 -->|"noMatch"| w1
              w2 -->|"matches_any_of yes, #34;yes, pleas…"| w3
            """);
  }

  @Test
  void theSvgIsWellFormedAndStandsAlone() throws Exception {
    String svg = FlowDrawing.svg("cart <&>", CART);

    Document document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(svg)));
    assertThat(document.getElementsByTagName("title").item(0).getTextContent())
        .isEqualTo("cart <&>");
    assertThat(document.getElementsByTagName("rect").getLength()).isEqualTo(1 + 4);
    assertThat(svg).doesNotContain("href", "script", "url(http");
  }

  @Test
  void eachKindOfWidgetHasAShapeOfItsOwn() {
    Flow flow =
        States.flow(
            States.file(
                States.trigger("get"),
                States.widget(
                    "get",
                    "make-http-request",
                    Map.of("url", "https://a.example", "method", "GET"),
                    "success",
                    "rest"),
                States.widget("rest", "parley.wait", Map.of("duration", "PT2H"), "next", "bought"),
                States.widget(
                    "bought",
                    "parley.wait-for-event",
                    Map.of("event", "purchase"),
                    "timeout",
                    "toss"),
                States.widget(
                    "toss",
                    "parley.random-split",
                    Map.of(
                        "branches",
                        List.of(
                            Map.of("event", "a", "weight", 1), Map.of("event", "b", "weight", 1))),
                    "a",
                    "desk",
                    "b",
                    "sub"),
                States.widget(
                    "desk",
                    "send-to-flex",
                    Map.of("workflow", "WW1", "channel", "sms"),
                    "callComplete",
                    "call"),
                States.widget("sub", "run-subflow", Map.of("flow_sid", "FW1"), "completed", "call"),
                States.widget("call", "say-play", Map.of("say", "Hi"), "audioComplete", "")));

    assertThat(FlowDrawing.mermaid(flow))
        .contains(
            "  w1(\"get<br/>GET https://a.example\")\n",
            "  w2{{\"rest<br/>waits PT2H\"}}\n",
            "  w3{{\"bought<br/>waits for purchase\"}}\n",
            "  w4{\"toss<br/>at random\"}\n",
            "  w5[\\\"desk<br/>hands over to WW1\"/]\n",
            "  w6(\"sub<br/>runs FW1\")\n",
            "  w7>\"call<br/>say-play\"]\n",
            "  w4 -->|\"a\"| w5\n");
  }

  @Test
  void boxesOfALayerDoNotOverlap() {
    Flow wide =
        States.flow(
            States.file(
                States.trigger("s"),
                States.split(
                    "s",
                    "{{flow.data.x}}",
                    "a",
                    "equal_to",
                    "b",
                    "b_with_a_rather_long_name",
                    "equal_to",
                    "c",
                    "c",
                    "equal_to",
                    "s",
                    "s"),
                States.send("a", "A", "s"),
                States.send("b_with_a_rather_long_name", "B", "c"),
                States.send("c", "C", "")));

    var places = Layout.of(Picture.of(wide)).places();

    for (int i = 0; i < places.size(); i++) {
      for (int j = 0; j < i; j++) {
        if (places.get(i).y() == places.get(j).y()) {
          assertThat(Math.abs(places.get(i).x() - places.get(j).x()))
              .isGreaterThanOrEqualTo((places.get(i).width() + places.get(j).width()) / 2);
        }
      }
    }
  }
}
