package io.parley.engine.flow;

import java.util.Locale;
import java.util.Optional;

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

  /// The word for it in a flow file: `matches_any_of`.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<ConditionType> parse(String word) {
    for (ConditionType type : values()) {
      if (type.word().equals(word)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  /// Whether the condition holds between two rendered texts.
  public boolean holds(String subject, String value) {
    return subject.strip().equalsIgnoreCase(value.strip());
  }
}
