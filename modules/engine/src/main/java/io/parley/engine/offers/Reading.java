package io.parley.engine.offers;

import io.parley.engine.flow.Place;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads values of a policy file. What is missing is empty; what is wrong is empty, too, and said
/// at its place with what to write instead.
final class Reading {

  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofDays(3_650);

  private Reading() {}

  /// Reports what is neither an object nor absent, and keys that mean nothing.
  ///
  /// @param known the keys that may stand there; any where none is named
  static void object(Place place, String... known) {
    if (!place.isAbsent() && !place.isObject()) {
      place.problem("is no mapping; write KEY: VALUE lines below it");
    } else if (known.length > 0) {
      keys(place, List.of(known));
    }
  }

  /// Reports keys that mean nothing here.
  static void keys(Place place, List<String> known) {
    for (String key : place.names()) {
      if (!known.contains(key)) {
        place.get(key).problem("is no key here; write one of " + String.join(", ", known));
      }
    }
  }

  static Optional<Double> number(Place place, double least, double most) {
    if (place.isAbsent()) {
      return Optional.empty();
    }
    if (place.value() instanceof Number number
        && number.doubleValue() >= least
        && number.doubleValue() <= most) {
      return Optional.of(number.doubleValue());
    }
    place.problem(
        "is no number from %s to %s; write for example %s"
            .formatted(plain(least), plain(most), plain(Math.max(least, Math.min(1, most)))));
    return Optional.empty();
  }

  static Optional<Integer> whole(Place place, int least, int most) {
    if (place.isAbsent()) {
      return Optional.empty();
    }
    if ((place.value() instanceof Long || place.value() instanceof Integer)
        && place.value() instanceof Number number
        && number.longValue() >= least
        && number.longValue() <= most) {
      return Optional.of(number.intValue());
    }
    place.problem(
        "is no whole number from %d to %d; write for example %d".formatted(least, most, least));
    return Optional.empty();
  }

  /// `12h` or `3d`.
  static Optional<Duration> duration(Place place) {
    Duration told =
        place.duration(
            Duration.ZERO,
            it -> it.compareTo(SHORTEST) >= 0 && it.compareTo(LONGEST) <= 0,
            "is no length of time; write for example 12h or 3d");
    return Optional.of(told).filter(it -> !it.isZero());
  }

  static Optional<Money> money(Place place) {
    if (place.isAbsent()) {
      return Optional.empty();
    }
    Optional<Money> money = Money.parse(place.text());
    if (money.isEmpty()) {
      place.problem("is no amount of money; write it with its currency, for example 40 USD");
    }
    return money;
  }

  static Optional<Boolean> flag(Place place) {
    if (place.isAbsent()) {
      return Optional.empty();
    }
    if (place.value() instanceof Boolean flag) {
      return Optional.of(flag);
    }
    place.problem("is neither true nor false; write one of them");
    return Optional.empty();
  }

  /// A list of texts, or one alone; numbers are texts, too.
  static Optional<List<String>> texts(Place place) {
    if (place.isAbsent()) {
      return Optional.empty();
    }
    List<Place> items = place.value() instanceof List<?> ? place.items() : List.of(place);
    List<String> texts = new ArrayList<>();
    for (Place item : items) {
      String text = item.literal().strip();
      if (text.isEmpty()) {
        item.problem("is no text; write one, in quotes if need be");
      } else {
        texts.add(text);
      }
    }
    return Optional.of(texts);
  }

  /// A text that must be there.
  static String required(Place place, String example) {
    String text = place.literal().strip();
    if (text.isEmpty()) {
      place.problem("is missing; write for example " + example);
    }
    return text;
  }

  private static String plain(double number) {
    return Money.plain(BigDecimal.valueOf(number)).toPlainString();
  }
}
