package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.parley.codec.FlowFiles;
import io.parley.engine.Json;
import io.parley.engine.flow.FlowReading;
import io.parley.engine.flow.KnownWidget;
import io.parley.workbench.starters.Starter;
import io.parley.workbench.starters.Starters;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/// The bundled flows as an author has them, by the service's own tagger.
final class StartersTest {

  private static final String GATE = "parley.gate-offer";

  @TempDir Path folder;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  static Stream<String> flows() {
    return Starters.all().stream().filter(Starter::isFlow).map(Starter::name);
  }

  @ParameterizedTest
  @MethodSource("flows")
  void aNewFlowPassesItsCheckAndItsCases(String name) throws IOException {
    assertThat(run("new", name, "--to", folder.toString())).isZero();
    String file = folder.resolve(name + ".json").toString();

    assertThat(run("check", file)).as(this::printed).isZero();
    assumeTrue(runsWhole(Files.readString(Path.of(file))), "gates are read and not run");
    assertThat(run("run", file)).as(this::printed).isZero();
  }

  /// Gates ask the trigger whether they grant, so that both of their ways can be taken.
  @ParameterizedTest
  @MethodSource("flows")
  void itsCasesTakeEveryWayThroughIt(String name) throws IOException {
    assertThat(run("new", name, "--to", folder.toString())).isZero();
    Path file = folder.resolve(name + ".json");
    Files.writeString(file, Json.print(told(Json.parse(Files.readString(file)).orElseThrow())));
    List<String> arguments =
        new ArrayList<>(List.of("run", file.toString(), "--fail-under", "100", "--case"));
    arguments.add(folder.resolve(name + ".cases.yaml").toString());
    try (InputStream gates =
        StartersTest.class.getResourceAsStream("/starters/" + name + ".gates.yaml")) {
      if (gates != null) {
        Path more = folder.resolve("gates.yaml");
        Files.write(more, gates.readAllBytes());
        arguments.add(more.toString());
      }
    }

    assertThat(run(arguments.toArray(String[]::new))).as(this::printed).isZero();
    assertThat(printed()).contains("(100 %)");
  }

  private static boolean runsWhole(String definition) {
    return FlowFiles.read(definition) instanceof FlowReading.Valid(var flow, var _)
        && flow.widgets().values().stream().noneMatch(KnownWidget.class::isInstance);
  }

  /// The definition with a split for each gate.
  private static Object told(Object value) {
    return switch (value) {
      case Map<?, ?> map when GATE.equals(map.get("type")) -> split(map);
      case Map<?, ?> map -> {
        Map<String, Object> copy = new LinkedHashMap<>();
        map.forEach((key, entry) -> copy.put(String.valueOf(key), told(entry)));
        yield copy;
      }
      case List<?> list -> list.stream().map(it -> told(Objects.requireNonNull(it))).toList();
      default -> value;
    };
  }

  private static Map<String, Object> split(Map<?, ?> gate) {
    String name = String.valueOf(gate.get("name"));
    String input = "{{flow.data.gates." + name + "}}";
    Map<String, Object> granted =
        Map.of(
            "friendly_name",
            "granted",
            "type",
            "equal_to",
            "arguments",
            List.of(input),
            "value",
            "granted");
    return Map.of(
        "name",
        name,
        "type",
        "split-based-on",
        "properties",
        Map.of("input", input),
        "transitions",
        List.of(
            Map.of("event", "match", "next", next(gate, "granted"), "conditions", List.of(granted)),
            Map.of("event", "noMatch", "next", next(gate, "withheld"))));
  }

  private static String next(Map<?, ?> gate, String event) {
    if (gate.get("transitions") instanceof List<?> transitions) {
      for (Object each : transitions) {
        if (each instanceof Map<?, ?> transition && event.equals(transition.get("event"))) {
          return String.valueOf(transition.get("next"));
        }
      }
    }
    throw new IllegalStateException("the gate has no way " + event);
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
