package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class TagsCommandTest {

  @TempDir Path folder;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void evaluatePrintsFiguresForPrograms() throws IOException {
    Path file = file("lines.tsv", "discount,shipping\tany code and what's shipping to TX?\n");

    assertThat(run("evaluate", file.toString(), "--format", "json")).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("\"accuracy\":1.0", "\"exactMatch\":1.0", "\"optOut\":{\"recall\":1.0");
  }

  @Test
  void aLineThatCannotBeReadIsNamed() throws IOException {
    Path file = file("lines.tsv", "yes\tyep\nno tab\n");

    assertThat(run("evaluate", file.toString())).isEqualTo(1);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("lines.tsv: line 2: tags, a tab");
  }

  @Test
  void whatCannotBeEvaluatedIsSaid() throws IOException {
    assertThat(run("evaluate", file("none.tsv", "").toString())).isEqualTo(1);
    assertThat(run("evaluate", folder.toString())).isEqualTo(2);
    assertThat(run("evaluate", file("slip.tsv", "shiping,help\tto TX?\n").toString())).isZero();

    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains(
            "none.tsv: no line has a reply",
            "cannot read " + folder + ": it is a folder; name a file in it",
            "slip.tsv: shiping is no tag; the bundled ones and those of --tags are known")
        .doesNotContain("help is no tag");
  }

  @Test
  void checkEndsWithOneOnTooFewExamples() throws IOException {
    Path file =
        file(
            "own.yaml",
            """
            version: 1
            tags:
              - name: swap
                examples: [swap it for mocha, another flavor please]
            """);

    assertThat(run("check", file.toString())).isEqualTo(1);
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("own.yaml: error swap: 2 examples, at least 5 are needed");
  }

  @Test
  void aFileThatIsNoTaxonomyIsRefused() throws IOException {
    Path file = file("own.yaml", "tags: []\n");

    assertThat(run("check", file.toString())).isEqualTo(1);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("own.yaml: version: a text");
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private int run(String... arguments) {
    PrintStream printed = new PrintStream(out, true, StandardCharsets.UTF_8);
    PrintStream told = new PrintStream(err, true, StandardCharsets.UTF_8);
    return new CommandLine(new TagsCommand(printed, told)).execute(arguments);
  }
}
