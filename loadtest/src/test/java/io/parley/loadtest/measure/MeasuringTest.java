package io.parley.loadtest.measure;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.parley.loadtest.measure.Measuring.Measured;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MeasuringTest {

  @TempDir private Path folder;

  @Test
  void timesCountFromTheIntendedInstant() {
    Recorder recorder = new Recorder();
    for (int i = 1; i <= 1000; i++) {
      recorder.record(Stretch.NEXT_MESSAGE, 5, 5 + Duration.ofMillis(i).toNanos());
    }
    recorder.record(Stretch.GENERATOR_LAG, 10, 5);

    Second second = recorder.take(0);

    Spread spread = second.latency(Stretch.NEXT_MESSAGE);
    assertThat(spread.count()).isEqualTo(1000);
    assertThat(spread.p50()).isCloseTo(Duration.ofMillis(500), Duration.ofMillis(1));
    assertThat(spread.p99()).isCloseTo(Duration.ofMillis(990), Duration.ofMillis(1));
    assertThat(spread.p999()).isCloseTo(Duration.ofMillis(999), Duration.ofMillis(1));
    assertThat(spread.max()).isCloseTo(Duration.ofMillis(1000), Duration.ofMillis(1));
    assertThat(second.latency(Stretch.GENERATOR_LAG).max()).isZero();
    assertThat(second.latency(Stretch.FIRST_MESSAGE)).isEqualTo(Spread.NONE);
  }

  @Test
  void aHarnessThatWasLateMakesTheRunInvalid() {
    Recorder recorder = new Recorder();
    recorder.record(Stretch.GENERATOR_LAG, 0, Duration.ofMillis(80).toNanos());
    Series series = new Series(List.of(recorder.take(0)));
    Measured measured =
        new Measured(Instant.EPOCH, Duration.ofSeconds(1), series, recorder.distributions());

    assertThat(Validity.of(measured, Duration.ofMillis(100)).isValid()).isTrue();
    assertThat(Validity.of(measured, Duration.ofMillis(25)).doubts())
        .singleElement()
        .asString()
        .contains("80 ms late", "25 ms are allowed");
  }

  @Test
  void nothingIsLostOrCountedTwiceWhileManyRecord() throws Exception {
    Recorder recorder = new Recorder();
    int threads = 4;
    int each = 50_000;
    List<Second> seconds = new ArrayList<>();
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      List<? extends Future<?>> all =
          IntStream.range(0, threads)
              .mapToObj(
                  _ ->
                      pool.submit(
                          () -> {
                            for (int i = 0; i < each; i++) {
                              recorder.record(Stretch.TRIGGER_ACCEPTED, 0, 1_000_000);
                              recorder.offered();
                              recorder.error("trigger 500");
                            }
                          }))
              .toList();
      while (!all.stream().allMatch(Future::isDone)) {
        seconds.add(recorder.take(seconds.size()));
      }
    }
    seconds.add(recorder.take(seconds.size()));

    Series series = new Series(seconds);
    assertThat(requireNonNull(recorder.distributions().get("trigger_accepted")).spread().count())
        .isEqualTo(200_000);
    assertThat(series.offered()).isEqualTo(200_000);
    assertThat(series.errors()).isEqualTo(200_000);
  }

  @Test
  void closesSecondsAndWritesThemToTheLog() throws Exception {
    Recorder recorder = new Recorder();
    CountDownLatch two = new CountDownLatch(2);
    Measuring measuring =
        Measuring.start(recorder, Watched.nothing(), folder, _ -> two.countDown());
    recorder.record(Stretch.REPLY_ACKNOWLEDGED, 0, 3_000_000);
    recorder.achieved();
    assertThat(two.await(20, TimeUnit.SECONDS)).isTrue();

    Measured measured = measuring.stop();

    assertThat(measured.series().seconds()).hasSizeGreaterThanOrEqualTo(2);
    assertThat(measured.series().achieved()).isEqualTo(1);
    assertThat(requireNonNull(measured.stretches().get("reply_acknowledged")).at(50))
        .isCloseTo(Duration.ofMillis(3), Duration.ofNanos(10_000));
    assertThat(measured.series().seconds().get(1).gauge("cpu/generator")).isNotNaN();
    try (HistogramLogReader log =
        new HistogramLogReader(folder.resolve(Measuring.LOG_FILE).toFile())) {
      EncodableHistogram first = log.nextIntervalHistogram();
      assertThat(first.getTag()).isEqualTo("reply_acknowledged");
      assertThat(((Histogram) first).getTotalCount()).isEqualTo(1);
    }
  }

  @Test
  void whoeverDoesNotAnswerLeavesAGap() throws Exception {
    Watched broken =
        new Watched(
            Optional.of(URI.create("http://127.0.0.1:1/metrics")),
            Optional.of(
                () -> {
                  throw new SQLException("down");
                }),
            () -> Integer.MAX_VALUE,
            () -> Integer.MAX_VALUE);
    CountDownLatch two = new CountDownLatch(2);
    Measuring measuring = Measuring.start(new Recorder(), broken, folder, _ -> two.countDown());
    assertThat(two.await(20, TimeUnit.SECONDS)).isTrue();

    Measured measured = measuring.stop();

    assertThat(measured.series().gauges())
        .contains("cpu/generator", "load/last minute")
        .noneMatch(it -> it.startsWith("queue/") || it.contains("parley"));
  }

  @Test
  void secondsAreClosedInTimeWhileParleyHangs() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      URI metrics = URI.create("http://127.0.0.1:" + silent.getLocalPort() + "/metrics");
      Watched hangs = new Watched(Optional.of(metrics), Optional.empty(), () -> 0, () -> 0);
      CountDownLatch three = new CountDownLatch(3);
      Measuring measuring = Measuring.start(new Recorder(), hangs, folder, _ -> three.countDown());
      assertThat(three.await(20, TimeUnit.SECONDS)).isTrue();

      Measured measured = measuring.stop();

      assertThat(measured.series().seconds())
          .extracting(Second::number)
          .startsWith(0, 1, 2)
          .hasSizeLessThanOrEqualTo((int) measured.lasted().toSeconds() + 1);
      assertThat(measured.series().gauges()).noneMatch(it -> it.startsWith("live/"));
    }
  }

  @Test
  void measuringThatBrokeOffDoesNotPassForWhole() throws Exception {
    CountDownLatch one = new CountDownLatch(1);
    Measuring measuring =
        Measuring.start(
            new Recorder(),
            Watched.nothing(),
            folder,
            _ -> {
              one.countDown();
              throw new UnsupportedOperationException("no room");
            });
    assertThat(one.await(20, TimeUnit.SECONDS)).isTrue();

    assertThatThrownBy(measuring::stop).hasStackTraceContaining("no room");
  }

  @Test
  void readsWhatParleyTellsOfItself() throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/metrics",
        exchange -> {
          byte[] text = metrics(0).getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, text.length);
          exchange.getResponseBody().write(text);
          exchange.close();
        });
    server.start();
    URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/metrics");
    try (MetricsProbe probe = new MetricsProbe(uri)) {
      probe.read(1_000_000_000L);

      var figures = probe.read(metrics(10), 3_000_000_000L);

      assertThat(figures)
          .containsEntry(Gauge.Group.MEMORY.of("parley heap"), 3000.0)
          .containsEntry(Gauge.Group.BATCH.of("mean"), 4.0)
          .containsEntry(Gauge.Group.TIME.of("commit"), 2.0)
          .containsEntry(Gauge.Group.GC.of("pauses"), 25.0)
          .containsEntry(Gauge.Group.RATE.of("commits of turns"), 5.0)
          .containsEntry(Gauge.Group.LIVE.of("conversations"), 12.0);
      assertThat(probe.read(metrics(0), 4_000_000_000L))
          .as("after a restart the counters begin anew")
          .doesNotContainKey(Gauge.Group.BATCH.of("mean"))
          .containsEntry(Gauge.Group.LIVE.of("conversations"), 12.0);
    } finally {
      server.stop(0);
    }
  }

  private static String metrics(int commits) {
    return """
        # HELP parley_commit_seconds One batch's statement
        jvm_memory_used_bytes{area="heap",id="G1 Eden Space"} 1000.0
        jvm_memory_used_bytes{area="heap",id="G1 Old Gen"} 2000.0
        jvm_memory_used_bytes{area="nonheap",id="Metaspace"} 7.0E9
        jvm_gc_pause_seconds_sum{action="end of minor GC",cause="G1"} %s
        parley_commit_batch_size_count %d
        parley_commit_batch_size_sum %d.0
        parley_commit_seconds_count %d
        parley_commit_seconds_sum %s
        parley_conversations_live 12.0
        parley_turn_seconds_bucket{le="+Inf"} 0
        """
        .formatted(commits * 0.005, commits, commits * 4, commits, commits * 0.002);
  }
}
