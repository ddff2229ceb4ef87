package io.parley.engine.offers;

import io.parley.engine.flow.Place;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;

/// An offer of the catalogue.
///
/// @param name by which flows ask for it
/// @param worth what it takes off
/// @param expiry how long a code is good for once it is given
/// @param window how long no other offer is made to the contact, from the grant on; at least as
///     long as the code is good for
/// @param endsAt when the offer itself ends
/// @param gate the catalogue's, with what this offer has of its own
/// @param copy phrases that are said of it: no leak while it is granted
public record Offer(
    String name,
    Kind kind,
    Worth worth,
    Duration expiry,
    Duration window,
    Optional<Instant> endsAt,
    Gate gate,
    List<String> copy) {

  static final Duration USUAL_EXPIRY = Duration.ofDays(2);

  private static final int USUAL_LENGTH = 8;
  private static final int USUAL_LOW_WATER = 50;
  private static final int MOST_LOW_WATER = 1_000_000;
  private static final int LEAST_STATIC = 4;

  private static final String[] KEYS = {
    "kind",
    "value",
    "expiry",
    "window",
    "ends_at",
    "gate",
    "copy",
    "code",
    "prefix",
    "length",
    "pool",
    "shape",
    "low_water",
    "request"
  };

  public Offer {
    window = window.compareTo(expiry) < 0 ? expiry : window;
    copy = List.copyOf(copy);
  }

  /// Where an offer's codes come from.
  public sealed interface Kind {

    /// The same code for everybody.
    record Static(String code) implements Kind {}

    /// A code of its own for each grant, derived here.
    record Generated(Codes codes) implements Kind {}

    /// A code of its own for each grant, out of those that were loaded.
    ///
    /// @param shape how they look, by which they are found in copy
    /// @param lowWater so few codes left are an alert
    record Pool(String pool, Mask shape, int lowWater) implements Kind {}

    /// A code of its own for each grant, which the shop makes when it is asked.
    record Http(Shop shop, Mask shape) implements Kind {}
  }

  /// Whether the offer itself is over.
  public boolean isEnded(Instant now) {
    return endsAt.filter(end -> !now.isBefore(end)).isPresent();
  }

  /// The grant's end: the code's, or the offer's where that is sooner.
  public Instant expiresAt(Instant now) {
    Instant usual = now.plus(expiry);
    return endsAt.filter(usual::isAfter).orElse(usual);
  }

  /// Reads an offer; empty where it says too little to be one, which is said at its place.
  static Optional<Offer> read(String name, Place place, Gate usual) {
    Reading.object(place, KEYS);
    if (!place.isObject()) {
      return Optional.empty();
    }
    Optional<Kind> kind = kind(place);
    Place value = place.get("value");
    Optional<Worth> worth = Worth.parse(value.literal());
    if (worth.isEmpty()) {
      value.problem("is not what an offer takes off; write 15%, 10 USD or free_shipping");
    }
    Duration expiry = Reading.duration(place.get("expiry")).orElse(USUAL_EXPIRY);
    Duration window = Reading.duration(place.get("window")).orElse(expiry);
    if (window.compareTo(expiry) < 0) {
      place
          .get("window")
          .problem("is shorter than the expiry, %s; write that or a longer one".formatted(expiry));
    }
    Optional<Instant> endsAt = endsAt(place.get("ends_at"));
    Gate gate = Gate.read(place.get("gate"), usual);
    List<String> copy = Reading.texts(place.get("copy")).orElse(List.of());
    return kind.isEmpty() || worth.isEmpty()
        ? Optional.empty()
        : Optional.of(new Offer(name, kind.get(), worth.get(), expiry, window, endsAt, gate, copy));
  }

  private static Optional<Instant> endsAt(Place place) {
    if (place.isAbsent()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Instant.parse(place.text().strip()));
    } catch (DateTimeParseException _) {
      place.problem("is no time; write it in UTC, for example 2026-12-31T23:59:59Z");
      return Optional.empty();
    }
  }

  private static Optional<Kind> kind(Place place) {
    return switch (place.get("kind").text()) {
      case "static" -> staticCode(place.get("code"));
      case "generated" -> generated(place);
      case "pool" -> pool(place);
      case "http" -> http(place);
      default -> {
        place.get("kind").problem("is no kind of offer; write static, generated, pool or http");
        yield Optional.empty();
      }
    };
  }

  private static Optional<Kind> staticCode(Place place) {
    String code = place.literal().strip();
    if (code.length() < LEAST_STATIC || !code.matches("[\\p{L}\\p{N}_-]{4,64}")) {
      place.problem(
          "is no code of 4 to 64 letters, digits, hyphens and underscores; write for example"
              + " COMEBACK15");
      return Optional.empty();
    }
    return Optional.of(new Kind.Static(code));
  }

  private static Optional<Kind> generated(Place place) {
    String prefix = Reading.required(place.get("prefix"), "SKIN-");
    int length =
        Reading.whole(place.get("length"), Codes.MIN_LENGTH, Codes.MAX_LENGTH).orElse(USUAL_LENGTH);
    if (!prefix.isEmpty() && !Codes.isPrefix(prefix)) {
      place
          .get("prefix")
          .problem("is no prefix of 2 to 16 capitals, digits and hyphens; write for example SKIN-");
    }
    return Codes.of(prefix, length).map(Kind.Generated::new);
  }

  private static Optional<Kind> pool(Place place) {
    String pool = Reading.required(place.get("pool"), "second-chance");
    int lowWater = Reading.whole(place.get("low_water"), 0, MOST_LOW_WATER).orElse(USUAL_LOW_WATER);
    Optional<Mask> shape = mask(place.get("shape"));
    return pool.isEmpty() ? Optional.empty() : shape.map(it -> new Kind.Pool(pool, it, lowWater));
  }

  private static Optional<Kind> http(Place place) {
    Optional<Shop> shop = Shop.read(place.get("request"));
    Optional<Mask> shape = mask(place.get("shape"));
    return shop.flatMap(asked -> shape.map(it -> new Kind.Http(asked, it)));
  }

  private static Optional<Mask> mask(Place place) {
    Optional<Mask> mask = Mask.of(place.literal().strip());
    if (mask.isEmpty()) {
      place.problem(
          "is no shape of codes, two characters of their own or more and three of # (digit), @"
              + " (letter) or * (either); write for example SPRING-####");
    }
    return mask;
  }
}
