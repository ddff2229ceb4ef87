package io.parley.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.flow.Flow;
import java.io.StringReader;
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
