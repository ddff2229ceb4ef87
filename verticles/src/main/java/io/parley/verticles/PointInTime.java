package io.parley.verticles;

import io.parley.engine.flow.Durations;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/// A time as people name one on the command line: a day in UTC (`2026-05-01`), a time in ISO 8601
/// (`2026-05-01T08:00:00Z`), or how long ago (`7d`).
final class PointInTime {

  /// What may be written.
  static final String FORMS =
      "a day (2026-05-01), a time (2026-05-01T08:00:00Z) or how long ago (7d)";

  private PointInTime() {}

  static Optional<Instant> parse(String text, Instant now) {
    try {
      return Optional.of(LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant());
    } catch (DateTimeParseException _) {
      // Not a day.
    }
    try {
      return Optional.of(OffsetDateTime.parse(text).toInstant());
    } catch (DateTimeParseException _) {
      return Durations.parse(text).map(now::minus);
    }
  }
}
