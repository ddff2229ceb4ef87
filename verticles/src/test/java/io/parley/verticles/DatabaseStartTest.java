package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.testkit.FragilePostgres;
import io.parley.testkit.TestPostgres;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnectOptions;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class DatabaseStartTest {

  private static final String WAITS = "the start waits for the database";

  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final CountDownLatch waits = new CountDownLatch(1);
  private final Log log = Log.read(this::read);

  private void read(String line) {
    lines.add(line);
    if (line.contains(WAITS)) {
      waits.countDown();
    }
  }

  @AfterEach
  void leave() {
    log.close();
  }

  @Test
  void aDatabaseThatDoesNotListenYetIsWaitedFor(@TempDir Path folder) throws InterruptedException {
    try (FragilePostgres postgres = new FragilePostgres(folder)) {
      postgres.stop();
      CompletableFuture<Database> opening =
          CompletableFuture.supplyAsync(() -> Database.open(settings(postgres.url(), "60s")));
      assertThat(waits.await(30, TimeUnit.SECONDS)).as("it waits").isTrue();

      postgres.start();

      assertThat(opening).succeedsWithin(60, TimeUnit.SECONDS);
      assertThat(lines)
          .anyMatch(
              line -> line.contains(WAITS) && line.contains("postgresql://postgres@localhost"))
          .anyMatch(line -> line.contains("the database answers"))
          .noneMatch(line -> line.contains("postgres:postgres@"));
    }
  }

  @Test
  void theServiceWaitsWhereItsDatabaseGoesAwayAsItStarts(@TempDir Path folder)
      throws InterruptedException {
    try (FragilePostgres postgres = new FragilePostgres(folder)) {
      postgres.stop();
      CompletableFuture<Service> starting =
          CompletableFuture.supplyAsync(() -> new Service(postgres.url(), Map.of()));
      assertThat(waits.await(30, TimeUnit.SECONDS)).as("it waits").isTrue();

      postgres.start();

      try (Service service = starting.join()) {
        assertThat(service.trigger("+14155550142", "key").status()).isEqualTo(200);
      }
    }
  }

  @Test
  void aDatabaseThatReplaysItsLogIsWaitedFor() {
    String url = TestPostgres.database();
    PgConnectOptions behind = PgConnectOptions.fromUri(url);
    try (StartingPostgres starting = new StartingPostgres(behind.getPort(), 2)) {
      String through = url.replace(":" + behind.getPort() + "/", ":" + starting.port() + "/");

      Database.open(settings(through, "60s")).close();

      assertThat(lines).anyMatch(line -> line.contains(WAITS) && line.contains("starting up"));
    }
  }

  @Test
  void theServiceWaitsForADatabaseThatReplaysItsLog() {
    String url = TestPostgres.database();
    PgConnectOptions behind = PgConnectOptions.fromUri(url);
    try (StartingPostgres starting = new StartingPostgres(behind.getPort(), 2)) {
      String through = url.replace(":" + behind.getPort() + "/", ":" + starting.port() + "/");

      try (Service service = new Service(through, Map.of())) {
        assertThat(service.get("/health/live").status()).isEqualTo(200);
      }

      assertThat(lines).anyMatch(line -> line.contains(WAITS) && line.contains("starting up"));
    }
  }

  @Test
  void aWrongPasswordFailsAtOnce(@TempDir Path folder) throws IOException, SQLException {
    Path access =
        Files.writeString(
            folder.resolve("pg_hba.conf"),
            """
            host all postgres all trust
            host all all all scram-sha-256
            """);
    try (EmbeddedPostgres postgres =
        EmbeddedPostgres.builder().setServerConfig("hba_file", access.toString()).start()) {
      try (Connection connection = postgres.getPostgresDatabase().getConnection();
          Statement statement = connection.createStatement()) {
        statement.execute("create role parley login superuser password 'right'");
      }
      String url = "postgresql://parley:%s@localhost:" + postgres.getPort() + "/postgres";

      Database.open(settings(url.formatted("right"), "60s")).close();
      assertThatIllegalStateException()
          .isThrownBy(() -> Database.open(settings(url.formatted("wrong"), "60s")))
          .withMessageStartingWith("the database postgresql://parley@localhost:")
          .withMessageContaining("password authentication failed")
          .withMessageContaining("mend the user and the password in PARLEY_DATABASE_URL");
      assertThatThrownBy(() -> start(url.formatted("wrong")))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("password authentication failed")
          .hasMessageContaining("PARLEY_DATABASE_URL");
      assertThat(lines).noneMatch(line -> line.contains(WAITS));
    }
  }

  @Test
  void aDatabaseThatDoesNotExistFailsAtOnce() {
    String url = TestPostgres.database() + "_elsewhere";

    assertThatIllegalStateException()
        .isThrownBy(() -> Database.open(settings(url, "60s")))
        .withMessageContaining("does not exist")
        .withMessageContaining("create the database, or mend its name in PARLEY_DATABASE_URL");
    assertThatThrownBy(() -> start(url))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("create the database, or mend its name in PARLEY_DATABASE_URL");
    assertThat(lines).noneMatch(line -> line.contains(WAITS));
  }

  @Test
  void theWaitHasAnEndThatSaysWhatToDo(@TempDir Path folder) {
    try (FragilePostgres postgres = new FragilePostgres(folder)) {
      postgres.stop();

      assertThatIllegalStateException()
          .isThrownBy(() -> Database.open(settings(postgres.url(), "1s")))
          .withMessageStartingWith("the database postgresql://postgres@localhost:")
          .withMessageContaining("has not answered for 1.0 s")
          .withMessageContaining("PARLEY_DATABASE_START_TIMEOUT");
    }
    assertThat(lines)
        .filteredOn(line -> line.contains(WAITS))
        .as("once in five seconds")
        .hasSize(1);
  }

  @Test
  void whoIsToldToStopDoesNotWaitOn(@TempDir Path folder) throws InterruptedException {
    try (FragilePostgres postgres = new FragilePostgres(folder)) {
      postgres.stop();
      CountDownLatch ended = new CountDownLatch(1);
      CompletableFuture<Database> opening =
          CompletableFuture.supplyAsync(() -> Database.open(settings(postgres.url(), "1h"), ended));
      assertThat(waits.await(30, TimeUnit.SECONDS)).as("it waits").isTrue();

      ended.countDown();

      assertThat(opening)
          .failsWithin(30, TimeUnit.SECONDS)
          .withThrowableThat()
          .withMessageContaining("told to stop while it waited for postgresql://");
    }
  }

  @Test
  void aServiceThatIsToldToStopAsItStartsDoesNotWaitOn(@TempDir Path folder)
      throws InterruptedException {
    try (FragilePostgres postgres = new FragilePostgres(folder)) {
      postgres.stop();
      PgConnectOptions options = PgConnectOptions.fromUri(postgres.url());
      Wiring wiring = new Wiring(settings(postgres.url(), "1h"), options, Clock.systemUTC());
      CountDownLatch ended = new CountDownLatch(1);
      try {
        Future<Void> starting = wiring.start(ended);
        assertThat(waits.await(30, TimeUnit.SECONDS)).as("it waits").isTrue();

        ended.countDown();

        assertThatThrownBy(() -> starting.await(30, TimeUnit.SECONDS))
            .hasMessageContaining("told to stop while it waited for postgresql://");
      } finally {
        Service.await(wiring.stop());
      }
    }
  }

  /// Starts the service on a database that is said to be migrated.
  private static void start(String url) {
    Wiring wiring =
        new Wiring(settings(url, "60s"), PgConnectOptions.fromUri(url), Clock.systemUTC());
    try {
      Service.await(wiring.start());
    } finally {
      Service.await(wiring.stop());
    }
  }

  private static Settings settings(String url, String patience) {
    Map<String, String> environment = new HashMap<>();
    environment.put("PARLEY_DATABASE_URL", url);
    environment.put("PARLEY_DATABASE_START_TIMEOUT", patience);
    environment.put("PARLEY_HTTP_PORT", "0");
    return switch (Settings.read(environment)) {
      case Settings.Reading.Usable(var settings, var _) -> settings;
      case Settings.Reading.Unusable(var problems) -> throw new AssertionError(problems);
    };
  }
}
