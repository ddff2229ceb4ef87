package io.parley.loadtest.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks how everything stands, a second at a time. Who does not answer soon is not waited for: its
/// figures are absent from that second, and it is not asked again before it has answered.
final class Sampler implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Sampler.class);
  private static final long PATIENCE = TimeUnit.MILLISECONDS.toNanos(400);
  private static final long LOOK = TimeUnit.MILLISECONDS.toNanos(2);

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Asked> asked;

  Sampler(Watched watched) {
    List<Probe> probes = new ArrayList<>();
    probes.add(new ProcessProbe(watched));
    watched.metrics().map(MetricsProbe::new).ifPresent(probes::add);
    watched.database().map(DatabaseProbe::new).ifPresent(probes::add);
    this.asked = probes.stream().map(Asked::new).toList();
  }

  /// A probe, and what it is at.
  private static final class Asked {

    private final Probe probe;
    private Optional<Future<Map<Gauge, Double>>> underWay = Optional.empty();

    private Asked(Probe probe) {
      this.probe = probe;
    }

    private boolean isDone() {
      return underWay.map(Future::isDone).orElse(true);
    }
  }

  /// By the names of gauges; takes less than half a second.
  SortedMap<String, Double> sample() {
    long begun = System.nanoTime();
    for (Asked one : asked) {
      if (one.isDone()) {
        one.underWay = Optional.of(threads.submit(() -> one.probe.read(begun)));
      }
    }
    while (!asked.stream().allMatch(Asked::isDone) && System.nanoTime() - begun < PATIENCE) {
      LockSupport.parkNanos(LOOK);
    }
    SortedMap<String, Double> figures = new TreeMap<>();
    for (Asked one : asked) {
      if (one.isDone()) {
        one.underWay.ifPresent(it -> take(it, figures));
        one.underWay = Optional.empty();
      }
    }
    return figures;
  }

  private static void take(Future<Map<Gauge, Double>> answered, SortedMap<String, Double> figures) {
    switch (answered.state()) {
      case SUCCESS ->
          answered.resultNow().forEach((gauge, value) -> figures.put(gauge.name(), value));
      case FAILED, CANCELLED, RUNNING ->
          LOG.atDebug().log("figures could not be read; they are absent from this second");
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
    asked.forEach(it -> it.probe.close());
  }
}
