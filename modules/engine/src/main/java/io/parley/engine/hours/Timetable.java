package io.parley.engine.hours;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;

/// Whether it is open at a moment, by what the local clock shows at that moment. A time that the
/// clock skips never comes, and one that it shows twice counts both times, so that an opening hour
/// is never earlier than it says. Made for one question; not thread-safe.
final class Timetable {

  private final ZoneRules zone;
  private final Function<LocalDate, List<Span>> hours;
  private final Map<LocalDate, List<Span>> known = new HashMap<>();

  /// @param hours those of a date, none of which crosses midnight
  Timetable(ZoneId zone, Function<LocalDate, List<Span>> hours) {
    this.zone = zone.getRules();
    this.hours = hours;
  }

  /// Hours of a date that may cross midnight, as [#Timetable] wants them.
  static List<Span> on(LocalDate date, Function<LocalDate, List<Span>> beginning) {
    List<Span> spans = new ArrayList<>();
    for (Span span : beginning.apply(date.minusDays(1))) {
      span.secondDay().ifPresent(spans::add);
    }
    for (Span span : beginning.apply(date)) {
      spans.add(span.firstDay());
    }
    return spans;
  }

  boolean isOpen(Instant at) {
    LocalDateTime local = local(at);
    LocalTime time = local.toLocalTime();
    return on(local.toLocalDate()).stream().anyMatch(span -> span.contains(time));
  }

  /// The first moment from one on at which all of them are open, within so many days.
  static Optional<Instant> firstOpen(Collection<Timetable> all, Instant from, int days) {
    return first(all, from, days, at -> all.stream().allMatch(it -> it.isOpen(at)));
  }

  /// The first moment from one on at which one of them is shut, within so many days.
  static Optional<Instant> firstShut(Collection<Timetable> all, Instant from, int days) {
    return first(all, from, days, at -> all.stream().anyMatch(it -> !it.isOpen(at)));
  }

  /// Nothing changes but at an edge, so that the first moment is `from` itself or an edge.
  private static Optional<Instant> first(
      Collection<Timetable> all, Instant from, int days, Predicate<Instant> wanted) {
    if (wanted.test(from)) {
      return Optional.of(from);
    }
    for (int day = 0; day < days; day++) {
      Instant begin = from.plus(Duration.ofDays(day));
      Instant end = begin.plus(Duration.ofDays(1));
      TreeSet<Instant> edges = new TreeSet<>();
      all.forEach(it -> it.edges(begin, end, edges));
      for (Instant edge : edges) {
        if (wanted.test(edge)) {
          return Optional.of(edge);
        }
      }
    }
    return Optional.empty();
  }

  /// Adds each moment from `begin` to before `end` at which this may open or shut.
  private void edges(Instant begin, Instant end, Set<Instant> edges) {
    TreeSet<Instant> found = new TreeSet<>();
    LocalDate last = local(end).toLocalDate();
    for (LocalDate date = local(begin).toLocalDate();
        !date.isAfter(last);
        date = date.plusDays(1)) {
      found.addAll(moments(date.atStartOfDay()));
      for (Span span : on(date)) {
        found.addAll(moments(date.atTime(span.opens())));
        found.addAll(moments(date.atTime(span.closes())));
      }
    }
    ZoneOffsetTransition change = zone.nextTransition(begin.minusNanos(1));
    while (change != null && change.getInstant().isBefore(end)) {
      found.add(change.getInstant());
      change = zone.nextTransition(change.getInstant());
    }
    edges.addAll(found.subSet(begin, true, end, false));
  }

  /// When the clock shows a time: once, twice, or never, and then when it skips it.
  private List<Instant> moments(LocalDateTime time) {
    List<ZoneOffset> offsets = zone.getValidOffsets(time);
    return offsets.isEmpty()
        ? List.of(zone.getTransition(time).getInstant())
        : offsets.stream().map(time::toInstant).toList();
  }

  private LocalDateTime local(Instant at) {
    return LocalDateTime.ofInstant(at, zone.getOffset(at));
  }

  private List<Span> on(LocalDate date) {
    return known.computeIfAbsent(date, hours);
  }
}
