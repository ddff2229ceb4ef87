package io.parley.verticles;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.parley.engine.Event;
import io.parley.store.Inbox;
import io.parley.store.Outbox;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// What `/metrics` shows, in Prometheus' text format. Thread-safe.
final class Metrics {

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  /// Listens to the collectors for as long as the process lives.
  private final JvmGcMetrics gc = new JvmGcMetrics();

  private final Timer turnTime;
  private final Timer commitTime;
  private final DistributionSummary batchSize;
  private final AtomicLong live;
  private final Map<String, AtomicLong> gauges = new ConcurrentHashMap<>();

  Metrics() {
    new JvmMemoryMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    gc.bindTo(registry);
    turnTime =
        Timer.builder("parley.turn")
            .description("From an event's start in its conversation to its commit")
            .publishPercentiles(0.5, 0.99)
            .publishPercentileHistogram()
            .minimumExpectedValue(Duration.ofMillis(1))
            .maximumExpectedValue(Duration.ofSeconds(10))
            .register(registry);
    commitTime =
        Timer.builder("parley.commit").description("One batch's statement").register(registry);
    batchSize =
        DistributionSummary.builder("parley.commit.batch.size")
            .description("Turns in one commit")
            .publishPercentiles(0.5, 0.99)
            .register(registry);
    live = gauge("parley.conversations.live", "");
  }

  String scrape() {
    return registry.scrape();
  }

  void turn(Event event, Decision decision, long nanos) {
    turnTime.record(nanos, TimeUnit.NANOSECONDS);
    if (decision instanceof Decision.Taken taken) {
      String kind = event.getClass().getSimpleName();
      String outcome =
          taken.repeated() ? "repeated" : taken.refusal().isPresent() ? "refused" : "taken";
      count("parley.turns", "event", kind, "outcome", outcome);
      taken
          .refusal()
          .filter(_ -> !taken.repeated())
          .ifPresent(reason -> count("parley.refusals", "reason", reason, "event", kind));
    }
  }

  void commit(int turns, long nanos) {
    commitTime.record(nanos, TimeUnit.NANOSECONDS);
    batchSize.record(turns);
  }

  /// @param outcome accepted, rejected, postponed, in_doubt, withdrawn, blocked, found, resent
  void send(String outcome, String reason) {
    count("parley.sends", "outcome", outcome, "reason", reason);
  }

  /// @param verdict delivered, retried, refused
  void report(String sink, String verdict, int reports) {
    Counter.builder("parley.reports")
        .tags("sink", sink, "verdict", verdict)
        .register(registry)
        .increment(reports);
  }

  void edgeRefused(String edge, String reason) {
    count("parley.edge.refused", "edge", edge, "reason", reason);
  }

  void conversationDeployed() {
    live.incrementAndGet();
  }

  void conversationUndeployed() {
    live.decrementAndGet();
  }

  long conversationsLive() {
    return live.get();
  }

  void depths(List<Outbox.Depth> outbox, Inbox.Depth inbox, long deadLetters) {
    for (String destination : List.of(Outbox.TWILIO, "customerio")) {
      Outbox.Depth depth =
          outbox.stream()
              .filter(it -> it.destination().equals(destination))
              .findFirst()
              .orElse(new Outbox.Depth(destination, 0, 0, Duration.ZERO));
      gauge("parley.outbox.depth", destination).set(depth.rows());
      gauge("parley.outbox.in.doubt", destination).set(depth.inDoubt());
      gauge("parley.outbox.oldest.seconds", destination).set(depth.oldest().toSeconds());
    }
    gauge("parley.inbox.depth", "").set(inbox.rows());
    gauge("parley.inbox.parked", "").set(inbox.parked());
    gauge("parley.dead.letters", "").set(deadLetters);
  }

  private void count(String name, String... tags) {
    Counter.builder(name).tags(tags).register(registry).increment();
  }

  private AtomicLong gauge(String name, String destination) {
    return gauges.computeIfAbsent(
        name + destination,
        _ -> {
          AtomicLong value = new AtomicLong();
          io.micrometer.core.instrument.Gauge.builder(name, value, AtomicLong::get)
              .tags(destination.isEmpty() ? List.of() : List.of(destinationTag(destination)))
              .register(registry);
          return value;
        });
  }

  private static io.micrometer.core.instrument.Tag destinationTag(String destination) {
    return io.micrometer.core.instrument.Tag.of("destination", destination);
  }
}
