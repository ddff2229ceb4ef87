package io.parley.engine.hours;

import io.parley.engine.Values;
import io.parley.engine.flow.Place;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The brand's calendars by their names, as templates call them: `calendars.support.open`.
///
/// ```yaml
/// calendars: support: {time_zone: Europe/London, hours: {mon-fri: "09:00-17:00"}, holidays: [uk]}
/// ```
public record Calendars(Map<String, Calendar> named) {

  public static final Calendars NONE = new Calendars(Map.of());

  public Calendars {
    named = Collections.unmodifiableMap(new LinkedHashMap<>(named));
  }

  public static Calendars read(Place place) {
    if (!place.isAbsent() && !place.isObject()) {
      place.problem("must be an object with a calendar for each name");
    }
    Map<String, Calendar> named = new LinkedHashMap<>();
    for (String name : place.names()) {
      Place calendar = place.get(name);
      if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
        calendar.problem("must be a name of letters, digits and underscores");
      }
      named.put(name, Calendar.read(calendar));
    }
    return new Calendars(named);
  }

  public Optional<Calendar> get(String name) {
    return Optional.ofNullable(named.get(name));
  }

  /// What templates read as `calendars`; each calendar is asked only when a template names it.
  public Values values(Instant now) {
    Values values = Values.EMPTY;
    for (Map.Entry<String, Calendar> entry : named.entrySet()) {
      values = values.with(entry.getKey(), Values.later(() -> entry.getValue().values(now)));
    }
    return values;
  }
}
