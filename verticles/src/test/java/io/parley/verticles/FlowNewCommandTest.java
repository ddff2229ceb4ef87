package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.desk.DeskRules;
import io.parley.workbench.starters.Starter;
import io.parley.workbench.starters.Starters;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class FlowNewCommandTest {

  @TempDir Path folder;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void withoutANameItListsEachWithASentence() {
    assertThat(run()).isZero();

    String printed = printed();
    assertThat(Starters.all())
        .allSatisfy(it -> assertThat(printed).containsPattern(line(it)))
        .hasSize(8);
  }

  private static String line(Starter starter) {
    return "(?m)^" + starter.name() + " +\\Q" + starter.sentence() + "\\E$";
  }

  @Test
  void aFlowIsWrittenWithItsCasesAndItsPage() throws IOException {
    assertThat(run("cart-recovery", "--to", folder.toString())).isZero();

    assertThat(files(folder))
        .containsExactly("cart-recovery.cases.yaml", "cart-recovery.json", "cart-recovery.md");
    Path file = folder.resolve("cart-recovery.json");
    assertThat(printed())
        .startsWith("wrote " + file + "\n")
        .contains("\nChange first:\n  - The answers: send them as `faq.shipping` ")
        .endsWith(
            "\nThen:\n  parley flow check %1$s\n  parley flow run %1$s\n  parley flow chat %1$s\n"
                .formatted(file));
  }

  @Test
  void thePolicyIsOneFile() throws IOException {
    assertThat(run("policy", "--to", folder.toString())).isZero();

    assertThat(files(folder)).containsExactly("policy.yaml");
    assertThat(printed()).endsWith("  parley policy check " + folder.resolve("policy.yaml") + "\n");
    assertThat(Files.readString(folder.resolve("policy.yaml"))).contains("\nnotices:\n");
  }

  @Test
  void theDesksRulesAreOneFile() throws IOException {
    assertThat(run("desk", "--to", folder.toString())).isZero();

    Path file = folder.resolve("desk.yaml");
    assertThat(files(folder)).containsExactly("desk.yaml");
    assertThat(printed()).endsWith("  parley desk check " + file + "\n");
    assertThat(DeskFile.read(Files.readString(file))).isInstanceOf(DeskRules.Reading.Valid.class);
  }

  @Test
  void aFileThatIsThereIsWrittenOverOnlyByForce() throws IOException {
    Path cases = folder.resolve("reactivation.cases.yaml");
    Files.writeString(cases, "mine");

    assertThat(run("reactivation", "--to", folder.toString())).isEqualTo(1);
    assertThat(complained()).startsWith(cases + " is there already\n").contains("--force");
    assertThat(files(folder)).containsExactly("reactivation.cases.yaml");
    assertThat(Files.readString(cases)).isEqualTo("mine");

    assertThat(run("reactivation", "--to", folder.toString(), "--force")).isZero();
    assertThat(Files.readString(cases)).startsWith("# Cases for reactivation.json");
    assertThat(files(folder)).hasSize(3);
  }

  @Test
  void aNameThatIsNotKnownIsAnsweredWithTheNearest() {
    assertThat(run("cart-recvery")).isEqualTo(2);
    assertThat(complained())
        .isEqualTo("unknown starter cart-recvery: did you mean cart-recovery?\n");
  }

  @Test
  void aFolderThatIsNotThereIsMade() throws IOException {
    Path deep = folder.resolve("shop/flows");

    assertThat(run("review-request", "--to", deep.toString())).isZero();
    assertThat(files(deep)).hasSize(3);
  }

  @Test
  void aFileInTheFoldersPlaceIsTold() throws IOException {
    Path file = Files.writeString(folder.resolve("flows"), "");

    assertThat(run("review-request", "--to", file.toString())).isEqualTo(2);
    assertThat(run("review-request", "--to", file.resolve("more").toString())).isEqualTo(2);
    assertThat(complained())
        .contains("cannot make the folder " + file + ": there is a file of that name\n")
        .contains("cannot make the folder " + file.resolve("more") + ": ")
        .doesNotContain("Exception");
  }

  private static Stream<String> files(Path in) throws IOException {
    try (Stream<Path> files = Files.list(in)) {
      return files.map(it -> it.getFileName().toString()).sorted().toList().stream();
    }
  }

  private int run(String... arguments) {
    out.reset();
    CommandLine command =
        new CommandLine(
            new FlowCommand(
                new PrintStream(out, false, StandardCharsets.UTF_8),
                new PrintStream(err, false, StandardCharsets.UTF_8)));
    return command.execute(
        Stream.concat(Stream.of("new"), Stream.of(arguments)).toArray(String[]::new));
  }

  private String printed() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String complained() {
    return err.toString(StandardCharsets.UTF_8);
  }
}
