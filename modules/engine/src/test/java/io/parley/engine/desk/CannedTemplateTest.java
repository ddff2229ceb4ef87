package io.parley.engine.desk;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.Values;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CannedTemplateTest {

  private static final CannedTemplate TEMPLATE =
      new CannedTemplate(
          "HX00000000000000000000000000000001",
          "late",
          "Hi {{1}}, {{2}} comes tomorrow.",
          "en",
          List.of("first_name", "item"));

  @Test
  void agentsSeeItsVariablesByTheirNames() {
    assertThat(TEMPLATE.named()).isEqualTo("Hi {{first_name}}, {{item}} comes tomorrow.");
  }

  @Test
  void whatAgentsCallItsVariablesLeavesByTheirNumbers() {
    Values given = Values.of("item", "the cream").with("first_name", "Asha");

    assertThat(TEMPLATE.numbered(given)).isEqualTo(Values.of("2", "the cream").with("1", "Asha"));
    assertThat(TEMPLATE.numbered(Values.of("1", "Asha"))).isEqualTo(Values.of("1", "Asha"));
  }
}
