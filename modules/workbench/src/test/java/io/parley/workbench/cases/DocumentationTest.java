package io.parley.workbench.cases;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// What CASES.md says is so.
final class DocumentationTest {

  private static final Path ROOT = Path.of(System.getProperty("parley.root", "."));
  private static final Pattern EXAMPLE = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);

  @Test
  void everyExampleOfTheReferencePasses() throws IOException {
    String reference = Files.readString(ROOT.resolve("modules/workbench/CASES.md"));
    List<CaseResult> results =
        EXAMPLE
            .matcher(reference)
            .results()
            .flatMap(example -> Sets.runAll(example.group(1)).stream())
            .toList();

    assertThat(results).hasSize(5).allSatisfy(it -> assertThat(Sets.lines(it)).isEmpty());
  }

  @Test
  void theReferenceTellsOfEveryStepAndEveryExpectation() throws IOException {
    String reference = Files.readString(ROOT.resolve("modules/workbench/CASES.md"));
    CaseReader.Reading unknown =
        CaseReader.read("case.yaml", "steps: [{qqqqqqqqq: 1}, {stop: , expect: {qqqqqqqqq: 1}}]");

    assertThat(unknown.problems()).hasSize(2);
    assertThat(unknown.problems())
        .flatMap(it -> List.of(it.message().replaceFirst(".*known are ", "").split(", ", -1)))
        .hasSize(33)
        .allSatisfy(word -> assertThat(reference).containsPattern("\n\\| `" + word + "[`:]"));
  }
}
