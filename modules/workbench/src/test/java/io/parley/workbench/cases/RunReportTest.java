package io.parley.workbench.cases;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.Json;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

final class RunReportTest {

  private static final String CASES =
      """
      - name: fine
        steps: [says: hi, says: Asha]
        expect: {variables: {name: Asha}}
      - name: wrong <&"> "\\u0001"
        steps: [says: "a ]]> b"]
        expect: {ended: true}
      """;

  @Test
  void peopleReadWhatHappenedWithWhatFailed() {
    assertThat(report().text())
        .startsWith("ok      fine\nFAILED  wrong <&\"> \"\\u0001\"  (case.yaml:4)\n")
        .contains("  in the whole case\n    ended  (case.yaml:6)\n      expected: true\n")
        .contains(
            "2 cases: 1 passed, 1 failed\nshop: 4 of 30 exits taken (13 %)\n  never: Trigger");
  }

  @Test
  void programsReadThePathAndAllElse() {
    Map<?, ?> flow = (Map<?, ?>) ((List<?>) Json.parse(report().json()).orElseThrow()).getFirst();
    Map<?, ?> first = (Map<?, ?>) list(flow, "cases").getFirst();

    assertThat(flow.get("flow")).isEqualTo("shop");
    assertThat(list(flow, "exits")).hasSize(30);
    assertThat(first.get("status")).isEqualTo("passed");
    assertThat(first.get("standing")).isEqualTo("agent");
    assertThat(first.get("variables")).isEqualTo(Map.of("name", "Asha"));
    assertThat(list(first, "path").getFirst())
        .isEqualTo(Map.of("widget", "Trigger", "event", "incomingMessage", "next", "hello"));
    assertThat(first.keySet().stream().map(String::valueOf))
        .contains("messages", "requests", "warnings", "outcomes", "steps");
  }

  @Test
  void theSameCasesPrintTheSame() {
    assertThat(report().json()).isEqualTo(report().json());
    assertThat(report().coverageJson()).isEqualTo(report().coverageJson());
  }

  @Test
  void ciServersReadXml() throws Exception {
    Document xml =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(report().junit().getBytes(StandardCharsets.UTF_8)));
    Element suite = (Element) xml.getElementsByTagName("testsuite").item(0);
    Element wrong = (Element) xml.getElementsByTagName("testcase").item(1);

    assertThat(suite.getAttribute("tests")).isEqualTo("2");
    assertThat(suite.getAttribute("failures")).isEqualTo("1");
    assertThat(wrong.getAttribute("name")).isEqualTo("wrong <&\"> \"\\u0001\"");
    assertThat(wrong.getElementsByTagName("failure").item(0).getTextContent())
        .contains("expected: true")
        .contains("says: a ]]> b");
  }

  private static List<?> list(Map<?, ?> object, String key) {
    return (List<?>) Objects.requireNonNull(object.get(key));
  }

  private static RunReport report() {
    List<CaseResult> results = Sets.runAll(CASES);
    Coverage coverage = new Coverage(Map.of("shop", Sets.SHOP.rootFlow()));
    results.forEach(coverage::count);
    return new RunReport(results, List.of("shop"), coverage);
  }
}
