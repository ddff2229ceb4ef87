package io.parley.codec;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FlowDocumentTest {

  private static final String FILE =
      """
      {"states": [
        {"transitions": [], "x_b": null, "x_a": 1.50,
         "type": "trigger",
         "name": "Trigger"}],
       "initial_state": "Trigger"}
      """;

  @Test
  void theCanonicalFormOrdersKeysAndLosesNothing() {
    assertThat(document(FILE).canonical())
        .isEqualTo(
            """
            {
              "initial_state": "Trigger",
              "states": [
                {
                  "name": "Trigger",
                  "type": "trigger",
                  "transitions": [],
                  "x_a": 1.50,
                  "x_b": null
                }
              ]
            }
            """);
  }

  @Test
  void theCanonicalFormOfACanonicalFormIsItself() {
    String canonical = document(FILE).canonical();

    assertThat(document(canonical).canonical()).isEqualTo(canonical);
  }

  @Test
  void aVastNumberStaysShort() {
    assertThat(document("[1e999, 5, 5.0]").canonical()).isEqualTo("[\n  1E+999,\n  5,\n  5.0\n]\n");
  }

  @Test
  void everyValueHasItsLine() {
    assertThat(document(FILE).lines())
        .containsEntry("#", 1)
        .containsEntry("#/states", 1)
        .containsEntry("#/states/0", 2)
        .containsEntry("#/states/0/x_a", 2)
        .containsEntry("#/states/0/type", 3)
        .containsEntry("#/states/0/name", 4)
        .containsEntry("#/initial_state", 5);
  }

  private static FlowDocument document(String json) {
    return switch (FlowDocument.parse(json)) {
      case FlowDocument.Parsing.Parsed(var document) -> document;
      case FlowDocument.Parsing.Unreadable(var problem) -> throw new AssertionError(problem);
    };
  }
}
