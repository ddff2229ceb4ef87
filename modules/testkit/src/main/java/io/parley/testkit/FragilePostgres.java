package io.parley.testkit;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import org.flywaydb.core.Flyway;

/// A migrated Postgres of its own that can be stopped and started again: same data, same port.
public final class FragilePostgres implements AutoCloseable {

  private final Path folder;
  private EmbeddedPostgres postgres;
  private final int port;

  /// @param folder an empty one for its data
  public FragilePostgres(Path folder) {
    this.folder = folder;
    this.postgres = open(0);
    this.port = postgres.getPort();
    Flyway.configure()
        .dataSource(postgres.getJdbcUrl("postgres", "postgres"), "postgres", "postgres")
        .load()
        .migrate();
  }

  public String url() {
    return "postgresql://postgres:postgres@localhost:" + port + "/postgres";
  }

  /// Breaks every connection off.
  public void stop() {
    try {
      postgres.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public void start() {
    postgres = open(port);
  }

  /// @param port 0 takes a free one
  private EmbeddedPostgres open(int port) {
    EmbeddedPostgres.Builder builder =
        EmbeddedPostgres.builder()
            .setDataDirectory(folder.resolve("postgres"))
            .setCleanDataDirectory(false)
            .setPGStartupWait(Duration.ofSeconds(30));
    try {
      return port == 0 ? builder.start() : builder.setPort(port).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    stop();
  }
}
