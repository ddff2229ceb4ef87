package io.parley.workbench;

import static io.parley.workbench.Sids.BOOK;
import static io.parley.workbench.Sids.sid;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.codec.FlowDocument;
import io.parley.engine.flow.FlowProblem;
import io.parley.workbench.SidTranslation.Translated;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class SidTranslationTest {

  @Test
  void everySidIsTurnedWhereverItStands() {
    FlowDocument flow =
        flow(
            """
            {"flow_sid": "%1$s", "url": "https://care-1.twil.io/hold?s=%2$s", "n": 3, "x": null,
             "variables": [{"key": "json", "value": "{\\"sid\\":\\"%2$s\\"}"}]}
            """
                .formatted(sid("FW", 'a'), sid("ZS", 'a')));

    Translated turned = SidTranslation.translate(flow, BOOK, "production", "staging");

    assertThat(turned.problems()).isEmpty();
    assertThat(turned.document().canonical())
        .isEqualTo(
            flow("""
                    {"flow_sid": "%1$s", "url": "https://care-1-dev.twil.io/hold?s=%2$s", "n": 3,
                     "x": null, "variables": [{"key": "json", "value": "{\\"sid\\":\\"%2$s\\"}"}]}
                    """
                    .formatted(sid("FW", 'b'), sid("ZS", 'b')))
                .canonical());
    assertThat(back(turned).canonical()).isEqualTo(flow.canonical());
  }

  @Test
  void withinAnEnvironmentNothingIsTurned() {
    FlowDocument flow = flow("{\"workflow\": \"%s\"}".formatted(sid("WW", '9')));

    assertThat(SidTranslation.translate(flow, BOOK, "staging", "staging"))
        .isEqualTo(new Translated(flow, List.of()));
  }

  @Test
  void whatCannotBeTurnedIsNamedAndStandsAsItWas() {
    FlowDocument flow =
        flow(
            "{\"workflow\": \"%s\", \"content_sid\": \"%s\"}"
                .formatted(sid("WW", '9'), sid("HX", 'a')));

    Translated turned = SidTranslation.translate(flow, BOOK, "production", "staging");

    assertThat(turned.problems())
        .containsExactly(
            new FlowProblem(
                "#/states/0/properties/workflow",
                "has %s, which has no name among the sids of production".formatted(sid("WW", '9'))),
            new FlowProblem(
                "#/states/0/properties/content_sid",
                "has %s, which is template, and that has no sid in staging"
                    .formatted(sid("HX", 'a'))));
    assertThat(turned.document().canonical()).isEqualTo(flow.canonical());
  }

  @Test
  void theUrlOfAFunctionIsOfOneEnvironment() {
    Translated turned =
        SidTranslation.translate(
            flow("{\"url\": \"https://other.twil.io/hold\"}"), BOOK, "production", "staging");

    assertThat(turned.problems())
        .containsExactly(
            new FlowProblem(
                "#/states/0/properties/url",
                "leads to https://other.twil.io/hold, which has no name among the sids of"
                    + " production"));
  }

  @Test
  void whatWouldNotComeBackIsAProblem() {
    Translated turned =
        SidTranslation.translate(
            flow("{\"body\": \"see https://care-1-dev.twil.io\"}"), BOOK, "production", "staging");

    assertThat(turned.problems())
        .extracting(FlowProblem::propertyPath)
        .containsExactly("#/states/0/properties/body");
    assertThat(turned.problems().getFirst().message()).contains("would come back as another text");
  }

  @Property(tries = 200)
  void whatIsTurnedWithoutAProblemComesBackAsItWas(@ForAll("texts") List<String> texts) {
    Map<String, Object> properties = new LinkedHashMap<>();
    texts.forEach(text -> properties.put("p" + properties.size(), text));
    FlowDocument flow =
        FlowDocument.of(
            Map.of("states", List.of(Map.of("type", "set-variables", "properties", properties))));

    Translated turned = SidTranslation.translate(flow, BOOK, "production", "staging");

    if (turned.problems().isEmpty()) {
      assertThat(back(turned).canonical()).isEqualTo(flow.canonical());
    } else {
      assertThat(turned.problems())
          .allSatisfy(it -> assertThat(it.propertyPath()).startsWith("#/states/0/properties/p"));
    }
  }

  @Provide
  Arbitrary<List<String>> texts() {
    return Arbitraries.of(
            sid("FW", 'a'),
            sid("FW", 'b'),
            sid("ZS", 'a'),
            sid("WW", '9'),
            "https://care-1.twil.io",
            "https://care-1-dev.twil.io",
            "-dev",
            "/",
            "a",
            " ")
        .list()
        .ofMaxSize(4)
        .map(parts -> String.join("", parts))
        .list()
        .ofMaxSize(4);
  }

  private static FlowDocument back(Translated turned) {
    Translated back = SidTranslation.translate(turned.document(), BOOK, "staging", "production");
    assertThat(back.problems()).isEmpty();
    return back.document();
  }

  private static FlowDocument flow(String properties) {
    String json =
        """
        {"initial_state": "f", "states": [
          {"name": "f", "type": "run-function", "properties": %s, "transitions": []}]}
        """
            .formatted(properties);
    return switch (FlowDocument.parse(json)) {
      case FlowDocument.Parsing.Parsed(var document) -> document;
      case FlowDocument.Parsing.Unreadable(var problem) -> throw new AssertionError(problem);
    };
  }
}
