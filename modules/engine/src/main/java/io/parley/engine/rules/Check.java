package io.parley.engine.rules;

import io.parley.engine.Json;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a condition asks of a value. Numbers are compared as numbers, also where they are told as
/// text; of texts neither case nor the blanks around them count. A value that is not there meets
/// nothing but `exists: false` and `not`.
sealed interface Check {

  boolean isMet(Optional<Object> value);

  record Equals(Object expected) implements Check {
    @Override
    public boolean isMet(Optional<Object> value) {
      return value.filter(it -> same(it, expected)).isPresent();
    }
  }

  record In(List<Object> expected) implements Check {
    public In {
      expected = List.copyOf(expected);
    }

    @Override
    public boolean isMet(Optional<Object> value) {
      return value.filter(it -> expected.stream().anyMatch(each -> same(it, each))).isPresent();
    }
  }

  /// A limit: at least, at most, above or below.
  record Limit(Sense sense, BigDecimal limit) implements Check {
    enum Sense {
      AT_LEAST,
      AT_MOST,
      ABOVE,
      BELOW
    }

    @Override
    public boolean isMet(Optional<Object> value) {
      return value
          .flatMap(Check::number)
          .map(it -> it.compareTo(limit))
          .filter(
              order ->
                  switch (sense) {
                    case AT_LEAST -> order >= 0;
                    case AT_MOST -> order <= 0;
                    case ABOVE -> order > 0;
                    case BELOW -> order < 0;
                  })
          .isPresent();
    }
  }

  record Exists(boolean expected) implements Check {
    @Override
    public boolean isMet(Optional<Object> value) {
      return value.isPresent() == expected;
    }
  }

  /// A text has a part, or a list an item.
  record Contains(Object part) implements Check {
    @Override
    public boolean isMet(Optional<Object> value) {
      return value
          .filter(
              it ->
                  switch (it) {
                    case List<?> list -> list.stream().anyMatch(item -> same(item, part));
                    case Map<?, ?> _ -> false;
                    default -> plain(it).contains(plain(part));
                  })
          .isPresent();
    }
  }

  record Begins(String beginning) implements Check {
    @Override
    public boolean isMet(Optional<Object> value) {
      return value
          .filter(it -> !(it instanceof List<?> || it instanceof Map<?, ?>))
          .filter(it -> plain(it).startsWith(plain(beginning)))
          .isPresent();
    }
  }

  record Not(List<Check> checks) implements Check {
    public Not {
      checks = List.copyOf(checks);
    }

    @Override
    public boolean isMet(Optional<Object> value) {
      return !checks.stream().allMatch(it -> it.isMet(value));
    }
  }

  /// Whether two values are one, as above.
  static boolean same(Object one, Object other) {
    Optional<BigDecimal> first = number(one);
    Optional<BigDecimal> second = number(other);
    if (first.isPresent() && second.isPresent()) {
      return first.get().compareTo(second.get()) == 0;
    }
    return plain(one).equals(plain(other));
  }

  static Optional<BigDecimal> number(@Nullable Object value) {
    return switch (value) {
      case BigDecimal number -> Optional.of(number);
      case Number number -> Optional.of(new BigDecimal(Json.number(number)));
      case String text when text.strip().matches("[+-]?\\d{1,30}([.]\\d{1,30})?") ->
          Optional.of(new BigDecimal(text.strip()));
      case null, default -> Optional.empty();
    };
  }

  private static String plain(Object value) {
    String text =
        value instanceof Map<?, ?> || value instanceof List<?>
            ? Json.print(value)
            : String.valueOf(value);
    return text.strip().toLowerCase(Locale.ROOT);
  }
}
