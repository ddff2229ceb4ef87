package io.parley.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What code hosts take: the schema is OASIS' own, of SARIF 2.1.0.
class SarifSchemaTest {

  private static final String SCHEMA = "/schema/sarif-schema-2.1.0.json";

  private static JsonSchema schema;

  @BeforeAll
  static void read() throws IOException {
    try (InputStream stream =
        Objects.requireNonNull(SarifSchemaTest.class.getResourceAsStream(SCHEMA), SCHEMA)) {
      String text = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
      schema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7).getSchema(text);
    }
  }

  @Test
  void findingsAreValid() {
    assertValid(List.of(FlowCheck.check("flows/my cart.json", Samples.CART)));
  }

  @Test
  void aFileThatIsNoFlowIsValid() {
    assertValid(
        List.of(
            FlowCheck.check("no json", "{"),
            FlowCheck.check("kein flöw.json", "{\"states\": 1}"),
            FlowCheck.check("/empty.json", "{}")));
  }

  @Test
  void nothingFoundIsValid() {
    assertValid(List.of());
  }

  @Test
  void aFindingOfEveryRuleIsValid() {
    List<Finding> findings =
        Arrays.stream(Rule.values())
            .map(rule -> new Finding(rule, "#/states/0", rule.summary()))
            .toList();

    assertValid(List.of(new CheckedFile("flow.json", findings, Map.of("#", 1))));
  }

  /// A schema that holds whatever it is shown would prove nothing.
  @Test
  void theSchemaRefusesWhatIsNotSarif() {
    String sarif = CheckReport.sarif(List.of(FlowCheck.check("cart.json", Samples.CART)));

    assertThat(schema.validate(sarif.replace("startLine", "line"), InputFormat.JSON)).isNotEmpty();
    assertThat(schema.validate(sarif.replace("\"note\"", "\"hint\""), InputFormat.JSON))
        .isNotEmpty();
  }

  private static void assertValid(List<CheckedFile> files) {
    assertThat(schema.validate(CheckReport.sarif(files), InputFormat.JSON)).isEmpty();
  }
}
