package io.parley.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

  @Test
  void aTextIsReadIntoPlainJava() {
    assertThat(Json.parse(" {\"a\": [1, -2.5, 1e2, true, \"\\u00e4\\n\"], \"b\": {}} "))
        .contains(Map.of("a", List.of(1L, -2.5, 100.0, true, "ä\n"), "b", Map.of()));
  }

  @Test
  void nullIsLeftOutOfObjectsAndEmptyElsewhere() {
    assertThat(Json.parse("{\"a\": null, \"b\": [null]}")).contains(Map.of("b", List.of("")));
    assertThat(Json.parse("null")).contains("");
  }

  @Test
  void aNumberBeyondALongIsReadAsADouble() {
    assertThat(Json.parse("999999999999999999")).contains(999999999999999999L);
    assertThat(Json.parse("99999999999999999999")).contains(1e20);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "{]",
        "[1,]",
        "[,1]",
        "{\"a\":1,}",
        "{\"a\" 1}",
        "{a:1}",
        "{\"a\":1,\"a\":2}",
        "{\"a\":null,\"a\":1}",
        "01",
        "1.",
        ".5",
        "+1",
        "1e",
        "1e999",
        "NaN",
        "tru",
        "nul",
        "\"",
        "\"\n\"",
        "\"\\x\"",
        "\"\\u12g4\"",
        "1 2",
        "[1] ]",
        "'a'",
        "{\"a\":1}}"
      })
  void whatIsNoJsonIsNotRead(String text) {
    assertThat(Json.parse(text)).isEmpty();
  }

  @Test
  void textsThatAreTooDeepOrTooLongAreNotRead() {
    assertThat(Json.parse("[".repeat(64) + "]".repeat(64))).isPresent();
    assertThat(Json.parse("[".repeat(65) + "]".repeat(65))).isEmpty();
    assertThat(Json.parse("[".repeat(900_000))).isEmpty();
    assertThat(Json.parse("1" + " ".repeat(1_000_000))).isEmpty();
  }

  @Test
  void entriesArePrintedInTheirOrder() {
    Map<String, Object> value = new LinkedHashMap<>();
    value.put("z", "say \"hi\"\\\n\u0001");
    value.put("a", List.of(1L, 2.5, 1e10, false, Map.of()));

    assertThat(Json.print(value))
        .isEqualTo("{\"z\":\"say \\\"hi\\\"\\\\\\n\\u0001\",\"a\":[1,2.5,10000000000,false,{}]}");
  }

  @Property(tries = 100)
  void whatIsPrintedReadsAsTheSame(@ForAll Map<String, List<String>> value) {
    assertThat(Json.parse(Json.print(value))).contains(value);
  }
}
