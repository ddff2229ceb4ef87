package io.parley.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.parley.engine.flow.FlowReading;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Public flows that stand beside the checkout where there are any.
class SharedFlowFilesTest {

  private static final Path FLOWS =
      Path.of(System.getProperty("parley.root", "."), "../shared/data/studio-flows");

  @BeforeAll
  static void theFlowsAreThere() {
    assumeTrue(Files.isDirectory(FLOWS), "no public flows beside the checkout: " + FLOWS);
  }

  @Test
  void allReadAsTheSameFlowOnceWritten() throws IOException {
    List<FlowReading.Valid> flows = validFlows();

    assertThat(flows)
        .hasSize(21)
        .allSatisfy(
            valid ->
                assertThat(FlowFiles.read(FlowFiles.write(valid.flow())))
                    .isInstanceOfSatisfying(
                        FlowReading.Valid.class,
                        again -> assertThat(again.flow()).isEqualTo(valid.flow())));
  }

  @Test
  void theCanonicalFormIsTheSameFlow() throws IOException {
    try (Stream<Path> files = Files.list(FLOWS)) {
      assertThat(files)
          .allSatisfy(
              file -> {
                String json = Files.readString(file);
                assertThat(FlowDocument.parse(json))
                    .isInstanceOfSatisfying(
                        FlowDocument.Parsing.Parsed.class,
                        parsed ->
                            assertThat(FlowFiles.read(parsed.document().canonical()))
                                .isEqualTo(FlowFiles.read(json)));
              });
    }
  }

  private static List<FlowReading.Valid> validFlows() throws IOException {
    try (Stream<Path> files = Files.list(FLOWS)) {
      return files
          .map(SharedFlowFilesTest::read)
          .filter(FlowReading.Valid.class::isInstance)
          .map(FlowReading.Valid.class::cast)
          .toList();
    }
  }

  private static FlowReading read(Path file) {
    try {
      return FlowFiles.read(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
