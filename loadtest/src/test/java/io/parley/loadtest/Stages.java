package io.parley.loadtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.parley.loadtest.oracle.Evidence;
import io.parley.loadtest.oracle.InForce;
import io.parley.loadtest.oracle.Judgement;
import io.parley.loadtest.oracle.Oracle;
import io.parley.loadtest.postgres.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// Sets stages for tests, with short settings, and judges what was played on them. The folders,
/// logs among them, are left in `loadtest/target/stages`.
final class Stages {

  /// How long a request that was under way when a STOP was acknowledged may take: the time-out
  /// of requests to Twilio below, twice.
  private static final Duration GRACE = Duration.ofSeconds(2);

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final Path ROOT = Path.of(System.getProperty("parley.root", ".."));
  private static final Path JAR = ROOT.resolve("verticles/target/parley.jar");
  private static final Path FOLDERS = ROOT.resolve("loadtest/target/stages");

  /// The first orderly end of a process leaves an archive of its classes, from which the next ones
  /// start in less time.
  private static final List<String> QUICK_START =
      List.of(
          "-XX:TieredStopAtLevel=1",
          "-XX:+UseSerialGC",
          "-XX:+AutoCreateSharedArchive",
          "-XX:SharedArchiveFile=" + FOLDERS.resolve("parley.jsa"),
          "-Xmx384m",
          "--enable-native-access=ALL-UNNAMED");

  private Stages() {}

  static void assumeJar() {
    assumeTrue(Files.exists(JAR), "Parley is not built: " + JAR + " is missing");
  }

  static Path jar() {
    return JAR;
  }

  static Path emptyFolder(String name) throws IOException {
    Path folder = FOLDERS.resolve(name);
    if (Files.exists(folder)) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
    return Files.createDirectories(folder);
  }

  static Stage set(PostgresServer postgres, String name, Map<String, String> settings)
      throws IOException, InterruptedException, SQLException, TimeoutException {
    Files.createDirectories(FOLDERS);
    Map<String, String> all = new LinkedHashMap<>();
    all.put("PARLEY_TWILIO_TIMEOUT", "1s");
    all.put("PARLEY_IN_DOUBT_SETTLE", "3s");
    all.put("PARLEY_CUSTOMERIO_TIMEOUT", "1s");
    all.put("PARLEY_CALL_TIMEOUT", "2s");
    all.putAll(settings);
    postgres.createDatabase(name);
    return Stage.set(new Stage.Props(JAR, emptyFolder(name), postgres, name, QUICK_START, all));
  }

  /// Every plot of the cart that plays by itself, over and over.
  static Iterator<Plot> plots() {
    return plots(Plot::isOfTheCart);
  }

  /// Every plot of any flow that plays by itself, over and over.
  static Iterator<Plot> allPlots() {
    return plots(_ -> true);
  }

  private static Iterator<Plot> plots(Predicate<Plot> which) {
    return Stream.generate(Plot::values)
        .flatMap(Stream::of)
        .filter(which.and(plot -> plot != Plot.FOLLOWS_THE_TEST))
        .iterator();
  }

  /// Begins as many conversations, one of each plot and so on.
  static void begin(Stage stage, int count) {
    Iterator<Plot> plots = plots();
    for (int i = 0; i < count; i++) {
      stage.customers().begin(plots.next());
    }
  }

  /// Waits until it holds; fails where it does not within 20 seconds.
  static void await(String what, Condition condition) throws Exception {
    await(what, PATIENCE, condition);
  }

  /// Waits until it holds; fails where it does not in time.
  static void await(String what, Duration patience, Condition condition) throws Exception {
    long deadline = System.nanoTime() + patience.toNanos();
    while (!condition.holds()) {
      assertThat(System.nanoTime()).as(what).isLessThan(deadline);
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
  }

  interface Condition {
    boolean holds() throws Exception;
  }

  /// Waits until the play is over, and fails where a promise was broken.
  static void assertPromisesKept(Stage stage, Object what) throws SQLException {
    Evidence evidence = stage.awaitRest(Duration.ofSeconds(40));
    Judgement judgement = Oracle.judge(evidence, InForce.usual(GRACE));
    assertThat(judgement.kept()).as("%s%n%slog: %s", what, judgement, stage.log()).isTrue();
    assertThat(evidence.around().deadLetters()).as("dead letters of %s", what).isEmpty();
    assertThat(stage.openRooms()).as("conversations left open after %s", what).isEmpty();
    assertThat(stage.departures(evidence)).as("%s%nlog: %s", what, stage.log()).isEmpty();
  }
}
