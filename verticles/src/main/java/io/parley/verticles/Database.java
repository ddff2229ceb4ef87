package io.parley.verticles;

import io.vertx.pgclient.PgConnectOptions;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.flywaydb.core.Flyway;

/// The Postgres that the service runs on: a server named by a URL, or an embedded one whose
/// data folder survives restarts. Migrated when opened.
final class Database implements AutoCloseable {

  /// How long a connection may take to open. A server that hangs shall not hold up the start for as
  /// long as TCP is patient.
  private static final Duration LOGIN = Duration.ofSeconds(10);

  private final Optional<Embedded> embedded;
  private final PgConnectOptions options;

  /// A Postgres of our own in a folder of its own.
  private record Embedded(EmbeddedPostgres postgres, DataFolder folder) {}

  private Database(Optional<Embedded> embedded, PgConnectOptions options) {
    this.embedded = embedded;
    this.options = options;
  }

  /// Opens the database; throws with a sentence for the operator where it cannot be had.
  static Database open(Settings settings) {
    return open(settings, new CountDownLatch(1));
  }

  /// As [#open(Settings)], but waits for a database no longer than it is to be opened.
  ///
  /// @param ended counted down when it is not to be opened any more
  static Database open(Settings settings, CountDownLatch ended) {
    Duration patience = settings.databaseStart();
    Database database =
        settings
            .databaseUrl()
            .map(Database::server)
            .orElseGet(() -> embedded(settings.dataDir(), patience));
    try {
      new DatabaseStart(database.url(), patience, ended).run(database::migrate);
      return database;
    } catch (IllegalStateException e) {
      database.close();
      throw e;
    }
  }

  private static Database server(String url) {
    PgConnectOptions options = PgConnectOptions.fromUri(url);
    return new Database(Optional.empty(), tuned(options));
  }

  /// A folder that a killed process left behind is opened all the same: Postgres replays its log.
  /// Durable, unlike what the library's defaults are made for.
  private static Database embedded(Path dataDir, Duration patience) {
    DataFolder folder = DataFolder.take(dataDir);
    try {
      EmbeddedPostgres postgres =
          EmbeddedPostgres.builder()
              .setDataDirectory(folder.postgres())
              .setCleanDataDirectory(false)
              // Not in the system's temporary folder, which is cleaned now and then.
              .setOverrideWorkingDirectory(folder.programs().toFile())
              .setPGStartupWait(patience)
              // Its own hook would stop it while the service drains; see ServeCommand.
              .setRegisterShutdownHook(false)
              .setServerConfig("fsync", "on")
              .setServerConfig("synchronous_commit", "on")
              .setServerConfig("full_page_writes", "on")
              .setServerConfig("max_connections", "100")
              .start();
      PgConnectOptions options =
          new PgConnectOptions()
              .setHost("localhost")
              .setPort(postgres.getPort())
              .setUser("postgres")
              .setPassword("postgres")
              .setDatabase("postgres");
      return new Database(Optional.of(new Embedded(postgres, folder)), tuned(options));
    } catch (IOException e) {
      throw new UncheckedIOException("the embedded Postgres in " + dataDir + " does not start", e);
    }
  }

  private static PgConnectOptions tuned(PgConnectOptions options) {
    return options
        .setCachePreparedStatements(true)
        .setReconnectAttempts(0)
        .addProperty("application_name", "parley");
  }

  PgConnectOptions options() {
    return options;
  }

  /// The URL by which another process reaches the database.
  String url() {
    return url(options);
  }

  /// Where a database is, without its password.
  static String url(PgConnectOptions options) {
    return "postgresql://%s@%s:%d/%s"
        .formatted(options.getUser(), options.getHost(), options.getPort(), options.getDatabase());
  }

  private void migrate() {
    String jdbc =
        "jdbc:postgresql://%s:%d/%s?sslmode=%s&loginTimeout=%d"
            .formatted(
                options.getHost(),
                options.getPort(),
                options.getDatabase(),
                options.getSslMode() == null ? "disable" : options.getSslMode().value,
                LOGIN.toSeconds());
    Flyway.configure()
        .dataSource(jdbc, options.getUser(), Optional.ofNullable(options.getPassword()).orElse(""))
        .load()
        .migrate();
  }

  @Override
  public void close() {
    embedded.ifPresent(
        it -> {
          try {
            it.postgres().close();
            it.folder().close();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }
}
