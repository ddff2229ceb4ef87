package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.parley.testkit.FragilePostgres;
import io.parley.verticles.Service.Answer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

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

  /// Everything that is logged, with its keys.
  private static final class Log extends AppenderBase<ILoggingEvent> implements AutoCloseable {

    private final List<String> lines;

    private Log(List<String> lines) {
      this.lines = lines;
    }

    static Log into(List<String> lines) {
      Log log = new Log(lines);
      log.start();
      root().addAppender(log);
      return log;
    }

    private static Logger root() {
      return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }

    @Override
    protected void append(ILoggingEvent event) {
      String cause =
          event.getThrowableProxy() == null ? "" : event.getThrowableProxy().getMessage();
      lines.add(event.getFormattedMessage() + " " + event.getKeyValuePairs() + " " + cause);
    }

    @Override
    public void close() {
      root().detachAppender(this);
    }
  }
}
