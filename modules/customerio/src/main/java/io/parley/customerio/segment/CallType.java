package io.parley.customerio.segment;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// The kinds of calls.
public enum CallType {
  IDENTIFY,
  TRACK,
  PAGE,
  SCREEN,
  GROUP,
  ALIAS;

  /// As calls name it, and their paths: `identify`.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<CallType> parse(String word) {
    return Stream.of(values()).filter(it -> it.word().equals(word)).findFirst();
  }
}
