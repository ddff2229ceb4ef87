package io.parley.engine.offers;

import io.parley.engine.flow.Place;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The offers of a brand.
///
/// ```yaml
/// offers:
///   gate: {margin_floor: 0.25}             # of every offer; see Gate
///   public: ["free shipping over $50"]     # promises made to everybody: no leak anywhere
///   catalogue:
///     second-chance:
///       kind: generated                    # static | generated | pool | http
///       prefix: SKIN-
///       value: 15%
///       expiry: 48h
/// ```
///
/// @param offers by name, in the file's order
/// @param promises phrases that may stand in any message
public record Catalogue(Map<String, Offer> offers, List<String> promises) {

  public static final Catalogue NONE = new Catalogue(Map.of(), List.of());

  private static final String NAME = "[a-z0-9][a-z0-9_-]{0,63}";

  public Catalogue {
    offers = Collections.unmodifiableMap(new LinkedHashMap<>(offers));
    promises = List.copyOf(promises);
  }

  public Optional<Offer> offer(String name) {
    return Optional.ofNullable(offers.get(name));
  }

  /// Reads the catalogue. An offer that cannot be read is left out, and said.
  public static Catalogue read(Place place) {
    Reading.object(place, "gate", "public", "catalogue");
    Gate gate = Gate.read(place.get("gate"), Gate.DEFAULT);
    Place catalogue = place.get("catalogue");
    Reading.object(catalogue);
    Map<String, Offer> offers = new LinkedHashMap<>();
    for (String name : catalogue.names()) {
      Place offer = catalogue.get(name);
      if (!name.matches(NAME)) {
        offer.problem(
            "is no name of an offer; write small letters, digits, hyphens and underscores, for"
                + " example second-chance");
      }
      Offer.read(name, offer, gate).ifPresent(read -> offers.put(name, read));
    }
    return new Catalogue(offers, Reading.texts(place.get("public")).orElse(List.of()));
  }
}
