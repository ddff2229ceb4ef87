package io.parley.loadtest.report;

import io.parley.loadtest.measure.Distribution;
import io.parley.loadtest.measure.FaultWindow;
import io.parley.loadtest.measure.Judged;
import io.parley.loadtest.measure.Kept;
import io.parley.loadtest.measure.Machine;
import io.parley.loadtest.measure.RunResult;
import io.parley.loadtest.measure.Second;
import io.parley.loadtest.measure.Series;
import io.parley.loadtest.measure.Spread;
import io.parley.loadtest.measure.Stretch;
import io.parley.loadtest.measure.Validity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/// A run that never was: a ramp, an outage of Twilio and a restart of Parley, with times that are
/// spread as such times are. The same seed makes up the same run.
///
/// @param slower by what factor all times are longer
public record MadeUpRun(long seed, int seconds, double slower) {

  private static final Map<Stretch, Double> MEDIAN_MILLIS = new EnumMap<>(Stretch.class);

  private static final String PROFILE =
      """
      name: short
      seed: 7
      customers:
        arrivals:
          - ramp: {from: 20/s, to: 80/s}
            for: 30s
      thresholds:
        next_message p99: 25ms
      """;

  static {
    MEDIAN_MILLIS.put(Stretch.TRIGGER_ACCEPTED, 3.1);
    MEDIAN_MILLIS.put(Stretch.FIRST_MESSAGE, 9.0);
    MEDIAN_MILLIS.put(Stretch.REPLY_ACKNOWLEDGED, 2.4);
    MEDIAN_MILLIS.put(Stretch.NEXT_MESSAGE, 7.5);
    MEDIAN_MILLIS.put(Stretch.STOP_TO_SUPPRESSION, 140.0);
    MEDIAN_MILLIS.put(Stretch.HANDOFF_TO_OFFER, 35.0);
    MEDIAN_MILLIS.put(Stretch.GENERATOR_LAG, 0.2);
  }

  public RunResult result() {
    Random random = new Random(seed);
    Map<Stretch, Histogram> whole = new EnumMap<>(Stretch.class);
    List<Second> all = new ArrayList<>();
    double backlog = 0;
    for (int number = 0; number < seconds; number++) {
      double at = (double) number / seconds;
      boolean outage = at >= 0.3 && at < 0.4;
      boolean restart = at >= 0.65 && at < 0.68;
      int offered = (int) Math.round(20 + 60 * Math.min(1, at * 3) + random.nextGaussian() * 4);
      int achieved = restart ? 0 : offered + (at >= 0.68 && at < 0.7 ? 40 : 0);
      backlog = Math.max(0, backlog + (outage ? offered * 1.2 : -180));
      SortedMap<String, Spread> latencies = new TreeMap<>();
      for (Stretch stretch : Stretch.values()) {
        int times = restart ? 0 : times(stretch, achieved);
        Histogram micros = new Histogram(1, 3_600_000_000L, 3);
        double worse = outage && isSend(stretch) ? 180 : backlog > 0 && isSend(stretch) ? 60 : 1;
        for (int i = 0; i < times; i++) {
          double millis =
              Objects.requireNonNull(MEDIAN_MILLIS.get(stretch))
                  * slower
                  * worse
                  * Math.exp(0.45 * random.nextGaussian() + (random.nextInt(150) == 0 ? 1.2 : 0));
          micros.recordValue(Math.max(1, Math.round(millis * 1000)));
        }
        if (times > 0) {
          latencies.put(stretch.key(), spread(micros));
          whole.computeIfAbsent(stretch, _ -> new Histogram(1, 3_600_000_000L, 3)).add(micros);
        }
      }
      SortedMap<String, Long> counts = new TreeMap<>();
      counts.put("customer answers", Math.round(offered * 0.5));
      counts.put("customer stops", Math.round(offered * 0.05));
      all.add(
          new Second(
              number,
              offered,
              achieved,
              latencies,
              counts,
              gauges(random, achieved, backlog, restart)));
    }
    SortedMap<String, Distribution> stretches = new TreeMap<>();
    whole.forEach((stretch, micros) -> stretches.put(stretch.key(), Distribution.of(micros)));
    SortedMap<String, String> versions =
        new TreeMap<>(Map.of("Java", "25.0.1", "Parley", "0.1.0", "Postgres", "17.11"));
    return new RunResult(
        "short",
        PROFILE,
        seed,
        Instant.parse("2026-11-23T10:00:00Z"),
        Duration.ofSeconds(seconds),
        new Validity(List.of()),
        stretches,
        new Series(all),
        List.of(
            new FaultWindow(part(0.3), part(0.4), "twilio", "30% of requests answered 503"),
            new FaultWindow(part(0.65), part(0.68), "parley", "killed and started again")),
        ledger(),
        List.of(
            new Judged("next_message p99", "25ms", "18.2 ms", true),
            new Judged("trigger_accepted p99.9", "50ms", "31.4 ms", true),
            new Judged("achieved", "0.99", "99.7 %", true),
            new Judged("errors", "0", "0", true)),
        new Machine("AMD EPYC 9B14", 2, 25_200_000_000L, "Linux 6.18.44"),
        versions);
  }

  public static RunResult with(RunResult run, List<Kept> ledger, List<Judged> thresholds) {
    return new RunResult(
        run.name(),
        run.profile(),
        run.seed(),
        run.began(),
        run.lasted(),
        run.validity(),
        run.stretches(),
        run.series(),
        run.faults(),
        ledger,
        thresholds,
        run.machine(),
        run.versions());
  }

  private static Spread spread(Histogram micros) {
    return Distribution.of(micros).spread();
  }

  private static boolean isSend(Stretch stretch) {
    return stretch == Stretch.FIRST_MESSAGE || stretch == Stretch.NEXT_MESSAGE;
  }

  private static int times(Stretch stretch, int achieved) {
    return switch (stretch) {
      case TRIGGER_ACCEPTED, FIRST_MESSAGE, GENERATOR_LAG -> achieved;
      case REPLY_ACKNOWLEDGED, NEXT_MESSAGE -> achieved * 2;
      case STOP_TO_SUPPRESSION, HANDOFF_TO_OFFER -> achieved / 20;
    };
  }

  private SortedMap<String, Double> gauges(
      Random random, int achieved, double backlog, boolean restart) {
    SortedMap<String, Double> gauges = new TreeMap<>();
    gauges.put("queue/outbox twilio", backlog + random.nextInt(6));
    gauges.put("queue/outbox customerio", 40.0 + random.nextInt(60));
    gauges.put("queue/timers due", (double) random.nextInt(3));
    gauges.put("queue/dead letters", 0.0);
    gauges.put("cpu/postgres", 0.1 + achieved / 220.0 + random.nextDouble() / 20);
    gauges.put("cpu/generator", 0.08 + achieved / 400.0 + random.nextDouble() / 20);
    gauges.put("memory/postgres", 1.6e8 + random.nextInt(4_000_000));
    gauges.put("memory/generator", 3.2e8 + random.nextInt(4_000_000));
    gauges.put("machine/busy", 40 + achieved / 3.0 + random.nextInt(8));
    gauges.put("machine/stolen by the host", random.nextDouble() * 3);
    gauges.put("load/last minute", 1.4 + random.nextDouble() / 5);
    if (!restart) {
      gauges.put("cpu/parley", 0.12 + achieved / 150.0 + random.nextDouble() / 15);
      gauges.put("memory/parley", 3.9e8 + random.nextInt(9_000_000));
      gauges.put("memory/parley heap", 1.2e8 + random.nextInt(90_000_000));
      gauges.put("gc/pauses", random.nextInt(9) == 0 ? 6 + random.nextDouble() * 8 : 0.0);
      gauges.put("batch/mean", 1.3 + achieved / 60.0);
      gauges.put("batch/p99", 4 + achieved / 12.0);
      gauges.put("time/commit", slower * (1.1 + random.nextDouble() / 3));
      gauges.put("time/turn", slower * (1.9 + random.nextDouble() / 2));
      gauges.put("database/statements", 60.0 + achieved * 4);
      gauges.put("wal/written", 4_400.0 * achieved);
      gauges.put("session/active: IO WalSync", (double) random.nextInt(3));
      gauges.put("session/idle", 12.0);
    }
    return gauges;
  }

  private Duration part(double share) {
    return Duration.ofMillis(Math.round(share * seconds * 1000));
  }

  private static List<Kept> ledger() {
    return List.of(
        Kept.of("every accepted event has one turn", 9_412, List.of()),
        Kept.of("nothing is sent to who has opted out", 148, List.of()),
        Kept.of("a message is created once at Twilio, or it is said why not", 6_120, List.of()),
        Kept.of("no offer is made without its friction", 61, List.of()),
        Kept.of("every outcome arrives at Customer.io, once", 14_210, List.of()),
        Kept.of("a call that changes something is made once", 0, List.of()));
  }
}
