package io.parley.engine.flow;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How people write durations: `90s`, `5m`, `2h30m`, `1d`, `0`, or ISO 8601: `PT2H`. Never
/// negative.
public final class Durations {

  private static final Pattern SECONDS = Pattern.compile("\\d{1,9}");
  private static final Pattern WHOLE = Pattern.compile("(\\d{1,9}[dhms])+");
  private static final Pattern PART = Pattern.compile("(\\d+)([dhms])");

  private Durations() {}

  public static Optional<Duration> parse(String text) {
    String plain = text.replace(" ", "");
    if (plain.equals("0")) {
      return Optional.of(Duration.ZERO);
    }
    if (!WHOLE.matcher(plain).matches()) {
      try {
        return Optional.of(Duration.parse(plain)).filter(it -> !it.isNegative());
      } catch (DateTimeException _) {
        return Optional.empty();
      }
    }
    Duration sum = Duration.ZERO;
    for (Matcher part = PART.matcher(plain); part.find(); ) {
      long count = Long.parseLong(part.group(1));
      sum =
          sum.plus(
              switch (part.group(2)) {
                case "d" -> Duration.ofDays(count);
                case "h" -> Duration.ofHours(count);
                case "m" -> Duration.ofMinutes(count);
                default -> Duration.ofSeconds(count);
              });
    }
    return Optional.of(sum);
  }

  /// As flows write them: `7200` (seconds), or as above.
  public static Optional<Duration> inFlow(String text) {
    return SECONDS.matcher(text).matches()
        ? Optional.of(Duration.ofSeconds(Long.parseLong(text)))
        : parse(text);
  }

  /// `2h30m`; parts of a second only in ISO 8601.
  public static String print(Duration duration) {
    if (!duration.equals(duration.truncatedTo(ChronoUnit.SECONDS))) {
      return duration.toString();
    }
    StringBuilder out = new StringBuilder();
    append(out, duration.toDays(), 'd');
    append(out, duration.toHoursPart(), 'h');
    append(out, duration.toMinutesPart(), 'm');
    append(out, duration.toSecondsPart(), 's');
    return out.isEmpty() ? "0s" : out.toString();
  }

  private static void append(StringBuilder out, long count, char unit) {
    if (count != 0) {
      out.append(count).append(unit);
    }
  }
}
