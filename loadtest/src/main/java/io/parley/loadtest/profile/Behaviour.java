package io.parley.loadtest.profile;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What a customer does once they are written to. The lines are said one after the other, each as
/// the answer to a message; who has none left is silent.
public enum Behaviour {
  /// Answers, asks for a code, and thanks.
  ANSWERS,
  /// Answers with slips of the thumb.
  TYPOS,
  /// Reads, and says nothing.
  SILENT,
  /// Opts out.
  STOPS,
  /// Answers, and buys in the middle of it.
  BUYS,
  /// Sends what they have to say as two messages, the second within 200 ms.
  DOUBLE_TEXTS,
  /// Answers when nobody counts on it any more.
  LATE,
  /// Has a number at which nothing arrives.
  WRONG_NUMBER,
  /// Answers with a picture.
  MEDIA,
  /// Is written to on WhatsApp, and taps buttons.
  BUTTONS,
  /// Asks for a person, and talks with whoever comes.
  WANTS_PERSON;

  /// What they say, unless the profile says otherwise.
  public List<String> lines() {
    return switch (this) {
      case ANSWERS -> List.of("How long does shipping to Canada take?", "Ok. Any code?", "thanks!");
      case TYPOS -> List.of("how lnog does shiping tkae to canda", "any dicsount cdoe", "thnaks");
      case SILENT, WRONG_NUMBER -> List.of();
      case STOPS -> List.of("STOP");
      case BUYS -> List.of("How long does shipping to Canada take?");
      case DOUBLE_TEXTS -> List.of("Hi!", "how much is shipping?", "thanks!");
      case LATE -> List.of("How long does shipping to Canada take?", "thanks!");
      case MEDIA -> List.of("This one, but in blue?", "thanks!");
      case BUTTONS -> List.of("Yes, please");
      case WANTS_PERSON ->
          List.of(
              "Can I talk to a real person please?",
              "I only want to know when it ships",
              "thanks!");
    };
  }

  /// As profiles write it: `double_texts`.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<Behaviour> of(String word) {
    return List.of(values()).stream().filter(it -> it.word().equals(word)).findFirst();
  }
}
