package io.parley.verticles;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.function.BiFunction;

/// The keys of rows that are listed by date and sid, as page tokens carry them.
final class StudioKeys {

  private StudioKeys() {}

  private static final Instant FIRST =
      OffsetDateTime.of(1, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC).toInstant();
  private static final Instant LAST =
      OffsetDateTime.of(9999, 12, 31, 0, 0, 0, 0, ZoneOffset.UTC).toInstant();

  /// Whether a moment has a year of four digits. Postgres holds few others, and asked for one it
  /// answers with what is not so.
  static boolean isStorable(Instant at) {
    return !at.isBefore(FIRST) && at.isBefore(LAST);
  }

  /// Reads a date and a sid with a space between them; empty where it is none.
  static <K> Optional<K> read(String text, BiFunction<Instant, String, K> key) {
    int space = text.indexOf(' ');
    if (space < 0 || text.indexOf('\0') >= 0) {
      return Optional.empty();
    }
    try {
      Instant at = Instant.parse(text.substring(0, space));
      return isStorable(at)
          ? Optional.of(key.apply(at, text.substring(space + 1)))
          : Optional.empty();
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }
}
