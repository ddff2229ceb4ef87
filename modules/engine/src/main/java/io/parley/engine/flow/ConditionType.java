package io.parley.engine.flow;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntPredicate;

/// What a condition asks. Both sides are trimmed and compared without regard to case.
/// Source: Studio documentation, Split Based On.
public enum ConditionType {
  EQUAL_TO,
  NOT_EQUAL_TO,
  MATCHES_ANY_OF,
  DOES_NOT_MATCH_ANY_OF,
  IS_BLANK,
  IS_NOT_BLANK,
  REGEX,
  CONTAINS,
  DOES_NOT_CONTAIN,
  STARTS_WITH,
  DOES_NOT_START_WITH,
  LESS_THAN,
  GREATER_THAN,
  IS_BEFORE_TIME,
  IS_AFTER_TIME,
  IS_BEFORE_DATE,
  IS_AFTER_DATE;

  private static final int MAX_NUMBER = 100;

  /// The word for it in a flow file: `matches_any_of`.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static List<String> words() {
    return Arrays.stream(values()).map(ConditionType::word).toList();
  }

  public static Optional<ConditionType> parse(String word) {
    for (ConditionType type : values()) {
      if (type.word().equals(word)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  /// Whether the condition holds between two rendered texts. Nothing that a contact can write makes
  /// it fail: what is no number, time or date where one is asked for does not hold.
  public boolean holds(String subject, String value) {
    String left = fold(subject);
    String right = fold(value);
    return switch (this) {
      case EQUAL_TO -> left.equals(right);
      case NOT_EQUAL_TO -> !left.equals(right);
      case MATCHES_ANY_OF -> isOption(left, right);
      case DOES_NOT_MATCH_ANY_OF -> !isOption(left, right);
      case IS_BLANK -> left.isEmpty();
      case IS_NOT_BLANK -> !left.isEmpty();
      // Not folded: \S and \s are not the same expression.
      case REGEX -> Regex.matchesWhole(value.strip(), subject.strip());
      case CONTAINS -> left.contains(right);
      case DOES_NOT_CONTAIN -> !left.contains(right);
      case STARTS_WITH -> left.startsWith(right);
      case DOES_NOT_START_WITH -> !left.startsWith(right);
      case LESS_THAN -> compare(number(left), number(right), order -> order < 0);
      case GREATER_THAN -> compare(number(left), number(right), order -> order > 0);
      case IS_BEFORE_TIME -> compare(time(left), time(right), order -> order < 0);
      case IS_AFTER_TIME -> compare(time(left), time(right), order -> order > 0);
      case IS_BEFORE_DATE -> compare(date(left), date(right), order -> order < 0);
      case IS_AFTER_DATE -> compare(date(left), date(right), order -> order > 0);
    };
  }

  private static String fold(String text) {
    return text.strip().toLowerCase(Locale.ROOT);
  }

  /// Options are separated by commas, which can not be escaped. That each is trimmed follows from
  /// the rule that conditions trim; that an empty one (`yes,,no`) matches nothing is our choice.
  private static boolean isOption(String text, String options) {
    return !text.isEmpty()
        && Arrays.stream(options.split(",", -1)).map(String::strip).anyMatch(text::equals);
  }

  private static <T extends Comparable<? super T>> boolean compare(
      Optional<T> left, Optional<T> right, IntPredicate order) {
    return left.isPresent() && right.isPresent() && order.test(left.get().compareTo(right.get()));
  }

  /// Studio's FAQ wants a number and says that a text such as "1" fails; whether it does is not
  /// verified. Every variable and reply is a text, so here its digits count.
  private static Optional<BigDecimal> number(String text) {
    if (text.length() > MAX_NUMBER) {
      return Optional.empty();
    }
    try {
      return Optional.of(new BigDecimal(text));
    } catch (NumberFormatException _) {
      return Optional.empty();
    }
  }

  /// `HH:MM`, both with two digits.
  private static Optional<LocalTime> time(String text) {
    return text.length() == "HH:MM".length() ? parse(text, LocalTime::parse) : Optional.empty();
  }

  /// `YYYY-MM-DD`, with all its digits.
  private static Optional<LocalDate> date(String text) {
    return text.length() == "YYYY-MM-DD".length()
        ? parse(text, LocalDate::parse)
        : Optional.empty();
  }

  private static <T> Optional<T> parse(String text, Function<String, T> parser) {
    try {
      return Optional.of(parser.apply(text));
    } catch (DateTimeParseException _) {
      return Optional.empty();
    }
  }
}
