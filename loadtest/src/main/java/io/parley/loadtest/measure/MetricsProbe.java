package io.parley.loadtest.measure;

import static io.parley.loadtest.measure.Gauge.Group;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/// Reads Parley's `/metrics`.
final class MetricsProbe implements Probe {

  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
  private final HttpRequest request;
  private final Growth growth = new Growth();

  MetricsProbe(URI metrics) {
    this.request = HttpRequest.newBuilder(metrics).timeout(PATIENCE).build();
  }

  @Override
  public Map<Gauge, Double> read(long nanoTime) throws IOException, InterruptedException {
    HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IOException(request.uri() + " answered " + answer.statusCode());
    }
    return read(answer.body(), nanoTime);
  }

  Map<Gauge, Double> read(String text, long nanoTime) {
    Map<String, Double> samples = samples(text);
    Map<Gauge, Double> figures = new LinkedHashMap<>();
    figures.put(Group.LIVE.of("conversations"), sum(samples, "parley_conversations_live"::equals));
    figures.put(
        Group.MEMORY.of("parley heap"),
        sum(samples, it -> it.startsWith("jvm_memory_used_bytes{area=\"heap\"")));
    figures.put(
        Group.GC.of("pauses"),
        1000
            * growth.perSecond(
                "gc", sum(samples, it -> it.startsWith("jvm_gc_pause_seconds_sum")), nanoTime));
    mean(samples, "parley_commit_batch_size", 1, Group.BATCH.of("mean"), figures);
    figures.put(
        Group.BATCH.of("p99"), sum(samples, "parley_commit_batch_size{quantile=\"0.99\"}"::equals));
    mean(samples, "parley_commit_seconds", 1000, Group.TIME.of("commit"), figures);
    mean(samples, "parley_turn_seconds", 1000, Group.TIME.of("turn"), figures);
    mean(samples, "parley_http_seconds", 1000, Group.TIME.of("request over HTTP"), figures);
    mean(
        samples, "parley_pool_wait_seconds", 1000, Group.TIME.of("wait for a connection"), figures);
    rate(samples, "parley_turn_seconds_count", Group.RATE.of("turns"), nanoTime, figures);
    rate(
        samples,
        "parley_commit_seconds_count",
        Group.RATE.of("commits of turns"),
        nanoTime,
        figures);
    rate(samples, "parley_http_seconds_count", Group.RATE.of("requests"), nanoTime, figures);
    samples.forEach(
        (name, value) -> {
          if (name.startsWith("parley_pool_taken{")) {
            figures.put(Group.POOL.of(label(name) + " taken"), value);
          } else if (name.startsWith("parley_pool_waiting{")) {
            figures.put(Group.POOL.of(label(name) + " waiting"), value);
          }
        });
    figures.values().removeIf(it -> it.isNaN());
    return figures;
  }

  /// The text format of Prometheus, by name with labels.
  private static Map<String, Double> samples(String text) {
    Map<String, Double> samples = new LinkedHashMap<>();
    text.lines()
        .filter(line -> !line.startsWith("#") && !line.isBlank())
        .forEach(
            line -> {
              int blank = line.lastIndexOf(' ');
              if (blank > 0) {
                samples.put(line.substring(0, blank), number(line.substring(blank + 1)));
              }
            });
    return samples;
  }

  private static double number(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException _) {
      return Double.NaN; // `+Inf` and the like, which no gauge of ours is.
    }
  }

  /// Not a number where there is none.
  private static double sum(Map<String, Double> samples, Predicate<String> names) {
    return samples.entrySet().stream()
        .filter(it -> names.test(it.getKey()))
        .mapToDouble(Map.Entry::getValue)
        .reduce(Double::sum)
        .orElse(Double.NaN);
  }

  /// Of those series of one name, whatever their labels: the mean since the last reading.
  private void mean(
      Map<String, Double> samples,
      String name,
      double scale,
      Gauge gauge,
      Map<Gauge, Double> into) {
    double count = growth.since(name + "_count", all(samples, name + "_count"));
    double sum = growth.since(name + "_sum", all(samples, name + "_sum"));
    if (count > 0) {
      into.put(gauge, scale * sum / count);
    }
  }

  private void rate(
      Map<String, Double> samples,
      String name,
      Gauge gauge,
      long nanoTime,
      Map<Gauge, Double> into) {
    into.put(gauge, growth.perSecond("rate " + name, all(samples, name), nanoTime));
  }

  private static double all(Map<String, Double> samples, String name) {
    return sum(samples, it -> it.equals(name) || it.startsWith(name + "{"));
  }

  private static String label(String name) {
    int from = name.indexOf('"') + 1;
    return name.substring(from, Math.max(from, name.indexOf('"', from)));
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
