package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.FlowSid;
import io.parley.engine.rules.Rules;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class RulesCommandTest {

  private static final String RIGHT =
      """
      rules:
        - name: cart-abandoned
          when: {track: Checkout Abandoned}
          start: {flow: cart}
        - name: by-sid
          when: {trait: cart_state, becomes: abandoned}
          start: {flow: %s}
      """
          .formatted(FlowSid.named("cart"));

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  @TempDir private Path folder;

  @Test
  void rulesThatAreRightHaveNoProblems() throws IOException {
    Files.writeString(folder.resolve("cart.json"), Service.CART);
    Path file = write(RIGHT);

    assertThat(run("check", file.toString())).isZero();
    assertThat(run("check", "--flows", folder.toString(), file.toString())).isZero();
    assertThat(printed(out)).isEqualTo("0 problems\n0 problems\n");
  }

  @Test
  void everyProblemIsNamedByFileAndPlace() throws IOException {
    Path file =
        write(
            """
            rules:
              - name: cart
                when: {tracks: Checkout Abandoned}
                where: {total: 50}
                start: {flow: cart, cooling_off: soon}
            """);

    assertThat(run("check", file.toString())).isEqualTo(1);
    assertThat(printed(out).lines())
        .anyMatch(
            it -> it.startsWith(file + ": #/rules/0/when/tracks is not known here; known are"))
        .anyMatch(it -> it.startsWith(file + ": #/rules/0/where/total is no place in a call"))
        .anyMatch(it -> it.startsWith(file + ": #/rules/0/start/cooling_off must be a duration"))
        .last()
        .isEqualTo("4 problems");
  }

  @Test
  void aFlowThatIsNotThereIsNamedWithThoseThatAre() throws IOException {
    Files.writeString(folder.resolve("cart.json"), Service.CART);
    Files.writeString(
        folder.resolve("sids.yaml"),
        """
        files: production
        environments: {production: {}}
        sids: {care: {production: FW00000000000000000000000000000002}}
        """);
    Path file =
        write(
            """
            rules:
              - {name: a, when: {track: A}, start: {flow: cort}}
              - {name: b, when: {track: B}, start: {flow: FW00000000000000000000000000000002}}
            """);

    assertThat(run("check", "--flows", folder.toString(), file.toString())).isEqualTo(1);
    assertThat(printed(out).lines().toList())
        .containsExactly(
            file + ": #/rules/0/start/flow names cort, and no flow has this name; there are [cart]",
            "1 problem");
  }

  @Test
  void theRulesOfTheReferenceAreRight() throws IOException {
    String reference =
        Files.readString(
            Path.of(System.getProperty("parley.root"), "modules/customerio/INGEST.md"));
    Matcher block = Pattern.compile("(?s)```yaml\n(.*?)```").matcher(reference);
    int rules = 0;
    while (block.find()) {
      assertThat(RulesFile.read(block.group(1)))
          .isInstanceOfSatisfying(
              Rules.Reading.Valid.class, it -> assertThat(it.rules().rules()).isNotEmpty());
      rules++;
    }
    assertThat(rules).isPositive();
  }

  @Test
  void theAudiencesOfTheReferenceAreRight() throws IOException {
    String reference =
        Files.readString(Path.of(System.getProperty("parley.root"), "modules/engine/AUDIENCES.md"));
    Matcher block = Pattern.compile("(?s)```yaml\n(audiences:.*?)```").matcher(reference);

    assertThat(block.find()).isTrue();
    assertThat(RulesFile.read(block.group(1)))
        .isInstanceOfSatisfying(
            Rules.Reading.Valid.class, it -> assertThat(it.rules().audiences()).hasSize(6));
  }

  @Test
  void whatCannotBeReadIsSaid() throws IOException {
    assertThat(run("check", write("rules: [").toString())).isEqualTo(1);
    assertThat(printed(out)).contains("is no YAML: line 1");
    assertThat(run("check", folder.resolve("none.yaml").toString())).isEqualTo(2);
    assertThat(run("check", "--flows", folder.resolve("none").toString(), write(RIGHT).toString()))
        .isEqualTo(2);
    assertThat(printed(err)).contains("there is no such file or folder");
  }

  private Path write(String rules) throws IOException {
    return Files.writeString(folder.resolve("rules.yaml"), rules);
  }

  private int run(String... arguments) {
    return new CommandLine(
            new RulesCommand(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8)))
        .execute(arguments);
  }

  private static String printed(ByteArrayOutputStream stream) {
    return stream.toString(StandardCharsets.UTF_8);
  }
}
