package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/// The demo's flow and policy as an author has them, by the service's own tagger.
final class DemoFlowTest {

  private static final Path DEMO =
      Path.of(System.getProperty("parley.root"), "loadtest/src/main/resources");

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final PrintStream stream = new PrintStream(out, false, StandardCharsets.UTF_8);

  @Test
  void itsCasesPass() {
    int status =
        new CommandLine(new FlowCommand(stream, stream))
            .execute(
                "run",
                "--policy",
                DEMO.resolve("policy.yaml").toString(),
                DEMO.resolve("flows/international-cart.json").toString());

    assertThat(status).as(this::printed).isZero();
    assertThat(printed()).contains("11 cases: 11 passed, 0 failed");
  }

  @Test
  void nothingIsPromisedBeforeItsGate() {
    int status =
        new CommandLine(new FlowCommand(stream, stream))
            .execute("check", DEMO.resolve("flows/international-cart.json").toString());

    assertThat(status).as(this::printed).isZero();
    assertThat(printed()).doesNotContain("offer-before-gate", "ungated-discount");
  }

  private String printed() {
    return out.toString(StandardCharsets.UTF_8);
  }
}
