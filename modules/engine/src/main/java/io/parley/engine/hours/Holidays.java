package io.parley.engine.hours;

import static java.time.DayOfWeek.MONDAY;
import static java.time.DayOfWeek.SATURDAY;
import static java.time.DayOfWeek.SUNDAY;
import static java.time.DayOfWeek.THURSDAY;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.Month;
import java.time.temporal.TemporalAdjusters;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Public holidays that are computed for any year, as the law stands today. What one year alone
/// decreed (a jubilee, a funeral) is not here; name such a day in the calendar.
public enum Holidays {
  /// The federal holidays of the United States (5 U.S.C. 6103), on their day, and where that is a
  /// Saturday or Sunday also on the Friday before or the Monday after, on which they are observed.
  US_FEDERAL("us-federal", "US"),
  /// The bank holidays of England and Wales (Banking and Financial Dealings Act 1971), with the
  /// weekdays that stand in for those at a weekend.
  UK("uk", "GB"),
  /// The holidays that all states of Germany share.
  DE("de", "DE"),
  /// The eleven of France (Code du travail L3133-1), without those of Alsace and Moselle.
  FR("fr", "FR");

  private final String word;
  private final String country;

  Holidays(String word, String country) {
    this.word = word;
    this.country = country;
  }

  /// The word for them in a calendar: `us-federal`, `uk`, `de`, `fr`.
  public String word() {
    return word;
  }

  static Optional<Holidays> called(String word) {
    return Stream.of(values()).filter(it -> it.word.equals(word)).findFirst();
  }

  /// Those of a country (`US`), where they are known.
  static Optional<Holidays> of(String country) {
    return Stream.of(values()).filter(it -> it.country.equals(country)).findFirst();
  }

  /// The name of the holiday that a date is.
  public Optional<String> name(LocalDate date) {
    // New Year's Day may be observed on the last day of the year before.
    return Optional.ofNullable(in(date.getYear()).get(date))
        .or(() -> Optional.ofNullable(in(date.getYear() + 1).get(date)));
  }

  /// The Sunday of Easter in the Gregorian calendar (Meeus, Jones and Butcher).
  static LocalDate easter(int year) {
    int golden = year % 19;
    int century = year / 100;
    int inCentury = year % 100;
    int epact =
        (19 * golden + century - century / 4 - (century - (century + 8) / 25 + 1) / 3 + 15) % 30;
    int toSunday = (32 + 2 * (century % 4) + 2 * (inCentury / 4) - epact - inCentury % 4) % 7;
    int late = (golden + 11 * epact + 22 * toSunday) / 451;
    int days = epact + toSunday - 7 * late + 114;
    return LocalDate.of(year, days / 31, days % 31 + 1);
  }

  private Map<LocalDate, String> in(int year) {
    Map<LocalDate, String> days = new LinkedHashMap<>();
    switch (this) {
      case US_FEDERAL -> unitedStates(year, days);
      case UK -> unitedKingdom(year, days);
      case DE -> germany(year, days);
      case FR -> france(year, days);
    }
    return days;
  }

  private static void unitedStates(int year, Map<LocalDate, String> days) {
    observed(days, LocalDate.of(year, 1, 1), "New Year's Day");
    days.put(nth(year, Month.JANUARY, 3, MONDAY), "Birthday of Martin Luther King, Jr.");
    days.put(nth(year, Month.FEBRUARY, 3, MONDAY), "Washington's Birthday");
    days.put(last(year, Month.MAY), "Memorial Day");
    observed(days, LocalDate.of(year, 6, 19), "Juneteenth");
    observed(days, LocalDate.of(year, 7, 4), "Independence Day");
    days.put(nth(year, Month.SEPTEMBER, 1, MONDAY), "Labor Day");
    days.put(nth(year, Month.OCTOBER, 2, MONDAY), "Columbus Day");
    observed(days, LocalDate.of(year, 11, 11), "Veterans Day");
    days.put(nth(year, Month.NOVEMBER, 4, THURSDAY), "Thanksgiving Day");
    observed(days, LocalDate.of(year, 12, 25), "Christmas Day");
  }

  private static void observed(Map<LocalDate, String> days, LocalDate date, String name) {
    days.put(date, name);
    if (date.getDayOfWeek() == SATURDAY) {
      days.put(date.minusDays(1), name);
    }
    if (date.getDayOfWeek() == SUNDAY) {
      days.put(date.plusDays(1), name);
    }
  }

  private static void unitedKingdom(int year, Map<LocalDate, String> days) {
    LocalDate easter = easter(year);
    substituted(days, LocalDate.of(year, 1, 1), "New Year's Day");
    days.put(easter.minusDays(2), "Good Friday");
    days.put(easter.plusDays(1), "Easter Monday");
    days.put(nth(year, Month.MAY, 1, MONDAY), "Early May bank holiday");
    days.put(last(year, Month.MAY), "Spring bank holiday");
    days.put(last(year, Month.AUGUST), "Summer bank holiday");
    LocalDate christmas = LocalDate.of(year, 12, 25);
    days.put(christmas, "Christmas Day");
    days.put(christmas.plusDays(1), "Boxing Day");
    substituted(days, christmas, "Christmas Day");
    substituted(days, christmas.plusDays(1), "Boxing Day");
  }

  /// The day itself, and the next weekday that is no holiday where it falls on a weekend.
  private static void substituted(Map<LocalDate, String> days, LocalDate date, String name) {
    days.put(date, name);
    LocalDate free = date;
    while (isWeekend(free) || (!free.equals(date) && days.containsKey(free))) {
      free = free.plusDays(1);
    }
    days.put(free, name);
  }

  private static boolean isWeekend(LocalDate date) {
    return date.getDayOfWeek() == SATURDAY || date.getDayOfWeek() == SUNDAY;
  }

  private static void germany(int year, Map<LocalDate, String> days) {
    LocalDate easter = easter(year);
    days.put(LocalDate.of(year, 1, 1), "Neujahr");
    days.put(easter.minusDays(2), "Karfreitag");
    days.put(easter.plusDays(1), "Ostermontag");
    days.put(LocalDate.of(year, 5, 1), "Tag der Arbeit");
    days.put(easter.plusDays(39), "Christi Himmelfahrt");
    days.put(easter.plusDays(50), "Pfingstmontag");
    days.put(LocalDate.of(year, 10, 3), "Tag der Deutschen Einheit");
    days.put(LocalDate.of(year, 12, 25), "1. Weihnachtstag");
    days.put(LocalDate.of(year, 12, 26), "2. Weihnachtstag");
  }

  private static void france(int year, Map<LocalDate, String> days) {
    LocalDate easter = easter(year);
    days.put(LocalDate.of(year, 1, 1), "Jour de l'an");
    days.put(easter.plusDays(1), "Lundi de Pâques");
    days.put(LocalDate.of(year, 5, 1), "Fête du Travail");
    days.put(LocalDate.of(year, 5, 8), "Victoire 1945");
    days.put(easter.plusDays(39), "Ascension");
    days.put(easter.plusDays(50), "Lundi de Pentecôte");
    days.put(LocalDate.of(year, 7, 14), "Fête nationale");
    days.put(LocalDate.of(year, 8, 15), "Assomption");
    days.put(LocalDate.of(year, 11, 1), "Toussaint");
    days.put(LocalDate.of(year, 11, 11), "Armistice 1918");
    days.put(LocalDate.of(year, 12, 25), "Noël");
  }

  private static LocalDate nth(int year, Month month, int ordinal, DayOfWeek day) {
    return LocalDate.of(year, month, 1).with(TemporalAdjusters.dayOfWeekInMonth(ordinal, day));
  }

  private static LocalDate last(int year, Month month) {
    return LocalDate.of(year, month, 1).with(TemporalAdjusters.lastInMonth(MONDAY));
  }
}
