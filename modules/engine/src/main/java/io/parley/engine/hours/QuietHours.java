package io.parley.engine.hours;

import io.parley.engine.flow.Place;
import io.parley.engine.hours.Whereabouts.Spot;
import io.parley.engine.hours.Window.Hold;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// When people may be written to who did not just write themselves, by the clock of where they are.
///
/// ```yaml
/// hours:
///   quiet: state            # off, federal (the default), state, strict, own
///   own:                    # further rules; with `quiet: own` in place of the shipped ones
///     - {where: US-TX, days: sun, open: shut, source: our counsel, as_of: 2026-11-01}
///   answer_within: 15m      # how long after a reply its answer is exempt
///   home: US                # the country of whom nothing is known
/// ```
///
/// @param own rules of the brand's own
/// @param answersWithin how long after a reply its answer may go at any hour
/// @param home the country of whom nothing is known
public record QuietHours(Preset preset, List<Rule> own, Duration answersWithin, Region home) {

  /// The federal hours, which also the United States' Telephone Consumer Protection Act has.
  public static final QuietHours DEFAULT =
      new QuietHours(Preset.FEDERAL, List.of(), Duration.ofMinutes(15), new Region("US"));

  /// Rules that leave no moment in so many days leave none.
  public static final int DAYS_AHEAD = 35;

  private static final Comparator<Rule> CLOSEST_FIRST =
      Comparator.comparingInt((Rule rule) -> rule.where().code().length()).reversed();

  /// Which of the shipped rules hold.
  public enum Preset {
    /// None, nor do rules of the brand's own.
    OFF,
    /// 8:00 to 21:00 for everybody.
    FEDERAL,
    /// The federal hours, and all rules on file for each state in which somebody may be.
    STATE,
    /// All rules on file at once, for everybody, wherever they are.
    STRICT,
    /// The brand's own rules; the federal hours on days and in places that none of them names.
    OWN;

    /// `federal`.
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    private boolean takes(Rule shipped, Region where) {
      return switch (this) {
        case OFF -> false;
        case FEDERAL, OWN -> !shipped.where().isState() && shipped.where().holds(where);
        case STATE -> shipped.where().holds(where);
        case STRICT -> true;
      };
    }
  }

  public QuietHours {
    own = List.copyOf(own);
  }

  public static QuietHours read(Place place) {
    place.holdsOnly("quiet", "own", "answer_within", "home");
    Lists.check(place.get("own"));
    if (place.get("quiet").text().equals("own") && place.get("own").items().isEmpty()) {
      place.get("own").problem("must have a rule at least, since quiet is own");
    }
    return new QuietHours(
        preset(place.get("quiet")),
        place.get("own").items().stream().map(Rule::read).toList(),
        answersWithin(place.get("answer_within")),
        home(place.get("home")));
  }

  private static Preset preset(Place place) {
    if (place.isAbsent()) {
      return DEFAULT.preset;
    }
    return Stream.of(Preset.values())
        .filter(it -> it.word().equals(place.text().strip()))
        .findFirst()
        .orElseGet(
            () -> {
              place.problem("must be off, federal, state, strict or own");
              return DEFAULT.preset;
            });
  }

  private static Duration answersWithin(Place place) {
    return place.duration(DEFAULT.answersWithin, _ -> true, "must be a duration such as 15m");
  }

  private static Region home(Place place) {
    if (place.isAbsent()) {
      return DEFAULT.home;
    }
    if (place.text().matches("[A-Z]{2}")) {
      return new Region(place.text());
    }
    place.problem("must be a country such as US");
    return DEFAULT.home;
  }

  /// Where somebody may be, by what is known of them.
  public Whereabouts locate(Clues clues) {
    return Atlas.find(clues, home);
  }

  /// Whether a message may go at a moment.
  ///
  /// @param lastInboundAt when the contact last wrote
  public Verdict decide(
      Occasion occasion, Optional<Instant> lastInboundAt, Instant now, Whereabouts whereabouts) {
    Map<Spot, Timetable> tables = timetables(whereabouts);
    if (isOpen(tables, now)) {
      return new Verdict.Go();
    }
    if (isAnswer(occasion, lastInboundAt, now)) {
      return new Verdict.GoExempt(
          "answers within " + answersWithin.toMinutes() + " minutes", lastInboundAt.get());
    }
    return switch (shut(tables, now)) {
      case Window.Shut(var until, var by) -> new Verdict.Wait(until, by);
      case Window.NeverOpen(var why) -> new Verdict.Never(why);
    };
  }

  /// The same of somebody of whom clues tell where they may be.
  public Verdict decide(
      Occasion occasion, Optional<Instant> lastInboundAt, Instant now, Clues clues) {
    return preset == Preset.OFF
        ? new Verdict.Go()
        : decide(occasion, lastInboundAt, now, locate(clues));
  }

  /// Whether a message answers what the contact wrote a short time ago.
  public boolean isAnswer(Occasion occasion, Optional<Instant> lastInboundAt, Instant now) {
    return occasion == Occasion.ANSWER
        && lastInboundAt.filter(it -> !now.isAfter(it.plus(answersWithin))).isPresent();
  }

  /// Whether the hours of where somebody may be are open at a moment, and how long they stay so.
  public Window window(Whereabouts whereabouts, Instant now) {
    Map<Spot, Timetable> tables = timetables(whereabouts);
    return isOpen(tables, now)
        ? new Window.Open(Timetable.firstShut(tables.values(), now, DAYS_AHEAD))
        : shut(tables, now);
  }

  /// The same of somebody of whom clues tell where they may be.
  public Window window(Clues clues, Instant now) {
    return preset == Preset.OFF ? new Window.Open(Optional.empty()) : window(locate(clues), now);
  }

  private static boolean isOpen(Map<Spot, Timetable> tables, Instant now) {
    return tables.values().stream().allMatch(it -> it.isOpen(now));
  }

  private Window.Closed shut(Map<Spot, Timetable> tables, Instant now) {
    Optional<Instant> open = Timetable.firstOpen(tables.values(), now, DAYS_AHEAD);
    return open.isPresent()
        ? new Window.Shut(open.get(), holdAt(tables, now))
        : new Window.NeverOpen(why(tables, now));
  }

  /// The first moment from one on at which a message may go; empty where there is none.
  public Optional<Instant> nextOpen(Whereabouts whereabouts, Instant now) {
    return Timetable.firstOpen(timetables(whereabouts).values(), now, DAYS_AHEAD);
  }

  /// One timetable for all spots with the same zone and the same rules.
  private Map<Spot, Timetable> timetables(Whereabouts whereabouts) {
    Map<List<Object>, Spot> distinct = new LinkedHashMap<>();
    if (preset == Preset.OFF) {
      return Map.of();
    }
    for (Spot spot : whereabouts.spots()) {
      List<Object> key =
          List.of(spot.zone(), spot.region().country(), shipped(spot.region()), own(spot.region()));
      distinct.putIfAbsent(key, spot);
    }
    Map<Spot, Timetable> tables = new LinkedHashMap<>();
    distinct
        .values()
        .forEach(
            spot ->
                tables.put(
                    spot, new Timetable(spot.zone(), date -> open(rules(spot, date), spot, date))));
    return tables;
  }

  private static List<Span> open(List<Rule> rules, Spot spot, LocalDate date) {
    List<Span> open = List.of(Span.WHOLE_DAY);
    for (Rule rule : rules) {
      List<Span> allowed = rule.on(date, spot.region().country());
      open =
          open.stream()
              .flatMap(span -> allowed.stream().flatMap(it -> span.and(it).stream()))
              .toList();
    }
    return open;
  }

  /// The rules that name a date, those of the smallest place first.
  private List<Rule> rules(Spot spot, LocalDate date) {
    Region country = spot.region().country();
    List<Rule> ours =
        own(spot.region()).stream().filter(rule -> rule.names(date, country)).toList();
    if (preset == Preset.OWN && !ours.isEmpty()) {
      return ours;
    }
    List<Rule> rules = new ArrayList<>(ours);
    shipped(spot.region()).stream()
        .filter(rule -> rule.names(date, country))
        .sorted(CLOSEST_FIRST)
        .forEach(rules::add);
    return rules;
  }

  private List<Rule> own(Region region) {
    return own.stream().filter(rule -> rule.where().holds(region)).sorted(CLOSEST_FIRST).toList();
  }

  private List<Rule> shipped(Region region) {
    return Rule.SHIPPED.stream().filter(rule -> preset.takes(rule, region)).toList();
  }

  /// A rule that shuts a moment that is shut: where it is one rule's doing, that one.
  private Hold holdAt(Map<Spot, Timetable> tables, Instant now) {
    for (Map.Entry<Spot, Timetable> entry : tables.entrySet()) {
      Spot spot = entry.getKey();
      LocalDateTime local = LocalDateTime.ofInstant(now, spot.zone());
      for (Rule rule : rules(spot, local.toLocalDate())) {
        if (rule.on(local.toLocalDate(), spot.region().country()).stream()
            .noneMatch(span -> span.contains(local.toLocalTime()))) {
          return new Hold(rule, spot);
        }
      }
    }
    throw new IllegalStateException("nothing shuts " + now);
  }

  private static String why(Map<Spot, Timetable> tables, Instant now) {
    List<Spot> shut =
        tables.entrySet().stream()
            .filter(it -> Timetable.firstOpen(List.of(it.getValue()), now, DAYS_AHEAD).isEmpty())
            .map(Map.Entry::getKey)
            .toList();
    String spots =
        (shut.isEmpty() ? tables.keySet() : shut)
            .stream().map(Spot::toString).collect(Collectors.joining(", "));
    return shut.isEmpty()
        ? "no moment suits all of " + spots
        : "the rules leave no moment open in " + spots;
  }
}
