package io.parley.engine.hours;

import io.parley.engine.flow.Place;
import java.time.DateTimeException;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Hours by a local clock, such as `09:00-18:00`. Those that end before they begin end on the next
/// day: `20:00-02:00`.
///
/// @param opens the first moment within
/// @param closes the first moment after; midnight is the end of the day
public record Span(LocalTime opens, LocalTime closes) {

  /// `00:00-24:00`.
  public static final Span WHOLE_DAY = new Span(LocalTime.MIDNIGHT, LocalTime.MIDNIGHT);

  /// Whether they end on the day after.
  public boolean crossesMidnight() {
    return !closes.equals(LocalTime.MIDNIGHT) && !closes.isAfter(opens);
  }

  /// Whether a time of the day on which they begin lies within.
  boolean contains(LocalTime time) {
    return !time.isBefore(opens)
        && (closes.equals(LocalTime.MIDNIGHT) || crossesMidnight() || time.isBefore(closes));
  }

  /// The part on the day on which they begin.
  Span firstDay() {
    return crossesMidnight() ? new Span(opens, LocalTime.MIDNIGHT) : this;
  }

  /// The part on the day after.
  Optional<Span> secondDay() {
    return crossesMidnight() ? Optional.of(new Span(LocalTime.MIDNIGHT, closes)) : Optional.empty();
  }

  /// What these hours of one day and those of the same day share.
  Optional<Span> and(Span other) {
    LocalTime from = opens.isAfter(other.opens) ? opens : other.opens;
    LocalTime to = endsBefore(other) ? closes : other.closes;
    boolean isEmpty = !to.equals(LocalTime.MIDNIGHT) && !to.isAfter(from);
    return isEmpty ? Optional.empty() : Optional.of(new Span(from, to));
  }

  private boolean endsBefore(Span other) {
    return other.closes.equals(LocalTime.MIDNIGHT)
        || (!closes.equals(LocalTime.MIDNIGHT) && closes.isBefore(other.closes));
  }

  /// The hours at a place: `"09:00-12:00,13:00-18:00"`, or `"shut"` for none.
  static List<Span> read(Place place) {
    if (place.text().strip().equals("shut")) {
      return List.of();
    }
    List<Span> spans = new ArrayList<>();
    for (String text : place.text().split(",", -1)) {
      parse(text)
          .ifPresentOrElse(
              spans::add,
              () ->
                  place.problem(
                      "must be hours such as \"09:00-12:00,13:00-18:00\", or \"shut\": \"%s\""
                          .formatted(text)));
    }
    return List.copyOf(spans);
  }

  static Optional<Span> parse(String text) {
    String[] ends = text.strip().split("-", -1);
    try {
      if (ends.length == 2) {
        LocalTime from = LocalTime.parse(ends[0].strip());
        boolean isToMidnight = ends[1].strip().equals("24:00");
        LocalTime to = isToMidnight ? LocalTime.MIDNIGHT : LocalTime.parse(ends[1].strip());
        return isToMidnight || !to.equals(from)
            ? Optional.of(new Span(from, to))
            : Optional.empty();
      }
    } catch (DateTimeException _) {
      // Neither is it a pair of times.
    }
    return Optional.empty();
  }

  /// As it is written: `20:00-24:00`.
  @Override
  public String toString() {
    return opens + "-" + (closes.equals(LocalTime.MIDNIGHT) ? "24:00" : closes);
  }
}
