package io.parley.engine.hours;

import java.time.DayOfWeek;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Days as people name them: `mon-fri`, `sat sun`, `mon-sat hol`.
///
/// @param week the days of the week
/// @param holidays whether public holidays are meant, too, on whichever day they fall
public record Days(Set<DayOfWeek> week, boolean holidays) {

  private static final List<String> WORDS =
      Stream.of(DayOfWeek.values()).map(day -> word(day)).toList();

  public Days {
    week = Set.copyOf(week);
  }

  /// @return empty where a word is no day
  static Optional<Days> parse(String text) {
    Set<DayOfWeek> week = EnumSet.noneOf(DayOfWeek.class);
    boolean holidays = false;
    for (String word : text.strip().toLowerCase(Locale.ROOT).split("[\\s,]+", -1)) {
      if (word.equals("hol")) {
        holidays = true;
        continue;
      }
      String[] ends = word.split("-", -1);
      int from = WORDS.indexOf(ends[0]);
      int to = WORDS.indexOf(ends[ends.length - 1]);
      if (ends.length > 2 || from < 0 || to < 0) {
        return Optional.empty();
      }
      for (DayOfWeek day = DayOfWeek.of(from + 1); ; day = day.plus(1)) {
        week.add(day);
        if (day.getValue() == to + 1) {
          break;
        }
      }
    }
    return Optional.of(new Days(week, holidays));
  }

  /// `mon`.
  static String word(DayOfWeek day) {
    return day.name().substring(0, 3).toLowerCase(Locale.ROOT);
  }

  @Override
  public String toString() {
    List<String> words = week.stream().sorted().map(Days::word).toList();
    String days = words.size() == 7 ? "every day" : String.join(" ", words);
    return holidays ? (days + " hol").strip() : days;
  }
}
