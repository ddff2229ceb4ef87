package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.workbench.starters.Starter;
import io.parley.workbench.starters.Starters;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/// The bundled flows as an author has them, by the service's own tagger.
final class StartersTest {

  @TempDir Path folder;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  static Stream<String> flows() {
    return Starters.all().stream().filter(Starter::isFlow).map(Starter::name);
  }

  @ParameterizedTest
  @MethodSource("flows")
  void aNewFlowPassesItsCheck(String name) {
    String file = made(name);

    assertThat(run("check", file)).as(this::printed).isZero();
  }

  @ParameterizedTest
  @MethodSource("flows")
  void aNewFlowPassesItsCasesWhichTakeEveryWayThroughIt(String name) {
    String file = made(name);

    assertThat(run("run", file, "--fail-under", "100")).as(this::printed).isZero();
    assertThat(printed()).contains("(100 %)").doesNotContain("never:");
  }

  private String made(String name) {
    assertThat(run("new", name, "--to", folder.toString())).as(this::printed).isZero();
    return folder.resolve(name + ".json").toString();
  }

  private int run(String... arguments) {
    out.reset();
    PrintStream stream = new PrintStream(out, false, StandardCharsets.UTF_8);
    return new CommandLine(new FlowCommand(stream, stream)).execute(arguments);
  }

  private String printed() {
    return out.toString(StandardCharsets.UTF_8);
  }
}
