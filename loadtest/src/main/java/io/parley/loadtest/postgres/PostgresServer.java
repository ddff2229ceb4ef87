package io.parley.loadtest.postgres;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// A real Postgres on loopback that can crash and come back on the same port and data folder.
/// Commits reach the operating system before they are answered, so a crash of the server (not of
/// the machine) loses none.
public final class PostgresServer implements AutoCloseable {

  private static final Duration STARTUP = Duration.ofSeconds(60);

  private final Path dataFolder;
  private final int port;
  private EmbeddedPostgres running;

  private PostgresServer(Path dataFolder, EmbeddedPostgres running) {
    this.dataFolder = dataFolder;
    this.port = running.getPort();
    this.running = running;
  }

  /// @param dataFolder empty or missing at first; what is there survives [#close]
  public static PostgresServer start(Path dataFolder) throws IOException {
    return new PostgresServer(dataFolder, launch(dataFolder, 0));
  }

  private static EmbeddedPostgres launch(Path dataFolder, int port) throws IOException {
    EmbeddedPostgres.Builder builder =
        EmbeddedPostgres.builder()
            .setDataDirectory(dataFolder)
            .setCleanDataDirectory(false)
            .setPGStartupWait(STARTUP)
            .setServerConfig("synchronous_commit", "on")
            .setServerConfig("max_connections", "100");
    return (port == 0 ? builder : builder.setPort(port)).start();
  }

  public int port() {
    return port;
  }

  public Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + port + "/" + database, "postgres", "postgres");
  }

  public void createDatabase(String name) throws SQLException {
    try (Connection connection = connect("postgres");
        Statement statement = connection.createStatement()) {
      statement.execute("create database " + name);
    }
  }

  /// The id of the postmaster, whose children the sessions are.
  ///
  /// @throws IOException where it does not run
  public long pid() throws IOException {
    return Long.parseLong(
        Files.readAllLines(dataFolder.resolve("postmaster.pid")).getFirst().strip());
  }

  /// Ends the server as `pg_ctl stop -m immediate` does: connections break, nothing is flushed.
  public void crash() throws IOException, InterruptedException {
    String pid = Files.readAllLines(dataFolder.resolve("postmaster.pid")).getFirst().strip();
    ProcessHandle postmaster = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
    new ProcessBuilder("kill", "-QUIT", pid).inheritIO().start().waitFor(10, TimeUnit.SECONDS);
    postmaster.onExit().orTimeout(10, TimeUnit.SECONDS).join();
    running.close();
  }

  /// Ends the server in order: connections break, everything is flushed.
  public void stop() throws IOException {
    running.close();
  }

  /// Starts the server again, which replays its log.
  public void restart() throws IOException {
    running = launch(dataFolder, port);
  }

  @Override
  public void close() throws IOException {
    running.close();
  }
}
