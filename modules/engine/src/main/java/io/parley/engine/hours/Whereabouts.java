package io.parley.engine.hours;

import java.time.ZoneId;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Where somebody may be. Hours must suit every spot of it.
///
/// @param spots at least one
/// @param found what told the zones
/// @param clue how it was found, for people to read: `area code 915`, `postal code 79901`
public record Whereabouts(List<Spot> spots, Found found, String clue) {

  /// A zone, and the country or state whose rules hold there.
  public record Spot(Region region, ZoneId zone) {

    @Override
    public String toString() {
      return region.equals(Region.NOWHERE) ? zone.toString() : region + " (" + zone + ")";
    }
  }

  /// What tells somebody's time zone, the best first.
  public enum Found {
    TIME_ZONE,
    POSTAL_CODE,
    STATE,
    AREA_CODE,
    COUNTRY,
    UNKNOWN
  }

  public Whereabouts {
    spots = List.copyOf(new LinkedHashSet<>(spots));
    if (spots.isEmpty()) {
      throw new IllegalArgumentException("somebody is somewhere");
    }
  }

  /// The countries that they may be in, [Region#NOWHERE] where none is known.
  public Set<Region> countries() {
    Set<Region> countries = new LinkedHashSet<>();
    spots.forEach(spot -> countries.add(spot.region().country()));
    return countries;
  }
}
