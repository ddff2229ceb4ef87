package io.parley.engine.outcomes;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A property of an outcome.
///
/// @param meaning one line of text
/// @param words the values that a text may have; empty where it may have any
public record Property(
    String name, Kind kind, boolean required, String meaning, List<String> words) {

  /// What a property's value is.
  public enum Kind {
    TEXT("text"),
    /// In UTC: `2026-03-01T10:15:00Z`.
    TIME("ISO 8601 time in UTC"),
    WHOLE("whole number"),
    NUMBER("number"),
    FLAG("true or false"),
    TEXTS("list of texts"),
    NUMBERS_BY_NAME("numbers by name"),
    TEXTS_BY_NAME("texts by name"),
    OBJECT("object"),
    OBJECTS("list of objects");

    private final String phrase;

    Kind(String phrase) {
      this.phrase = phrase;
    }

    /// The kind as a reader is told it.
    public String phrase() {
      return phrase;
    }

    private boolean fits(Object value) {
      return switch (this) {
        case TEXT -> value instanceof String;
        case TIME -> value instanceof String text && isTime(text);
        case WHOLE -> value instanceof Long;
        case NUMBER -> value instanceof Number;
        case FLAG -> value instanceof Boolean;
        case TEXTS -> value instanceof List<?> list && list.stream().allMatch(TEXT::fits);
        case NUMBERS_BY_NAME ->
            value instanceof Map<?, ?> map && map.values().stream().allMatch(NUMBER::fits);
        case TEXTS_BY_NAME ->
            value instanceof Map<?, ?> map && map.values().stream().allMatch(TEXT::fits);
        case OBJECT -> value instanceof Map<?, ?>;
        case OBJECTS -> value instanceof List<?> list && list.stream().allMatch(OBJECT::fits);
      };
    }

    private static boolean isTime(String text) {
      try {
        Instant.parse(text);
        return true;
      } catch (DateTimeParseException _) {
        return false;
      }
    }
  }

  public Property {
    words = List.copyOf(words);
  }

  Property optional() {
    return new Property(name, kind, false, meaning, words);
  }

  /// What is wrong with a value, if anything.
  Optional<String> problem(Object value) {
    if (!kind.fits(value)) {
      return Optional.of("%s is %s, but must be %s".formatted(name, value, kind.phrase()));
    }
    return words.isEmpty() || words.contains(String.valueOf(value))
        ? Optional.empty()
        : Optional.of("%s is %s, but must be one of %s".formatted(name, value, words));
  }
}
