package io.parley.engine.flow;

import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The hours of a week in which something is open. Days that are not named are closed.
///
/// ```json
/// {"mon": "09:00-12:00,13:00-18:00", "sat": "10:00-14:00"}
/// ```
record OpenHours(ZoneId zone, Map<DayOfWeek, List<Span>> days) {

  /// So far ahead every hour of a week comes up, also where the clock skips it once.
  private static final int DAYS_AHEAD = 14;

  OpenHours {
    days = Map.copyOf(days);
  }

  /// @param to later than `from`; midnight (`24:00`) is read as the day's last nanosecond
  record Span(LocalTime from, LocalTime to) {}

  static OpenHours read(Place place, ZoneId zone) {
    Map<DayOfWeek, List<Span>> days = new EnumMap<>(DayOfWeek.class);
    for (DayOfWeek day : DayOfWeek.values()) {
      Place hours = place.get(day.name().substring(0, 3).toLowerCase(Locale.ROOT));
      if (!hours.isAbsent()) {
        days.put(day, spans(hours));
      }
    }
    if (days.values().stream().allMatch(List::isEmpty)) {
      place.problem("must name the hours of at least one day, such as {\"mon\": \"09:00-18:00\"}");
    }
    return new OpenHours(zone, days);
  }

  private static List<Span> spans(Place place) {
    List<Span> spans = new ArrayList<>();
    for (String span : place.text().split(",", -1)) {
      String[] ends = span.strip().split("-", -1);
      try {
        LocalTime from = LocalTime.parse(ends[0].strip());
        String last = ends.length == 2 ? ends[1].strip() : "";
        LocalTime to = last.equals("24:00") ? LocalTime.MAX : LocalTime.parse(last);
        if (to.isAfter(from)) {
          spans.add(new Span(from, to));
          continue;
        }
      } catch (DateTimeException _) {
        // Said below, with what else may be wrong.
      }
      place.problem("must be hours such as \"09:00-12:00,13:00-18:00\": \"" + span + "\"");
    }
    spans.sort(Comparator.comparing(Span::from));
    return spans;
  }

  /// The earliest time from `now` on at which it is open: `now` itself where it is.
  Instant next(Instant now) {
    ZonedDateTime here = now.atZone(zone);
    for (int ahead = 0; ahead <= DAYS_AHEAD; ahead++) {
      LocalDate date = here.toLocalDate().plusDays(ahead);
      for (Span span : days.getOrDefault(date.getDayOfWeek(), List.of())) {
        Instant from = date.atTime(span.from()).atZone(zone).toInstant();
        Instant to = date.atTime(span.to()).atZone(zone).toInstant();
        if (now.isBefore(to) && from.isBefore(to)) {
          return now.isBefore(from) ? from : now;
        }
      }
    }
    return now;
  }
}
