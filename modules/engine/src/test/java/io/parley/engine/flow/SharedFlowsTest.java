package io.parley.engine.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.parley.engine.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Public flows that stand beside the checkout where there are any.
class SharedFlowsTest {

  private static final Path FLOWS =
      Path.of(System.getProperty("parley.root", "."), "../shared/data/studio-flows");
  private static final FlowReading NONE = new FlowReading.Invalid(List.of());
  private static final String LEGACY = "TwilioWhatsAppMothersDayPhotoBook_studioFlow.json";

  @BeforeAll
  static void theFlowsAreThere() {
    assumeTrue(Files.isDirectory(FLOWS), "no public flows beside the checkout: " + FLOWS);
  }

  @Test
  void allAreValidButTheLegacyExport() throws IOException {
    Map<String, List<FlowProblem>> problems = new TreeMap<>();
    readings()
        .forEach(
            (name, reading) -> {
              if (reading instanceof FlowReading.Invalid invalid) {
                problems.put(name, invalid.problems());
              }
            });

    assertThat(problems).containsOnlyKeys(LEGACY);
    assertThat(problems.get(LEGACY))
        .singleElement()
        .extracting(FlowProblem::message)
        .asString()
        .contains("console export of before 2020");
  }

  @Test
  void theirTemplatesAreSound() throws IOException {
    assertThat(readings().values())
        .flatExtracting(SharedFlowsTest::warnings)
        .extracting(FlowProblem::message)
        .noneMatch(message -> message.contains("no valid Liquid"))
        .noneMatch(message -> message.contains("no event"));
  }

  @Test
  void theirOdditiesAreFound() throws IOException {
    assertThat(warnings(readings().getOrDefault("aselo_usnm_sms.json", NONE)))
        .extracting(FlowProblem::message)
        .anyMatch(message -> message.startsWith("differs from the input of the widget"))
        .anyMatch(message -> message.startsWith("reads widgets.function_1, which is no widget"));
  }

  private static List<FlowProblem> warnings(FlowReading reading) {
    return switch (reading) {
      case FlowReading.Valid(var _, var warnings) -> warnings;
      case FlowReading.Invalid _ -> List.of();
    };
  }

  private static Map<String, FlowReading> readings() throws IOException {
    Map<String, FlowReading> readings = new TreeMap<>();
    try (Stream<Path> files = Files.list(FLOWS)) {
      for (Path file : files.toList()) {
        String json = Files.readString(file);
        readings.put(file.getFileName().toString(), FlowReader.read(Json.parse(json).orElse(json)));
      }
    }
    assertThat(readings).hasSizeGreaterThan(20);
    return readings;
  }
}
