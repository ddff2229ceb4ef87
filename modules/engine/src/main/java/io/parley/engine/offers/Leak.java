package io.parley.engine.offers;

/// A promise in a text that was not granted.
///
/// @param words as they stand in the text
/// @param start where they stand, in characters from 0
public record Leak(What what, String words, int start) {

  /// What was promised.
  public enum What {
    CODE("a code that was not granted"),
    AMOUNT("a discount that was not granted"),
    BUNDLE("goods for free that were not granted"),
    FREE_SHIPPING("free shipping that was not granted");

    private final String words;

    What(String words) {
      this.words = words;
    }
  }

  /// `"15% off" at character 12 is a discount that was not granted`.
  public String sentence() {
    return "\"%s\" at character %d is %s".formatted(words, start, what.words);
  }
}
