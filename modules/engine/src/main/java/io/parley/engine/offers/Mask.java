package io.parley.engine.offers;

import java.util.Optional;
import java.util.regex.Pattern;

/// How the codes of a pool or of a shop look: `#` is a digit, `@` a letter, `*` either, and
/// anything else itself in either case: `SPRING-####`. By it a code is known in a text that holds
/// it.
///
/// @param text at least two characters of its own, so that not every word is a code, and at least
///     three that stand for others
public record Mask(String text) {

  private static final int MAX_LENGTH = 40;
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9#@*_-]{5," + MAX_LENGTH + "}");

  public Mask {
    if (!isMask(text)) {
      throw new IllegalArgumentException("no mask of codes: " + text);
    }
  }

  static Optional<Mask> of(String text) {
    return isMask(text) ? Optional.of(new Mask(text)) : Optional.empty();
  }

  private static boolean isMask(String text) {
    long open = text.chars().filter(c -> c == '#' || c == '@' || c == '*').count();
    long own = text.chars().filter(Character::isLetterOrDigit).count();
    return FORM.matcher(text).matches() && open >= 3 && own >= 2;
  }

  /// Whether a code looks so.
  public boolean fits(String code) {
    return pattern().matcher(code).matches();
  }

  /// A code that looks so, always the same.
  public String example() {
    return text.replace('#', '7').replace('@', 'K').replace('*', 'M');
  }

  Pattern pattern() {
    StringBuilder pattern = new StringBuilder();
    text.chars()
        .forEach(
            c ->
                pattern.append(
                    switch (c) {
                      case '#' -> "[0-9]";
                      case '@' -> "[A-Z]";
                      case '*' -> "[A-Z0-9]";
                      default -> Pattern.quote(Character.toString(c));
                    }));
    return Pattern.compile(pattern.toString(), Pattern.CASE_INSENSITIVE);
  }
}
