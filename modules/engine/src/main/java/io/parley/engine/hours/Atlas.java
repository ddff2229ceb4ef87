package io.parley.engine.hours;

import io.parley.engine.hours.Whereabouts.Found;
import io.parley.engine.hours.Whereabouts.Spot;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Says where somebody may be, by tables of time zones, postal codes and area codes.
///
/// The zone is told by, the best first: a named time zone, a postal code, a state, the area code of
/// the number, its country, and nothing. What tells no zone may still tell the state: somebody with
/// a time zone of the east and an area code of Florida has Florida's rules in that zone. A number
/// is carried along when its owner moves, so that its state counts only where nothing better is
/// known.
public final class Atlas {

  private static final Region US = new Region("US");

  private static final Set<String> TERRITORIES =
      Set.of("US-PR", "US-VI", "US-GU", "US-MP", "US-AS");

  /// The first letters of Canada's postal codes, by Canada Post.
  private static final Map<Character, List<String>> CANADIAN_LETTERS =
      Map.ofEntries(
          Map.entry('A', List.of("CA-NL")),
          Map.entry('B', List.of("CA-NS")),
          Map.entry('C', List.of("CA-PE")),
          Map.entry('E', List.of("CA-NB")),
          Map.entry('G', List.of("CA-QC")),
          Map.entry('H', List.of("CA-QC")),
          Map.entry('J', List.of("CA-QC")),
          Map.entry('K', List.of("CA-ON")),
          Map.entry('L', List.of("CA-ON")),
          Map.entry('M', List.of("CA-ON")),
          Map.entry('N', List.of("CA-ON")),
          Map.entry('P', List.of("CA-ON")),
          Map.entry('R', List.of("CA-MB")),
          Map.entry('S', List.of("CA-SK")),
          Map.entry('T', List.of("CA-AB")),
          Map.entry('V', List.of("CA-BC")),
          Map.entry('X', List.of("CA-NT", "CA-NU")),
          Map.entry('Y', List.of("CA-YT")));

  /// Two zones are one for us where they agree from here on.
  private static final Instant TODAY = Instant.parse("2026-01-01T00:00:00Z");

  private static final Map<Region, List<ZoneId>> ZONES = new LinkedHashMap<>();
  private static final Map<String, Region> STATES = new HashMap<>();
  private static final Map<ZoneId, Region> COUNTRIES = new HashMap<>();
  private static final Map<String, List<Spot>> AREA_CODES = new HashMap<>();
  private static final Map<String, List<Region>> CALLING_CODES = new HashMap<>();
  private static final TreeMap<Integer, Prefix> POSTAL_CODES = new TreeMap<>();

  static {
    for (List<String> row : Table.read("states.csv").rows()) {
      Region state = new Region(row.get(0));
      ZONES.put(state, zones(row.get(2)));
      STATES.put(row.get(0), state);
      STATES.put(state.country() + " " + row.get(1).toUpperCase(Locale.ROOT), state);
    }
    for (List<String> row : Table.read("countries.csv").rows()) {
      Region country = new Region(row.get(0));
      ZONES.put(country, zones(row.get(1)));
      zones(row.get(1)).forEach(zone -> COUNTRIES.put(zone, country));
    }
    for (List<String> row : Table.read("calling-codes.csv").rows()) {
      CALLING_CODES.put(row.get(0), regions(row.get(1)));
    }
    for (List<String> row : Table.read("area-codes.csv").rows()) {
      AREA_CODES.put(row.get(0), spots(regions(row.get(1)), zones(row.get(2))));
    }
    for (List<String> row : Table.read("zip3.csv").rows()) {
      POSTAL_CODES.put(
          Integer.parseInt(row.get(0)),
          new Prefix(Integer.parseInt(row.get(1)), spots(regions(row.get(2)), zones(row.get(3)))));
    }
  }

  /// @param last the last three digits that it stands for; the first are its key
  private record Prefix(int last, List<Spot> spots) {}

  private Atlas() {}

  /// Where somebody may be.
  ///
  /// @param home the country of whom nothing is known; the contiguous states where it is the US
  public static Whereabouts find(Clues clues, Region home) {
    Optional<Whereabouts> placed =
        byPostalCode(clues, home)
            .or(() -> byCanadianPostalCode(clues))
            .or(() -> byState(clues, home))
            .or(() -> byNumber(clues));
    Optional<Whereabouts> known = placed.or(() -> byCountry(clues));
    return zone(clues.timeZone())
        .map(zone -> inZone(zone, known))
        .or(() -> known)
        .orElseGet(() -> unknown(home));
  }

  /// The countries that a number may be of; none where it is no number, or of an area code that
  /// nobody knows.
  public static List<Region> countries(String number) {
    return byNumber(new Clues("", "", "", "", number)).stream()
        .flatMap(it -> it.countries().stream())
        .toList();
  }

  /// Where somebody may be of whom nothing is known.
  static Whereabouts unknown(Region home) {
    List<Spot> spots = home.equals(US) ? contiguous() : within(home).orElseGet(() -> contiguous());
    return new Whereabouts(
        spots, Found.UNKNOWN, home.equals(US) ? "nothing: the contiguous US" : "nothing: " + home);
  }

  /// A known time zone, with the rules of where the rest says that it is.
  private static Whereabouts inZone(ZoneId zone, Optional<Whereabouts> known) {
    Set<Region> regions = new LinkedHashSet<>();
    known.ifPresent(it -> it.spots().forEach(spot -> regions.add(spot.region())));
    String clue = "time zone " + zone;
    if (known.isEmpty() || known.get().found() == Found.COUNTRY) {
      List<Region> among = new ArrayList<>(regions);
      regions.clear();
      regions.addAll(statesIn(zone, among));
    } else {
      clue += ", " + known.get().clue();
    }
    return new Whereabouts(
        regions.stream().map(it -> new Spot(it, zone)).toList(), Found.TIME_ZONE, clue);
  }

  /// The countries and states in which a zone is kept.
  private static List<Region> statesIn(ZoneId zone, List<Region> among) {
    Region country = COUNTRIES.get(zone);
    if (country != null) {
      return List.of(country);
    }
    List<Region> states =
        ZONES.entrySet().stream()
            .filter(entry -> entry.getKey().isState())
            .filter(
                entry -> among.isEmpty() || among.stream().anyMatch(it -> it.holds(entry.getKey())))
            .filter(entry -> entry.getValue().stream().anyMatch(it -> agree(it, zone)))
            .map(Map.Entry::getKey)
            .toList();
    if (!states.isEmpty()) {
      return states;
    }
    return among.isEmpty() ? List.of(Region.NOWHERE) : among;
  }

  /// America/Detroit keeps the same time as America/New_York, and US/Eastern is another name of it.
  private static boolean agree(ZoneId zone, ZoneId other) {
    ZoneRules rules = zone.getRules();
    ZoneRules others = other.getRules();
    return rules.getStandardOffset(TODAY).equals(others.getStandardOffset(TODAY))
        && rules.getTransitionRules().equals(others.getTransitionRules());
  }

  private static Optional<Whereabouts> byPostalCode(Clues clues, Region home) {
    String code = clues.postalCode();
    if (code.matches("\\d{5}(-?\\d{4})?") && isIn(US, clues, home)) {
      var prefix = POSTAL_CODES.floorEntry(Integer.parseInt(code.substring(0, 3)));
      if (prefix != null && prefix.getValue().last() >= Integer.parseInt(code.substring(0, 3))) {
        return Optional.of(
            new Whereabouts(
                prefix.getValue().spots(),
                Found.POSTAL_CODE,
                "postal code " + code.substring(0, 5)));
      }
    }
    return Optional.empty();
  }

  /// Canada's codes are shaped as nobody else's are, and their first letter is the province.
  private static Optional<Whereabouts> byCanadianPostalCode(Clues clues) {
    String code = clues.postalCode().toUpperCase(Locale.ROOT);
    if (!code.matches("[A-Z]\\d[A-Z] ?\\d[A-Z]\\d")
        || !List.of("", "CA").contains(clues.country())) {
      return Optional.empty();
    }
    List<Spot> spots =
        CANADIAN_LETTERS.getOrDefault(code.charAt(0), List.of()).stream()
            .flatMap(province -> within(new Region(province)).stream().flatMap(List::stream))
            .toList();
    return spots.isEmpty()
        ? Optional.empty()
        : Optional.of(new Whereabouts(spots, Found.POSTAL_CODE, "postal code " + code));
  }

  private static boolean isIn(Region country, Clues clues, Region home) {
    if (!clues.country().isEmpty()) {
      return clues.country().equals(country.code());
    }
    List<Region> countries = countries(clues.number());
    return countries.isEmpty() ? home.equals(country) : countries.contains(country);
  }

  private static Optional<Whereabouts> byState(Clues clues, Region home) {
    String state = clues.state().toUpperCase(Locale.ROOT);
    if (state.isEmpty()) {
      return Optional.empty();
    }
    List<String> countries = new ArrayList<>();
    if (!clues.country().isEmpty()) {
      countries.add(clues.country());
    } else {
      countries(clues.number()).forEach(it -> countries.add(it.code()));
      countries.add(home.code());
    }
    for (String country : countries) {
      for (String name : List.of(state, country + "-" + state, country + " " + state)) {
        Region region = STATES.get(name);
        if (region != null && region.code().startsWith(country + "-")) {
          return within(region)
              .map(spots -> new Whereabouts(spots, Found.STATE, "state " + region));
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<Whereabouts> byNumber(Clues clues) {
    String number = clues.number();
    if (!number.matches("\\+[1-9]\\d{6,14}")) {
      return Optional.empty();
    }
    if (number.startsWith("+1")) {
      String area = number.substring(2, 5);
      return Optional.ofNullable(AREA_CODES.get(area))
          .map(spots -> new Whereabouts(spots, Found.AREA_CODE, "area code " + area));
    }
    for (int digits = 3; digits >= 1; digits--) {
      String code = number.substring(1, digits + 1);
      List<Region> countries = CALLING_CODES.get(code);
      if (countries != null) {
        return Optional.of(
            new Whereabouts(
                countries.stream()
                    .flatMap(it -> within(it).stream().flatMap(List::stream))
                    .toList(),
                Found.COUNTRY,
                "country of +" + code));
      }
    }
    return Optional.empty();
  }

  private static Optional<Whereabouts> byCountry(Clues clues) {
    if (clues.country().isEmpty()) {
      return Optional.empty();
    }
    // Puerto Rico is PR to some and US-PR to others.
    String territory = "US-" + clues.country();
    Region country = new Region(TERRITORIES.contains(territory) ? territory : clues.country());
    return within(country)
        .map(spots -> new Whereabouts(spots, Found.COUNTRY, "country " + country));
  }

  /// All spots of a country or state: those of its states, where it has some.
  private static Optional<List<Spot>> within(Region region) {
    if (region.equals(US)) {
      return Optional.of(contiguous());
    }
    List<Spot> spots = new ArrayList<>();
    ZONES.forEach(
        (known, zones) -> {
          if (region.holds(known)) {
            spots.addAll(spots(List.of(known), zones));
          }
        });
    return spots.isEmpty() ? Optional.empty() : Optional.of(spots);
  }

  private static List<Spot> contiguous() {
    List<Spot> spots = new ArrayList<>();
    ZONES.forEach(
        (region, zones) -> {
          if (US.holds(region) && isContiguous(region)) {
            spots.addAll(spots(List.of(region), zones));
          }
        });
    return spots;
  }

  private static boolean isContiguous(Region state) {
    return !TERRITORIES.contains(state.code())
        && !state.code().equals("US-AK")
        && !state.code().equals("US-HI");
  }

  private static List<Spot> spots(List<Region> regions, List<ZoneId> zones) {
    return regions.stream()
        .flatMap(region -> zones.stream().map(zone -> new Spot(region, zone)))
        .toList();
  }

  private static List<Region> regions(String cell) {
    return Table.words(cell).stream().map(Region::new).toList();
  }

  private static List<ZoneId> zones(String cell) {
    return Table.words(cell).stream().map(ZoneId::of).toList();
  }

  private static Optional<ZoneId> zone(String text) {
    try {
      return text.isBlank() ? Optional.empty() : Optional.of(ZoneId.of(text.strip()));
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }
}
