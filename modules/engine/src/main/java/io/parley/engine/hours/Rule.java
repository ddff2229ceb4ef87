package io.parley.engine.hours;

import io.parley.engine.flow.Place;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/// The hours in which messages may be sent to a place on some days. It says nothing of other days.
///
/// @param where whose recipients it holds for; [Region#NOWHERE] for everybody
/// @param days the days, by the recipient's calendar
/// @param open none where it is shut on those days
/// @param source who says so
/// @param asOf when that was read; empty in a rule of the brand's own that does not say
public record Rule(
    Region where, Days days, List<Span> open, Sure sure, String asOf, String source) {

  /// How sure it is that it is so.
  public enum Sure {
    /// A section of the law says it.
    LAW,
    /// Two secondary sources say it.
    TWO,
    /// One secondary source says it.
    ONE,
    /// It is nobody's law.
    NONE;

    /// `law`, `two`, `one`, `none`.
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// Those that are shipped, with what each of them rests on.
  public static final List<Rule> SHIPPED =
      Table.read("rules.csv").rows().stream().map(Rule::shipped).toList();

  public Rule {
    open = List.copyOf(open);
  }

  private static Rule shipped(List<String> row) {
    return new Rule(
        new Region(row.get(0)),
        Days.parse(row.get(1)).orElseThrow(),
        row.get(2).equals("shut")
            ? List.of()
            : Stream.of(row.get(2).split(" ", -1)).map(it -> Span.parse(it).orElseThrow()).toList(),
        Sure.valueOf(row.get(3).toUpperCase(Locale.ROOT)),
        LocalDate.parse(row.get(4)).toString(),
        row.get(5));
  }

  /// A rule of the brand's own.
  ///
  /// ```yaml
  /// {where: US-TX, days: mon-fri, open: "10:00-19:00", source: our counsel, as_of: 2026-11-01}
  /// ```
  static Rule read(Place place) {
    place.holdsOnly("where", "days", "open", "source", "as_of");
    String where = place.get("where").text().strip();
    if (!where.matches("\\*?|[A-Z]{2}(-[A-Z0-9]{1,3})?")) {
      place.get("where").problem("must be a country or a state, such as US or US-TX, or \"*\"");
    }
    Place days = place.get("days");
    Days named =
        Days.parse(days.isAbsent() ? "mon-sun" : days.text())
            .orElseGet(
                () -> {
                  days.problem("must be days such as \"mon-fri\" or \"sat sun hol\"");
                  return new Days(Set.of(), false);
                });
    Place open = place.get("open");
    if (open.isAbsent()) {
      open.problem("is missing: hours such as \"09:00-18:00\", or \"shut\"");
    }
    return new Rule(
        where.isEmpty() ? Region.NOWHERE : new Region(where),
        named,
        open.isAbsent() ? List.of() : Span.read(open),
        Sure.NONE,
        asOf(place.get("as_of")),
        place.get("source").text().isBlank() ? "our own rule" : place.get("source").text().strip());
  }

  private static String asOf(Place place) {
    try {
      return place.text().isBlank() ? "" : LocalDate.parse(place.text().strip()).toString();
    } catch (DateTimeParseException _) {
      place.problem("must be a date such as 2026-11-01");
      return "";
    }
  }

  /// Whether it says something of a date in a country.
  boolean names(LocalDate date, Region country) {
    return days.week().contains(date.getDayOfWeek())
        || (days.holidays()
            && Holidays.of(country.code()).flatMap(it -> it.name(date)).isPresent());
  }

  /// The hours of a date that it names, none of which crosses midnight.
  List<Span> on(LocalDate date, Region country) {
    return Timetable.on(date, day -> names(day, country) ? open : List.of());
  }

  /// The rule in one line: `US-TX sun 12:00-21:00`.
  public String line() {
    String hours =
        open.isEmpty() ? "shut" : String.join(",", open.stream().map(Span::toString).toList());
    return where + " " + days + " " + hours;
  }
}
