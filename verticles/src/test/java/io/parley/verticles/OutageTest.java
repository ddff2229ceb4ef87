package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.testkit.FragilePostgres;
import io.parley.verticles.Service.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutageTest {

  private static final String JANE = "+14155550142";
  private static final String JOHN = "+14155550143";

  @Test
  void withoutItsDatabaseNothingIsAcknowledgedAndWithItAllGoesOn(@TempDir Path folder) {
    List<String> lines = new CopyOnWriteArrayList<>();
    try (FragilePostgres postgres = new FragilePostgres(folder);
        Service service = new Service(postgres.url(), Map.of());
        Log _ = Log.into(lines)) {
      service.trigger(JANE, "key");
      service.until("the question leaves", () -> service.channel.texts().size() == 1);
      service.until("all is told", () -> service.count("outbox") == 0);

      postgres.stop();

      assertThat(service.reply(JANE, "SM-in-1", "a secret wish").status()).isEqualTo(503);
      assertThat(service.reply(JANE, "SM-in-1", "a secret wish").status()).isEqualTo(503);
      assertThat(service.trigger(JOHN, "key-2").status()).isEqualTo(503);
      assertThat(service.status(0, "delivered").join().status()).isEqualTo(503);
      assertThat(service.get("/health/ready").status()).isEqualTo(503);
      assertThat(service.get("/health/live").status()).isEqualTo(200);

      postgres.start();
      service.until("it is ready", () -> service.get("/health/ready").status() == 200);

      Answer again = service.reply(JANE, "SM-in-1", "a secret wish");
      assertThat(again.status()).isEqualTo(200);
      assertThat(service.trigger(JOHN, "key-2").json().getBoolean("duplicate")).isFalse();
      service.until("all messages leave", () -> service.channel.texts().size() == 3);
      service.until("all is told", () -> service.count("outbox") == 0);
      assertThat(service.count("inbox")).isZero();
      assertThat(service.count("dead_letter")).isZero();
    }
    assertThat(lines).as("the outage was logged").isNotEmpty();
    assertThat(lines)
        .noneMatch(line -> line.contains(JANE) || line.contains(JOHN))
        .noneMatch(line -> line.contains(Service.OURS))
        .noneMatch(line -> line.contains("secret wish"))
        .noneMatch(line -> line.contains("twilio-token") || line.contains("bearer-token"));
  }

  @Test
  void aSendWhoseAnswerCannotBeStoredIsFoundAgain(@TempDir Path folder) {
    try (FragilePostgres postgres = new FragilePostgres(folder);
        Service service = new Service(postgres.url(), Map.of())) {
      service.channel.shut();
      service.trigger(JANE, "key");
      service.until("the question leaves", () -> service.channel.requests().size() == 1);

      postgres.stop();
      service.channel.open();
      service.until("it was taken", () -> service.channel.texts().size() == 1);
      postgres.start();

      service.until(
          "it is accounted for",
          () ->
              service.get("/health/ready").status() == 200
                  && service.count("delivery where destination = 'twilio'") == 1);
      assertThat(service.channel.requests()).hasSize(1);
    }
  }

  @Test
  void aDatabaseThatHangsIsAnsweredForInTime(@TempDir Path folder) throws IOException {
    try (FragilePostgres postgres = new FragilePostgres(folder);
        Service service = new Service(postgres.url(), Map.of())) {
      service.trigger(JANE, "key");
      service.until("all is told", () -> service.count("outbox") == 0);
      List<String> lines = new CopyOnWriteArrayList<>();
      try (Hang _ = Hang.of(folder);
          Log _ = Log.into(lines)) {
        assertThat(elapsed(() -> service.get("/health/ready"), 503)).isLessThan(2.0);
        assertThat(elapsed(() -> service.trigger(JOHN, "key-2"), 503)).isLessThan(4.0);
        assertThat(elapsed(() -> service.status(0, "delivered").join(), 503)).isLessThan(4.0);
        assertThat(elapsed(() -> service.reply(JANE, "SM-in-1", "yes"), 503)).isLessThan(4.0);
        assertThat(elapsed(() -> service.get("/health/ready"), 503)).isLessThan(2.0);
        service.until(
            "the lane is free again",
            () -> lines.stream().anyMatch(line -> line.contains("was not committed")));
      }

      service.until("it is ready", () -> service.get("/health/ready").status() == 200);
      assertThat(service.reply(JANE, "SM-in-1", "yes").status()).isEqualTo(200);
      service.until("it goes on", () -> service.trigger(JOHN, "key-2").status() == 200);
      service.until("all messages leave", () -> service.channel.texts().size() == 3);
      service.until("all is told", () -> service.count("outbox") == 0);
      assertThat(service.count("inbox")).isZero();
    }
  }

  private static double elapsed(Supplier<Answer> request, int status) {
    long asked = System.nanoTime();
    assertThat(request.get().status()).isEqualTo(status);
    return (System.nanoTime() - asked) / 1e9;
  }

  /// Stops all processes of a Postgres where they stand: its sockets stay open and say nothing.
  private record Hang(List<String> processes) implements AutoCloseable {

    static Hang of(Path folder) throws IOException {
      long postmaster =
          Long.parseLong(
              Files.readAllLines(folder.resolve("postgres").resolve("postmaster.pid")).getFirst());
      ProcessHandle main = ProcessHandle.of(postmaster).orElseThrow();
      Hang hang =
          new Hang(
              Stream.concat(Stream.of(main), main.descendants())
                  .map(it -> String.valueOf(it.pid()))
                  .toList());
      hang.signal("-STOP");
      return hang;
    }

    private void signal(String signal) {
      try {
        List<String> command = new ArrayList<>(List.of("kill", signal));
        command.addAll(processes);
        new ProcessBuilder(command).start().onExit().join();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() {
      signal("-CONT");
    }
  }
}
