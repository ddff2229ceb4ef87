package io.parley.engine.hours;

import io.parley.engine.Values;
import io.parley.engine.flow.Place;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// When somebody is there: the hours of a week in a time zone, holidays, and days that are unlike
/// the others. Of several that name a date the first day in `days` counts, before any holiday.
///
/// ```yaml
/// time_zone: America/New_York hours: {mon-thu: "09:00-12:00,13:00-18:00", fri: "09:00-15:00"}
/// holidays: [us-federal] days:
///   - {date: 2026-11-27, open: "10:00-14:00", name: Black Friday}
///   - {from: 2026-12-24, to: 2026-12-31, open: shut, name: Winter break}
///   - {yearly: 07-05, open: shut, name: The day after}
/// ```
///
/// @param holidays the public holidays on which it is shut
public record Calendar(ZoneId zone, Week week, Set<Holidays> holidays, List<Special> days) {

  /// A calendar that is shut for longer than this does not open again.
  private static final int DAYS_AHEAD = 400;

  /// Days with hours of their own.
  ///
  /// @param open none where it is shut
  /// @param name may be empty
  public record Special(Dates dates, List<Span> open, String name) {
    public Special {
      open = List.copyOf(open);
    }
  }

  /// Which dates are meant.
  public sealed interface Dates {

    boolean has(LocalDate date);

    /// @param from the first
    /// @param to the last
    record Between(LocalDate from, LocalDate to) implements Dates {
      @Override
      public boolean has(LocalDate date) {
        return !date.isBefore(from) && !date.isAfter(to);
      }
    }

    record Yearly(MonthDay day) implements Dates {
      @Override
      public boolean has(LocalDate date) {
        return MonthDay.from(date).equals(day);
      }
    }
  }

  public Calendar {
    holidays = Set.copyOf(holidays);
    days = List.copyOf(days);
  }

  /// Open at these hours of every week.
  public static Calendar weekly(ZoneId zone, Week week) {
    return new Calendar(zone, week, Set.of(), List.of());
  }

  public static Calendar read(Place place) {
    place.holdsOnly("time_zone", "hours", "holidays", "days");
    Lists.check(place.get("holidays"));
    Lists.check(place.get("days"));
    return new Calendar(
        zone(place.get("time_zone")),
        Week.read(place.get("hours")),
        holidays(place.get("holidays")),
        place.get("days").items().stream().flatMap(it -> special(it).stream()).toList());
  }

  private static ZoneId zone(Place place) {
    try {
      if (!place.text().isBlank()) {
        return ZoneId.of(place.text().strip());
      }
    } catch (DateTimeException _) {
      // Said below, with what else may be wrong.
    }
    place.problem("must name a time zone, such as \"America/New_York\"");
    return ZoneOffset.UTC;
  }

  private static Set<Holidays> holidays(Place place) {
    Set<Holidays> holidays = new LinkedHashSet<>();
    for (Place item : place.items()) {
      Holidays.called(item.text().strip())
          .ifPresentOrElse(
              holidays::add,
              () ->
                  item.problem(
                      "must be one of "
                          + Stream.of(Holidays.values())
                              .map(Holidays::word)
                              .collect(Collectors.joining(", "))));
    }
    return holidays;
  }

  private static Optional<Special> special(Place place) {
    place.holdsOnly("date", "from", "to", "yearly", "open", "name");
    List<Span> open = place.get("open").isAbsent() ? List.of() : Span.read(place.get("open"));
    String name = place.get("name").text().strip();
    return dates(place).map(dates -> new Special(dates, open, name));
  }

  private static Optional<Dates> dates(Place place) {
    try {
      if (place.has("yearly")) {
        return Optional.of(
            new Dates.Yearly(MonthDay.parse("--" + place.get("yearly").text().strip())));
      }
      LocalDate from = LocalDate.parse(place.get(place.has("date") ? "date" : "from").text());
      LocalDate to = place.has("date") ? from : LocalDate.parse(place.get("to").text());
      if (!to.isBefore(from)) {
        return Optional.of(new Dates.Between(from, to));
      }
    } catch (DateTimeException _) {
      // Said below, with what else may be wrong.
    }
    place.problem(
        "must have a date (2026-12-24), from and to, or yearly (12-24), which are days that exist");
    return Optional.empty();
  }

  public boolean isOpen(Instant at) {
    return timetable().isOpen(at);
  }

  /// The first moment from one on at which it is open: that moment itself where it is. Empty where
  /// it stays shut for more than a year.
  public Optional<Instant> opensAt(Instant at) {
    return Timetable.firstOpen(List.of(timetable()), at, DAYS_AHEAD);
  }

  /// When the hours end that a moment lies in. Empty where it is shut then, or never shuts.
  public Optional<Instant> closesAt(Instant at) {
    Timetable table = timetable();
    return table.isOpen(at)
        ? Timetable.firstShut(List.of(table), at, DAYS_AHEAD)
        : Optional.empty();
  }

  /// How long it is open between two moments; nothing where the second is not the later.
  public Duration businessTimeBetween(Instant from, Instant to) {
    List<Timetable> table = List.of(timetable());
    Duration open = Duration.ZERO;
    Instant at = from;
    while (at.isBefore(to)) {
      int ahead = (int) Math.min(DAYS_AHEAD, ChronoUnit.DAYS.between(at, to) + 1);
      Instant begin = Timetable.firstOpen(table, at, ahead).orElse(to);
      if (!begin.isBefore(to)) {
        break;
      }
      Instant end = Timetable.firstShut(table, begin, ahead).filter(to::isAfter).orElse(to);
      open = open.plus(Duration.between(begin, end));
      at = end;
    }
    return open;
  }

  /// When it has been open for so long since a moment: that moment itself for no time at all. Empty
  /// where it stays shut for more than a year before that.
  public Optional<Instant> plusBusinessTime(Instant from, Duration time) {
    List<Timetable> table = List.of(timetable());
    Duration left = time;
    Instant at = from;
    while (left.isPositive()) {
      Optional<Instant> begin = Timetable.firstOpen(table, at, DAYS_AHEAD);
      if (begin.isEmpty()) {
        return Optional.empty();
      }
      Instant enough = begin.get().plus(left);
      Instant end =
          Timetable.firstShut(table, begin.get(), DAYS_AHEAD)
              .filter(enough::isAfter)
              .orElse(enough);
      left = left.minus(Duration.between(begin.get(), end));
      at = end;
    }
    return Optional.of(at);
  }

  /// The name of the day that a moment falls on here, where it is one that has a name.
  public Optional<String> holiday(Instant at) {
    LocalDate date = at.atZone(zone).toLocalDate();
    return special(date)
        .map(Special::name)
        .or(
            () ->
                Stream.of(Holidays.values())
                    .filter(holidays::contains)
                    .flatMap(it -> it.name(date).stream())
                    .findFirst())
        .filter(name -> !name.isEmpty());
  }

  /// What templates read of it: `open` (`true`, `false`), `opens_at` (when it next opens, after the
  /// present hours while it is open), `closes_at` (empty while it is shut) and `holiday`, texts all
  /// of them; the times are as `2026-03-02T09:00-05:00`, in the calendar's own zone.
  public Values values(Instant now) {
    Optional<Instant> closes = closesAt(now);
    boolean isOpen = isOpen(now);
    Optional<Instant> opens = isOpen ? closes.flatMap(this::opensAt) : opensAt(now);
    return Values.of("open", String.valueOf(isOpen))
        .with("opens_at", opens.map(this::text).orElse(""))
        .with("closes_at", closes.map(this::text).orElse(""))
        .with("holiday", holiday(now).orElse(""));
  }

  private String text(Instant at) {
    return OffsetDateTime.ofInstant(at, zone).toString();
  }

  private Timetable timetable() {
    return new Timetable(zone, date -> Timetable.on(date, this::beginning));
  }

  private List<Span> beginning(LocalDate date) {
    Optional<Special> special = special(date);
    if (special.isPresent()) {
      return special.get().open();
    }
    boolean isHoliday = holidays.stream().anyMatch(it -> it.name(date).isPresent());
    return isHoliday ? List.of() : week.on(date);
  }

  private Optional<Special> special(LocalDate date) {
    return days.stream().filter(it -> it.dates().has(date)).findFirst();
  }
}
