package io.parley.loadtest.report;

import io.parley.loadtest.measure.Gauge.Unit;
import io.parley.loadtest.measure.RunResult;
import io.parley.loadtest.measure.Second;
import io.parley.loadtest.measure.Series;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/// A figure of a whole run that a threshold may ask for.
enum RunFigure {
  ACHIEVED("at least this share of the conversations that were offered", Unit.PERCENT) {
    @Override
    Measured measure(RunResult result) {
      Series series = result.series();
      return series.offered() == 0
          ? Measured.NOTHING
          : share((double) series.achieved() / series.offered());
    }
  },
  ERRORS("at most so many", Unit.ROWS) {
    @Override
    Measured measure(RunResult result) {
      return rows((double) result.series().errors());
    }
  },
  DEAD_LETTERS("at most so many in the end", Unit.ROWS) {
    @Override
    Measured measure(RunResult result) {
      List<Second> read =
          result.series().seconds().stream()
              .filter(it -> !Double.isNaN(it.gauge("queue/dead letters")))
              .toList();
      return read.isEmpty() ? Measured.NOTHING : rows(read.getLast().gauge("queue/dead letters"));
    }
  },
  OUTBOX("at most so many rows that wait to leave, at any time", Unit.ROWS) {
    @Override
    Measured measure(RunResult result) {
      return rows(most(result, Recovery::outbox));
    }
  },
  RECOVERY("at most this time after a fault until all is as before it", Unit.MILLIS) {
    @Override
    Measured measure(RunResult result) {
      return Recovery.of(result);
    }
  },
  CPU("at most so many cores for Parley and Postgres together, on average", Unit.CORES) {
    @Override
    Measured measure(RunResult result) {
      double cores =
          result.series().seconds().stream()
              .mapToDouble(it -> sum(it, List.of("cpu/parley", "cpu/postgres")))
              .filter(it -> !Double.isNaN(it))
              .average()
              .orElse(Double.NaN);
      return of(Unit.CORES, cores);
    }
  },
  MEMORY("at most this resident memory of Parley, at any time", Unit.BYTES) {
    @Override
    Measured measure(RunResult result) {
      return of(Unit.BYTES, most(result, it -> it.gauge("memory/parley")));
    }
  };

  private final String meaning;
  private final Unit unit;

  RunFigure(String meaning, Unit unit) {
    this.meaning = meaning;
    this.unit = unit;
  }

  /// @param value not a number where nothing was measured
  record Measured(double value, String words) {

    static final Measured NOTHING = new Measured(Double.NaN, "nothing was measured");
  }

  abstract Measured measure(RunResult result);

  String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  String meaning() {
    return meaning;
  }

  Unit unit() {
    return unit;
  }

  /// Whether more is better.
  boolean isAtLeast() {
    return this == ACHIEVED;
  }

  private static Measured of(Unit unit, double value) {
    return Double.isNaN(value) ? Measured.NOTHING : new Measured(value, Written.of(unit, value));
  }

  private static Measured rows(double count) {
    return of(Unit.ROWS, count);
  }

  private static Measured share(double share) {
    return new Measured(share, Written.percent(share));
  }

  private static double most(RunResult result, ToDoubleFunction<Second> gauge) {
    return result.series().seconds().stream()
        .mapToDouble(gauge)
        .filter(it -> !Double.isNaN(it))
        .max()
        .orElse(Double.NaN);
  }

  private static double sum(Second second, List<String> gauges) {
    return gauges.stream()
        .mapToDouble(second::gauge)
        .filter(it -> !Double.isNaN(it))
        .reduce(Double::sum)
        .orElse(Double.NaN);
  }
}
