package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.desk.DeskRules;
import io.parley.engine.desk.QueueTexts;
import io.parley.engine.desk.Staffing;
import io.parley.store.Presence;
import io.parley.store.Presence.Abilities;
import io.parley.store.Presence.Status;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// `parley desk check`, and the example of DESK.md.
class DeskCommandTest {

  private static final Path PAGE =
      Path.of(System.getProperty("parley.root", "."), "modules/engine/DESK.md");

  @TempDir private Path folder;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void theExampleOfTheDocumentIsRightAndSaysWhatItTells() throws IOException {
    String page = Files.readString(PAGE);
    String example = page.substring(page.indexOf("```yaml\n") + 8, page.indexOf("\n```\n"));

    assertThat(DeskFile.read(example)).isInstanceOf(DeskRules.Reading.Valid.class);
    for (QueueTexts.Text text : QueueTexts.Text.values()) {
      assertThat(page).contains("| `" + text.word() + "` |");
    }
    assertThat(page).contains("| " + Staffing.DEFAULT.capacity() + " |");
    assertThat(Staffing.DEFAULT.offer()).isEqualTo(Duration.ofSeconds(45));
  }

  @Test
  void whatIsRightIsSaidToBe() throws IOException {
    int status = run("check", write("desk.yaml", "topics: {care: {skills: [care]}}"));

    assertThat(status).isZero();
  }

  @Test
  void whatIsWrongIsNamedWithItsPlace() throws IOException {
    int status = run("check", write("desk.yaml", "routing: [{when: {chanel: sms}}]"));

    assertThat(status).isEqualTo(1);
    assertThat(said())
        .contains("desk.yaml")
        .contains("#/routing/0/when/chanel")
        .contains("known are");
  }

  @Test
  void aCalendarThatThePolicyLacksIsFoundBesideThePolicy() throws IOException {
    String desk = write("desk.yaml", "topics: {care: {calendar: support}}");
    String policy = write("policy.yaml", "notices: {brand: Acme}");

    assertThat(run("check", desk)).isZero();
    assertThat(run("check", desk, "--policy", policy)).isEqualTo(1);
    assertThat(said()).contains("#/topics/care/calendar");
  }

  @Test
  void theQueueSaysThatNobodyIsThere() {
    Instant now = Instant.parse("2026-03-02T23:00:00Z");

    assertThat(DeskCommand.staff(List.of(), now)).isEqualTo("nobody is online");
    assertThat(DeskCommand.staff(List.of(agent(now.minus(Duration.ofHours(3)))), now))
        .isEqualTo("nobody is online; the last one was seen 3h ago");
    assertThat(DeskCommand.staff(List.of(agent(now)), now)).isEqualTo("1 agent is online");
  }

  private static Presence.Agent agent(Instant seenAt) {
    return new Presence.Agent(
        "ann", Status.ONLINE, seenAt, seenAt, Abilities.USUAL, 0, 0, 0, Optional.empty());
  }

  private String write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  private int run(String... arguments) {
    return new CommandLine(
            new DeskCommand(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8)))
        .execute(arguments);
  }

  private String said() {
    return out.toString(StandardCharsets.UTF_8) + err.toString(StandardCharsets.UTF_8);
  }
}
