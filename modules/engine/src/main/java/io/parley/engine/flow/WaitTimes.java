package io.parley.engine.flow;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.regex.Pattern;

/// How flows write times.
final class WaitTimes {

  private static final Pattern TIME_OF_DAY = Pattern.compile("\\d{2}:\\d{2}");

  private WaitTimes() {}

  /// `2026-03-01T18:00:00Z`, with another offset, without one (in the zone), or `18:00`, the next
  /// time that it is so in the zone.
  static Optional<Instant> instant(String text, ZoneId zone, Instant now) {
    try {
      if (TIME_OF_DAY.matcher(text).matches()) {
        LocalTime time = LocalTime.parse(text);
        LocalDate date = now.atZone(zone).toLocalDate();
        Instant today = date.atTime(time).atZone(zone).toInstant();
        return Optional.of(
            today.isBefore(now) ? date.plusDays(1).atTime(time).atZone(zone).toInstant() : today);
      }
      return Optional.of(
          text.matches(".*T.*(Z|[+-]\\d{2}:?\\d{2})")
              ? OffsetDateTime.parse(text.replaceFirst("([+-]\\d{2})(\\d{2})$", "$1:$2"))
                  .toInstant()
              : LocalDateTime.parse(text).atZone(zone).toInstant());
    } catch (DateTimeParseException _) {
      return Optional.empty();
    }
  }

  /// The zone at a place; America/Los_Angeles, which Studio's dates are in, where none stands.
  static ZoneId zone(Place place) {
    String text = place.text().strip();
    ZoneId usual = ZoneId.of("America/Los_Angeles");
    try {
      return text.isEmpty() ? usual : ZoneId.of(text);
    } catch (DateTimeException _) {
      place.problem("must name a time zone, such as \"America/New_York\"");
      return usual;
    }
  }
}
