package io.parley.loadtest.profile;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Lengths of time and rates, as people write them.
final class Quantities {

  private static final Pattern DURATION =
      Pattern.compile("(?:(\\d+)h)?(?:(\\d+)m)?(?:(\\d+(?:\\.\\d+)?)s)?(?:(\\d+)ms)?");
  private static final Pattern RATE = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*/\\s*([smh])");

  private Quantities() {}

  /// `250ms`, `1.5s`, `30s`, `5m`, `1h30m`.
  static Optional<Duration> duration(String text) {
    Matcher found = DURATION.matcher(text.strip());
    if (text.isBlank() || !found.matches()) {
      return Optional.empty();
    }
    double seconds =
        3600 * number(found.group(1))
            + 60 * number(found.group(2))
            + number(found.group(3))
            + number(found.group(4)) / 1000;
    return seconds > 1e7 ? Optional.empty() : Optional.of(Duration.ofNanos((long) (seconds * 1e9)));
  }

  /// A second: `20/s`, `300/m`, `0.5/s`.
  static OptionalDouble rate(String text) {
    Matcher found = RATE.matcher(text.strip());
    if (!found.matches()) {
      return OptionalDouble.empty();
    }
    double seconds =
        switch (found.group(2)) {
          case "s" -> 1;
          case "m" -> 60;
          default -> 3600;
        };
    double rate = Double.parseDouble(found.group(1)) / seconds;
    return rate > 0 && rate <= 1e6 ? OptionalDouble.of(rate) : OptionalDouble.empty();
  }

  private static double number(@Nullable String digits) {
    return digits == null ? 0 : Double.parseDouble(digits);
  }
}
