package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class DestinationsCommandTest {

  @TempDir private Path folder;

  @Test
  void aFileThatIsRightIsToldSo() throws IOException {
    Path file =
        write(
            """
            destinations:
              audit: {type: webhook, url: https://example.com, secret: AUDIT_SECRET}
              other: {type: webhook, url: https://example.com, secret: OTHER_SECRET}
              tried: {type: webhook, url: https://example.com, secret: TRIED, dry_run: true}
            """);

    Run run =
        run(Map.of("PARLEY_DESTINATION_SECRETS", "AUDIT_SECRET=s3cret"), "check", file.toString());

    assertThat(run.out())
        .isEqualTo(
            """
            audit: webhook, on
            other: webhook, off: PARLEY_DESTINATION_SECRETS has no OTHER_SECRET
            tried: webhook, dry run
            0 problems
            """);
    assertThat(run.exit()).isZero();
  }

  @Test
  void whatIsWrongIsToldWithItsPlace() throws IOException {
    Path file = write("destinations: {a: {type: pigeon}}\n");

    Run run = run(Map.of(), "check", file.toString());

    assertThat(run.out())
        .startsWith(file + ": #/destinations/a/type must be one of: ")
        .endsWith("\n1 problem\n");
    assertThat(run.exit()).isEqualTo(1);
    assertThat(run(Map.of(), "check", folder.resolve("none.yaml").toString()).err())
        .contains("there is no such file or folder");
  }

  @Test
  void whatWaitsIsListedAndWhatTheFileHasNoMoreCanBeGivenUp() throws IOException {
    Path file =
        write(
            "destinations: {audit: {type: webhook, url: \"http://127.0.0.1:1\", secret: AUDIT}}\n");
    Map<String, String> environment =
        Map.of("PARLEY_DESTINATIONS", file.toString(), "PARLEY_DESTINATION_SECRETS", "AUDIT=s");
    try (Service service =
        Service.start(Map.of("DESTINATIONS", file.toString(), "DESTINATION_SECRETS", "AUDIT=s"))) {
      service.trigger("+14155550142", "key");
      service.until("the question leaves", () -> service.channel.texts().size() == 1);
      service.until(
          "only these wait", () -> service.count("outbox where destination <> 'audit'") == 0);
      service.stop();
      long waiting = service.count("outbox");
      String database = "--database=" + service.database;

      assertThat(run(environment, database, "list").out())
          .matches(
              "audit: webhook, on; %d wait, the oldest for \\d+s; 0 dead letters\n"
                  .formatted(waiting));
      assertThat(run(environment, database, "bury", "audit").err())
          .contains("audit is in " + file + "; take it out there first");
      assertThat(run(environment, database, "bury", "twilio").exit()).isEqualTo(2);

      write("destinations: {}\n");
      assertThat(run(environment, database, "list").out())
          .startsWith("audit: not in " + file + "; " + waiting + " wait, the oldest for ");
      Run buried = run(environment, database, "bury", "audit");
      assertThat(buried.out()).isEqualTo(waiting + " reports given up, kept as dead letters\n");
      assertThat(buried.exit()).isZero();
      assertThat(run(environment, database, "list").out())
          .isEqualTo("audit: not in %s; 0 wait; %d dead letters\n".formatted(file, waiting));
      assertThat(run(environment, database, "bury", "audit").exit()).isEqualTo(1);
      service.restart();
    }
  }

  @Test
  void secretsThatCannotBeReadAreToldBesideWhatIsOffForWantOfThem() throws IOException {
    Path file =
        write("destinations: {audit: {type: webhook, url: \"http://a:1\", secret: AUDIT}}\n");

    Run run = run(Map.of("PARLEY_DESTINATION_SECRETS", "audit=s3cret"), "check", file.toString());

    assertThat(run.out()).contains("audit: webhook, off: PARLEY_DESTINATION_SECRETS has no AUDIT");
    assertThat(run.err())
        .startsWith("PARLEY_DESTINATION_SECRETS: value 1 of 1 is not NAME=value")
        .doesNotContain("s3cret");
  }

  private Path write(String text) throws IOException {
    return Files.writeString(folder.resolve("destinations.yaml"), text);
  }

  private record Run(int exit, String out, String err) {}

  private static Run run(Map<String, String> environment, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int exit =
        new CommandLine(
                new DestinationsCommand(environment, new PrintStream(out), new PrintStream(err)))
            .execute(arguments);
    return new Run(
        exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
