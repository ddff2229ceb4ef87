package io.parley.engine;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Optional;

/// A time as other systems write it: ISO 8601 with an offset, `2026-03-01T10:15:00Z` or
/// `2026-03-01T11:15:00+0100`.
///
/// A year has four digits. What lies beyond was meant by nobody, and neither could a database store
/// it nor anything be added to it.
public final class WrittenTime {

  private static final int LAST_YEAR = 9999;

  /// Offsets as ISO 8601 writes them and as Liquid's `%z` does (`+0000`).
  private static final DateTimeFormatter ISO_8601 =
      new DateTimeFormatterBuilder()
          .append(DateTimeFormatter.ISO_LOCAL_DATE_TIME)
          .optionalStart()
          .appendOffset("+HH:MM", "Z")
          .optionalEnd()
          .optionalStart()
          .appendOffset("+HHMM", "Z")
          .optionalEnd()
          .toFormatter();

  private WrittenTime() {}

  /// The time that a text names; empty where it names none.
  public static Optional<Instant> parse(String text) {
    try {
      return Optional.of(ISO_8601.parse(text, OffsetDateTime::from))
          .filter(it -> it.getYear() >= 0 && it.getYear() <= LAST_YEAR)
          .map(OffsetDateTime::toInstant);
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }
}
