package io.parley.engine.hours;

import io.parley.engine.flow.Place;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// The hours of a week in which something is open. Days that are not named are shut.
///
/// ```json
/// {"mon-thu": "09:00-12:00,13:00-18:00", "fri": "20:00-02:00"}
/// ```
public record Week(Map<DayOfWeek, List<Span>> days) {

  public Week {
    days = Map.copyOf(days);
  }

  /// Reports a week without hours.
  public static Week read(Place place) {
    Map<DayOfWeek, List<Span>> days = new EnumMap<>(DayOfWeek.class);
    for (String name : place.names()) {
      Place hours = place.get(name);
      Days.parse(name)
          .filter(it -> !it.holidays())
          .ifPresentOrElse(
              named -> {
                List<Span> spans = Span.read(hours);
                named.week().forEach(day -> days.put(day, spans));
              },
              () ->
                  hours.problem("is no day; days are mon, tue, wed, thu, fri, sat, sun, mon-fri"));
    }
    if (days.values().stream().allMatch(List::isEmpty)) {
      place.problem("must name the hours of at least one day, such as {\"mon\": \"09:00-18:00\"}");
    }
    return new Week(days);
  }

  List<Span> on(LocalDate date) {
    return days.getOrDefault(date.getDayOfWeek(), List.of());
  }
}
