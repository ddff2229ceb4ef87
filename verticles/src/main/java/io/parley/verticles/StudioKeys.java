package io.parley.verticles;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BiFunction;

/// The keys of rows that are listed by date and sid, as page tokens carry them.
final class StudioKeys {

  private StudioKeys() {}

  /// Reads a date and a sid with a space between them; empty where it is none.
  static <K> Optional<K> read(String text, BiFunction<Instant, String, K> key) {
    int space = text.indexOf(' ');
    if (space < 0 || text.indexOf('\0') >= 0) {
      return Optional.empty();
    }
    try {
      Instant at = Instant.parse(text.substring(0, space));
      return Optional.of(key.apply(at, text.substring(space + 1)));
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }
}
