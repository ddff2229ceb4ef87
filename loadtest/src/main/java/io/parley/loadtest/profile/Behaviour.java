package io.parley.loadtest.profile;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What a customer does once they are written to. The lines are said one after the other, each as
/// the answer to a message; who has none left is silent.
public enum Behaviour {
  /// Answers, asks for a code, and thanks.
  ANSWERS("How long does shipping to Canada take?", "Ok. Any code?", "thanks!"),
  /// Answers with slips of the thumb.
  TYPOS("how lnog does shiping tkae to canda", "any dicsount cdoe", "thnaks"),
  /// Reads, and says nothing.
  SILENT(),
  /// Opts out.
  STOPS("STOP"),
  /// Answers, and buys in the middle of it.
  BUYS("How long does shipping to Canada take?"),
  /// Sends what they have to say as two messages, the second within 200 ms.
  DOUBLE_TEXTS("Hi!", "how much is shipping?", "thanks!"),
  /// Answers when nobody counts on it any more.
  LATE("How long does shipping to Canada take?", "thanks!"),
  /// Has a number at which nothing arrives.
  WRONG_NUMBER(),
  /// Answers with a picture.
  MEDIA("This one, but in blue?", "thanks!"),
  /// Is written to on WhatsApp, and taps buttons.
  BUTTONS("Yes, please"),
  /// Asks for a person, and talks with whoever comes.
  WANTS_PERSON(
      "Can I talk to a real person please?", "I only want to know when it ships", "thanks!");

  /// One a line.
  private final String lines;

  Behaviour(String... lines) {
    this.lines = String.join("\n", lines);
  }

  /// What they say, unless the profile says otherwise.
  public List<String> lines() {
    return lines.lines().toList();
  }

  /// As profiles write it: `double_texts`.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<Behaviour> of(String word) {
    return List.of(values()).stream().filter(it -> it.word().equals(word)).findFirst();
  }
}
