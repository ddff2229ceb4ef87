package io.parley.loadtest.report;

import io.parley.loadtest.measure.Gauge.Unit;
import java.time.Duration;
import java.util.Locale;

/// How figures are written for people.
final class Written {

  private Written() {}

  /// Three digits that count: `0.84 ms`, `18.2 ms`, `1.25 s`.
  static String time(Duration time) {
    double micros = time.toNanos() / 1e3;
    if (micros < 1) {
      return "0 ms";
    }
    if (micros < 100_000) {
      return digits(micros / 1000) + " ms";
    }
    return micros < 1_000_000
        ? Math.round(micros / 1000) + " ms"
        : micros < 600_000_000 ? digits(micros / 1e6) + " s" : length(time);
  }

  /// How long something lasted, to the second: `1 m 30 s`.
  static String length(Duration time) {
    long seconds = Math.round(time.toMillis() / 1000.0);
    if (seconds < 60) {
      return seconds + " s";
    }
    String minutes = seconds % 60 == 0 ? "" : " " + seconds % 60 + " s";
    return seconds < 3600
        ? seconds / 60 + " m" + minutes
        : seconds / 3600 + " h " + seconds % 3600 / 60 + " m";
  }

  static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  /// Any text as one line of a terminal, which must not take it for commands.
  static String plain(String any) {
    return any.replaceAll("[\\p{Cntrl}\u0080-\u009f\u202a-\u202e\u2066-\u2069]", "\ufffd");
  }

  static String percent(double share) {
    double percent = share * 100;
    String digits =
        percent == Math.rint(percent) ? "%.0f %%" : percent > 99 ? "%.2f %%" : "%.1f %%";
    return String.format(Locale.ROOT, digits, percent);
  }

  static String bytes(double bytes) {
    if (bytes < 1000) {
      return Math.round(bytes) + " B";
    }
    return bytes < 1e6
        ? digits(bytes / 1e3) + " kB"
        : bytes < 1e9 ? digits(bytes / 1e6) + " MB" : digits(bytes / 1e9) + " GB";
  }

  static String of(Unit unit, double value) {
    return switch (unit) {
      case ROWS ->
          value == Math.rint(value) || value >= 1000 ? count(Math.round(value)) : digits(value);
      case BYTES -> bytes(value);
      case MILLIS -> time(Duration.ofNanos(Math.round(value * 1e6)));
      case PERCENT -> digits(value) + " %";
      case CORES -> digits(value) + (value == 1 ? " core" : " cores");
    };
  }

  /// Three digits that count, none of them a useless zero.
  static String digits(double value) {
    double size = Math.abs(value);
    String text =
        String.format(Locale.ROOT, size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : "%.2f", value);
    return text.contains(".") ? text.replaceFirst("\\.?0+$", "") : text;
  }
}
