package io.parley.bench;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.HdrHistogram.Histogram;

/// A closed loop of turns over conversations.
///
/// @param inFlight how many turns are under way at once
/// @param first customer; the loop goes on from there, and comes back after so many conversations
record Load(int conversations, int inFlight, Duration time, int first) {

  /// From the first customer of all.
  Load(int conversations, int inFlight, Duration time) {
    this(conversations, inFlight, time, 0);
  }

  /// As an order: `run 10000 1024 8000 0`.
  String order() {
    return "run %d %d %d %d".formatted(conversations, inFlight, time.toMillis(), first);
  }

  static Load of(String[] words) {
    return new Load(
        Integer.parseInt(words[1]),
        Integer.parseInt(words[2]),
        Duration.ofMillis(Long.parseLong(words[3])),
        words.length > 4 ? Integer.parseInt(words[4]) : 0);
  }

  /// What came of it.
  ///
  /// @param nanos until the last turn was answered
  /// @param refused replies that came to no turn
  record Tally(long turns, long nanos, double p50Millis, double p99Millis, long refused) {

    double perSecond() {
      return turns * 1e9 / nanos;
    }

    JsonObject json() {
      return new JsonObject()
          .put("turns", turns)
          .put("nanos", nanos)
          .put("p50", p50Millis)
          .put("p99", p99Millis)
          .put("refused", refused);
    }

    static Tally of(Histogram latencies, long nanos, long refused) {
      return new Tally(
          latencies.getTotalCount(),
          nanos,
          latencies.getValueAtPercentile(50) / 1e6,
          latencies.getValueAtPercentile(99) / 1e6,
          refused);
    }

    static Tally of(JsonObject json) {
      return new Tally(
          json.getLong("turns"),
          json.getLong("nanos"),
          json.getDouble("p50", 0.0),
          json.getDouble("p99", 0.0),
          json.getLong("refused", 0L));
    }
  }
}
