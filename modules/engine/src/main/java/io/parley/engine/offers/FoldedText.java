package io.parley.engine.offers;

import java.text.Normalizer;
import java.util.Arrays;
import java.util.Locale;

/// A text as it is searched: small letters without accents, one kind of blank, hyphen and
/// apostrophe, full-width and circled characters as plain ones, pictures as blanks, and nothing
/// that cannot be seen: neither what is invisible nor WhatsApp's marks (`*bold*`, `_italic_`,
/// `~struck~`). Each character knows where it came from.
final class FoldedText {

  private final String original;
  private final StringBuilder folded;
  private final int[] origins;

  private FoldedText(String original) {
    this.original = original;
    this.folded = new StringBuilder(original.length());
    int[] places = new int[original.length() + 1];
    for (int at = 0; at < original.length(); ) {
      int character = original.codePointAt(at);
      String plain = isMark(original, at) ? "" : plain(character);
      if (folded.length() + plain.length() >= places.length) {
        places = Arrays.copyOf(places, places.length * 2 + plain.length());
      }
      for (int i = 0; i < plain.length(); i++) {
        places[folded.length()] = at;
        folded.append(plain.charAt(i));
      }
      at += Character.charCount(character);
    }
    this.origins = places;
  }

  static FoldedText of(String text) {
    return new FoldedText(text);
  }

  static String fold(String text) {
    return new FoldedText(text).text();
  }

  String text() {
    return folded.toString();
  }

  String original() {
    return original;
  }

  /// Where a character of the folded text stands in the original.
  int origin(int at) {
    return at >= folded.length() ? original.length() : origins[at];
  }

  /// The original's words from one place of the folded text to another.
  String words(int start, int end) {
    int last = end <= start ? origin(start) : origin(end - 1);
    int after =
        last >= original.length() ? last : last + Character.charCount(original.codePointAt(last));
    return original.substring(origin(start), after);
  }

  /// A low line within a word is part of it: of a code, say.
  private static boolean isMark(String text, int at) {
    return switch (text.charAt(at)) {
      case '*', '~' -> true;
      case '_' ->
          at == 0
              || at == text.length() - 1
              || !Character.isLetterOrDigit(text.charAt(at - 1))
              || !Character.isLetterOrDigit(text.charAt(at + 1));
      default -> false;
    };
  }

  private String blank() {
    return !folded.isEmpty() && folded.charAt(folded.length() - 1) == ' ' ? "" : " ";
  }

  private String plain(int character) {
    if (Character.isWhitespace(character) || Character.isSpaceChar(character)) {
      return blank();
    }
    return switch (Character.getType(character)) {
      case Character.OTHER_SYMBOL -> {
        String letters = letters(character);
        yield letters.codePoints().anyMatch(Character::isLetterOrDigit) ? letters : blank();
      }
      case Character.FORMAT,
          Character.CONTROL,
          Character.NON_SPACING_MARK,
          Character.ENCLOSING_MARK ->
          "";
      case Character.DASH_PUNCTUATION -> "-";
      default -> letters(character);
    };
  }

  private static String letters(int character) {
    return switch (character) {
      case '\u2212' -> "-"; // minus
      case '\u2018', '\u2019', '\u02BC', '\u00B4' -> "'";
      default -> {
        if (character < 0x80) {
          yield Character.toString(Character.toLowerCase(character));
        }
        String plain =
            Normalizer.normalize(Character.toString(character), Normalizer.Form.NFKD)
                .replaceAll("\\p{M}", "")
                .replace('\u2044', '/')
                .toLowerCase(Locale.ROOT);
        yield plain.replace("\u00DF", "ss");
      }
    };
  }
}
