package io.parley.workbench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.parley.codec.FlowDocument;
import io.parley.engine.flow.Flow;
import io.parley.workbench.FlowWalk.Plan;
import io.parley.workbench.FlowWalk.Unsupported;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Public flows that stand beside the checkout where there are any.
class SharedFlowsTest {

  private static final Path FLOWS =
      Path.of(System.getProperty("parley.root", "."), "../shared/data/studio-flows");

  private static final Map<String, String> FILES = new LinkedHashMap<>();

  @BeforeAll
  static void theFlowsAreThere() throws IOException {
    assumeTrue(Files.isDirectory(FLOWS), "no public flows beside the checkout: " + FLOWS);
    try (Stream<Path> files = Files.list(FLOWS)) {
      for (Path file : files.sorted().toList()) {
        FILES.put(file.getFileName().toString(), Files.readString(file));
      }
    }
  }

  @Test
  void noneHasAnErrorAndEachFindingHasALine() {
    assertThat(FILES)
        .hasSize(21)
        .allSatisfy(
            (name, json) -> {
              CheckedFile checked = FlowCheck.check(name, json);
              assertThat(checked.has(Severity.ERROR)).isFalse();
              assertThat(checked.findings())
                  .allSatisfy(it -> assertThat(checked.line(it)).isPositive());
            });
  }

  @Test
  void noWalkMakesTheEngineThrow() {
    List<Walked> walks = new ArrayList<>();
    for (Unsupported unsupported : Unsupported.values()) {
      Plan plan = new Plan(25, 1, unsupported);
      FILES.forEach((name, json) -> walks.add(FlowWalk.walk(name, flow(json), plan)));
    }

    assertThat(walks).flatMap(Walked::crashes).isEmpty();
    assertThat(walks).extracting(Walked::hops).allSatisfy(it -> assertThat(it).isPositive());
  }

  @Test
  void allCanBeDrawn() {
    assertThat(FILES)
        .allSatisfy(
            (name, json) -> {
              Flow flow = flow(json);
              assertThat(FlowDrawing.mermaid(flow)).startsWith("flowchart TD\n");
              assertThat(FlowDrawing.svg(name, flow)).endsWith("</svg>\n").doesNotContain("NaN");
            });
  }

  @Test
  void theirSidsAreTurnedAndComeBack() {
    Pattern sid = Pattern.compile("\\b[A-Z]{2}[0-9a-f]{32}\\b");
    assertThat(FILES)
        .allSatisfy(
            (name, json) -> {
              SidBook book = Sids.BOOK;
              FlowDocument flow = document(json).upgraded();
              for (MatchResult found : sid.matcher(flow.canonical()).results().toList()) {
                String text = found.group();
                String other = text.substring(0, 2) + text.substring(2).replaceAll(".$", "z");
                book = book.with(text, "production", text).with(text, "staging", other);
              }
              FlowDocument there =
                  SidTranslation.translate(flow, book, "production", "staging").document();
              FlowDocument back =
                  SidTranslation.translate(there, book, "staging", "production").document();
              assertThat(back.canonical()).isEqualTo(flow.canonical());
            });
  }

  private static FlowDocument document(String json) {
    return switch (FlowDocument.parse(json)) {
      case FlowDocument.Parsing.Parsed(var document) -> document;
      case FlowDocument.Parsing.Unreadable(var problem) -> throw new AssertionError(problem);
    };
  }

  private static Flow flow(String json) {
    return States.flow(json);
  }
}
