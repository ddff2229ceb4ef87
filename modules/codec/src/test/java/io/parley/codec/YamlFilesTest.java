package io.parley.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class YamlFilesTest {

  @Test
  void valuesAreWhatTheyLookLike() {
    assertThat(YamlFiles.parse("a: {b: [1, 'x', no, true]}\n# a comment\nc: FW01\n"))
        .isEqualTo(
            new YamlFiles.Parsing.Parsed(
                Map.of("a", Map.of("b", List.of(1L, "x", "no", true)), "c", "FW01")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  \n", "# nothing\n", "---\n"})
  void nothingIsAnEmptyMap(String text) {
    assertThat(YamlFiles.parse(text)).isEqualTo(new YamlFiles.Parsing.Parsed(Map.of()));
  }

  @Test
  void aProblemHasItsPlace() {
    assertThat(YamlFiles.parse("a: 1\nb: [\n"))
        .isInstanceOfSatisfying(
            YamlFiles.Parsing.Unreadable.class,
            it -> assertThat(it.problem()).startsWith("is no YAML: line 2, column 5: "));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a: 1\na: 2\n", "a: 1\n---\nb: 2\n", "a: b: c"})
  void whatIsNotOneDocumentWithEachKeyOnceIsNotRead(String text) {
    assertThat(YamlFiles.parse(text)).isInstanceOf(YamlFiles.Parsing.Unreadable.class);
  }

  @Test
  void depthIsLimited() {
    assertThat(YamlFiles.parse("[".repeat(5_000) + "]".repeat(5_000)))
        .isInstanceOf(YamlFiles.Parsing.Unreadable.class);
  }
}
