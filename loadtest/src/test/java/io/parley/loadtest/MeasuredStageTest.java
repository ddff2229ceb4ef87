package io.parley.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.loadtest.measure.Machine;
import io.parley.loadtest.measure.Measuring;
import io.parley.loadtest.measure.Measuring.Measured;
import io.parley.loadtest.measure.Recorder;
import io.parley.loadtest.measure.RunResult;
import io.parley.loadtest.measure.Second;
import io.parley.loadtest.measure.Validity;
import io.parley.loadtest.measure.Versions;
import io.parley.loadtest.measure.Watched;
import io.parley.loadtest.postgres.PostgresServer;
import io.parley.loadtest.report.RunFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// A real Parley on a real Postgres is looked at while customers talk to it, and while it is down.
final class MeasuredStageTest {

  @SuppressWarnings("NullAway.Init")
  private static PostgresServer postgres;

  @BeforeAll
  static void startPostgres() throws Exception {
    Stages.assumeJar();
    postgres = PostgresServer.start(Stages.emptyFolder("measured-postgres"));
  }

  @AfterAll
  static void stopPostgres() throws Exception {
    if (postgres != null) {
      postgres.close();
    }
  }

  @Test
  void everyKindOfFigureIsReadAndARestartLeavesAGapOnly() throws Exception {
    Path folder = Stages.emptyFolder("measured-run");
    try (Stage stage = Stages.set(postgres, "measured", Map.of())) {
      AtomicInteger seconds = new AtomicInteger();
      Measuring measuring =
          Measuring.start(new Recorder(), watched(stage), folder, _ -> seconds.incrementAndGet());
      Stages.begin(stage, 30);
      Stages.await("it was looked at while they talked", () -> seconds.get() >= 4);
      stage.kill();
      int down = seconds.get();
      Stages.await("it was looked at while it was down", () -> seconds.get() >= down + 2);
      stage.restart();
      int up = seconds.get();
      Stages.begin(stage, 30);
      Stages.await("it was looked at again", () -> seconds.get() >= up + 4);
      Measured measured = measuring.stop();

      assertThat(measured.series().gauges())
          .contains(
              "queue/inbox",
              "queue/dead letters",
              "queue/timers due",
              "queue/handoffs waiting",
              "live/conversations",
              "cpu/parley",
              "cpu/postgres",
              "cpu/generator",
              "memory/parley",
              "memory/parley heap",
              "memory/postgres",
              "machine/busy",
              "machine/stolen by the host",
              "load/last minute",
              "batch/mean",
              "time/commit",
              "time/turn",
              "time/request over HTTP",
              "rate/turns",
              "rate/commits",
              "wal/written",
              "database/statements",
              "session/idle",
              "pool/parley taken",
              "pool/parley waiting");
      assertThat(measured.series().seconds().get(down).gauge("live/conversations")).isNaN();
      Second last = measured.series().seconds().getLast();
      assertThat(last.gauge("memory/parley")).isBetween(1e8, 2e9);
      assertThat(last.gauge("memory/postgres")).isBetween(1e7, 2e9);
      SortedMap<String, String> versions = Versions.of(stage::connect);
      assertThat(versions).containsKeys("Java", "Postgres", "Parley's schema");
      RunFolder.write(result(measured, versions), folder);
    }
  }

  private static Watched watched(Stage stage) {
    return new Watched(
        Optional.of(stage.parley().baseUrl().resolve("/metrics")),
        Optional.of(stage::connect),
        () -> stage.parley().pid(),
        MeasuredStageTest::postmaster);
  }

  private static long postmaster() {
    try {
      return postgres.pid();
    } catch (IOException _) {
      return 0;
    }
  }

  private static RunResult result(Measured measured, SortedMap<String, String> versions) {
    return new RunResult(
        "measured stage",
        "name: measured stage\n",
        1,
        measured.began(),
        measured.lasted(),
        new Validity(List.of()),
        measured.stretches(),
        measured.series(),
        List.of(),
        List.of(),
        List.of(),
        Machine.here(),
        versions);
  }
}
