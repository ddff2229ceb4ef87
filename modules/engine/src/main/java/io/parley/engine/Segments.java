package io.parley.engine;

/// How many segments a text takes as SMS: what carriers bill and rate limits count.
///
/// A text of the GSM 7-bit alphabet (3GPP TS 23.038) has 160 septets in one segment and 153 in each
/// of several; any other text is UCS-2, with 70 and 67 units. A character of the extension table
/// takes two septets and one outside the basic plane two units; neither is split between segments.
/// Twilio's Smart Encoding may make fewer of them.
public final class Segments {

  private static final String BASIC =
      "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
          + "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
  private static final String EXTENSION = "\f^{}\\[~]|€";

  private static final Alphabet GSM_7 = new Alphabet(160, 153);
  private static final Alphabet UCS_2 = new Alphabet(70, 67);

  private Segments() {}

  private record Alphabet(int alone, int ofSeveral) {}

  /// The alphabet that a text is sent in: `GSM-7` or `UCS-2`.
  public static String encoding(String text) {
    return isAllGsm(text) ? "GSM-7" : "UCS-2";
  }

  private static boolean isAllGsm(String text) {
    return text.codePoints().allMatch(Segments::isGsm);
  }

  /// At least 1.
  public static int of(String text) {
    boolean gsm = isAllGsm(text);
    int[] sizes =
        gsm
            ? text.codePoints().map(c -> EXTENSION.indexOf(c) >= 0 ? 2 : 1).toArray()
            : text.codePoints().map(Character::charCount).toArray();
    return pack(sizes, gsm ? GSM_7 : UCS_2);
  }

  /// Whether a character is of the GSM 7-bit alphabet; one that is not makes a whole text UCS-2.
  public static boolean isGsm(int character) {
    return BASIC.indexOf(character) >= 0 || EXTENSION.indexOf(character) >= 0;
  }

  private static int pack(int[] sizes, Alphabet alphabet) {
    int total = 0;
    int segments = 1;
    int filled = 0;
    for (int size : sizes) {
      total += size;
      if (filled + size > alphabet.ofSeveral) {
        segments++;
        filled = 0;
      }
      filled += size;
    }
    return total <= alphabet.alone ? 1 : segments;
  }
}
