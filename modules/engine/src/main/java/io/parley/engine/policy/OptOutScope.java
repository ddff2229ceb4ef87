package io.parley.engine.policy;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// How far it reaches that a person wrote STOP, which names neither channel nor programme.
public enum OptOutScope {
  /// Every address of the person, and every programme.
  ALL,
  /// Every programme, on the channel that it was written on.
  CHANNEL,
  /// The programme that it was written in, on every channel.
  PROGRAMME;

  /// `all`, `channel`, `programme`.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<OptOutScope> parse(String word) {
    return Stream.of(values()).filter(it -> it.word().equals(word)).findFirst();
  }

  boolean reaches(Consent revocation, ConsentChannel channel, String programme) {
    return switch (this) {
      case ALL -> true;
      case CHANNEL -> revocation.channel() == channel;
      case PROGRAMME -> revocation.programme().equals(programme);
    };
  }
}
