package io.parley.bench;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.flywaydb.core.Flyway;

/// What is measured on: one durable Postgres, a folder, and a scale.
final class Ground implements AutoCloseable {

  /// Of the server, the same for all. The log is large enough that no round meets a checkpoint
  /// that the round before has brought about.
  private static final Map<String, String> SERVER =
      new TreeMap<>(
          Map.of(
              "fsync", "on",
              "synchronous_commit", "on",
              "full_page_writes", "on",
              "shared_buffers", "1GB",
              "max_wal_size", "16GB",
              "checkpoint_timeout", "30min",
              "max_connections", "200"));

  private static final String TEMPLATE = "parley_template";
  private static final int CROWD = 1_000_000;
  private static final Duration SETTLE = Duration.ofSeconds(20);

  private final Path folder;
  private final Scale scale;
  private final EmbeddedPostgres postgres;
  private final AtomicInteger databases = new AtomicInteger();
  private Optional<Crowd> crowd = Optional.empty();

  private Ground(Path folder, Scale scale, EmbeddedPostgres postgres) {
    this.folder = folder;
    this.scale = scale;
    this.postgres = postgres;
  }

  /// @param folder that is all ours; what is in it is gone afterwards
  static Ground open(Path folder, Scale scale) throws IOException, SQLException {
    Files.createDirectories(folder);
    EmbeddedPostgres.Builder builder =
        EmbeddedPostgres.builder()
            .setDataDirectory(Files.createTempDirectory(folder, "postgres"))
            .setCleanDataDirectory(true)
            .setPGStartupWait(Duration.ofSeconds(60));
    SERVER.forEach(builder::setServerConfig);
    Ground ground = new Ground(folder, scale, builder.start());
    ground.execute("postgres", "create database " + TEMPLATE);
    Flyway.configure()
        .dataSource(ground.postgres.getJdbcUrl("postgres", TEMPLATE), "postgres", "postgres")
        .load()
        .migrate();
    return ground;
  }

  Scale scale() {
    return scale;
  }

  Path folder() {
    return folder;
  }

  /// The server's settings that are not Postgres' own.
  Map<String, String> server() {
    return SERVER;
  }

  /// A fresh database with Parley's tables; answers its name.
  String database() throws SQLException {
    String name = "bench_" + databases.incrementAndGet();
    execute("postgres", "create database " + name + " template " + TEMPLATE);
    return name;
  }

  /// A database is measured no more.
  void drop(String database) throws SQLException {
    execute("postgres", "drop database " + database + " with (force)");
  }

  String url(String database) {
    return "postgresql://postgres:postgres@localhost:" + postgres.getPort() + "/" + database;
  }

  /// The same for JDBC, without a user.
  String jdbcUrl(String database) {
    return "jdbc:postgresql://localhost:" + postgres.getPort() + "/" + database;
  }

  /// Starts a process.
  Child start(Child.Launch launch) {
    return Child.start(launch, folder);
  }

  /// Starts Parley as a contestant.
  ///
  /// @param settings beside those of every measure, `NAME=value`
  Child parley(String database, String... settings) {
    return parley(Child.HEAP, database, settings);
  }

  /// @param jvm options of the JVM
  Child parley(List<String> jvm, String database, String... settings) {
    List<String> arguments = new ArrayList<>(List.of(url(database), folder.toString()));
    arguments.addAll(List.of(settings));
    return start(new Child.Launch("parley", jvm, ParleyContestant.class.getName(), arguments));
  }

  /// A database with a crowd of conversations that wait for a reply, the same for all measures.
  Crowd crowd() throws Exception {
    Crowd there = crowd.orElse(null);
    if (there == null) {
      there = Crowd.fill(this, scale.of(CROWD));
      crowd = Optional.of(there);
    }
    return there;
  }

  /// Starts plain SQL as a contestant.
  ///
  /// @param form its name
  /// @param samples the file of what it writes
  Child sql(String database, String form, Path samples) {
    return start(
        new Child.Launch(
            form,
            List.of("-Xmx1g"),
            SqlContestant.class.getName(),
            List.of(url(database), form, samples.toString())));
  }

  /// Reads samples of what Parley has written to a database, for [#sql].
  Samples samples(String database, Path file) throws SQLException, IOException {
    try (Connection connection = connect(database)) {
      Samples samples = Samples.of(connection);
      samples.save(file);
      return samples;
    }
  }

  /// Tells whoever waits.
  void say(String line) {
    System.out.println(line);
  }

  Connection connect(String database) throws SQLException {
    return postgres.getDatabase("postgres", database).getConnection();
  }

  void execute(String database, String sql) throws SQLException {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /// What a query answers first of all.
  String ask(String database, String sql) throws SQLException {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }

  /// Waits until the server has cleaned up behind the contestant before, so that the next does not
  /// pay for it; not for ever.
  void settle() throws SQLException {
    long deadline = System.nanoTime() + SETTLE.toNanos();
    while (System.nanoTime() < deadline && !isSettled()) {
      LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
    }
  }

  private boolean isSettled() throws SQLException {
    return ask(
            "postgres",
            "select count(*) from pg_stat_activity where backend_type = 'autovacuum worker'")
        .equals("0");
  }

  /// What a contestant and the server have used so far.
  Spent spent(Child child) throws SQLException {
    return spent(child.pid());
  }

  /// @param process that is measured
  Spent spent(long process) throws SQLException {
    return new Spent(
        Usage.micros(process),
        Usage.micros(postmaster()),
        Long.parseLong(ask("postgres", "select pg_current_wal_insert_lsn() - '0/0'::pg_lsn")),
        Long.parseLong(ask("postgres", "select wal_fpi from pg_stat_wal")));
  }

  /// The process that all others of the server are children of.
  private long postmaster() throws SQLException {
    Path file = Path.of(ask("postgres", "show data_directory")).resolve("postmaster.pid");
    try {
      return Long.parseLong(Files.readAllLines(file).getFirst().strip());
    } catch (IOException e) {
      throw new IllegalStateException("the server has no " + file, e);
    }
  }

  /// @param processMicros of the contestant's processor time
  /// @param serverMicros of Postgres'
  /// @param logBytes that Postgres has written ahead
  /// @param pages of them that were written whole, the first time after a checkpoint
  record Spent(double processMicros, double serverMicros, long logBytes, long pages) {

    Spent since(Spent before) {
      return new Spent(
          processMicros - before.processMicros,
          serverMicros - before.serverMicros,
          logBytes - before.logBytes,
          pages - before.pages);
    }
  }

  @Override
  public void close() throws IOException {
    postgres.close();
  }
}
