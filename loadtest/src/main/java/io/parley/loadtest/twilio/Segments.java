package io.parley.loadtest.twilio;

/// The number of segments of an SMS: 160 septets of GSM-7, or 153 in each of several; 70 UTF-16
/// units of UCS-2, or 67 in each of several (twilio.com/docs/glossary/what-sms-character-limit).
final class Segments {

  private static final String GSM_BASIC =
      "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
          + "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
  private static final String GSM_EXTENSION = "^{}\\[~]|€\f";

  private Segments() {}

  static int of(String body) {
    boolean gsm = body.chars().allMatch(Segments::isGsm);
    return gsm ? packed(body, 160, 153) : packed(body, 70, 67);
  }

  private static boolean isGsm(int character) {
    return GSM_BASIC.indexOf(character) >= 0 || GSM_EXTENSION.indexOf(character) >= 0;
  }

  private static int packed(String body, int alone, int eachOfSeveral) {
    boolean gsm = alone == 160;
    int total = 0;
    int segments = 1;
    int used = 0;
    for (int i = 0; i < body.length(); ) {
      int character = body.codePointAt(i);
      i += Character.charCount(character);
      int width =
          gsm ? (GSM_EXTENSION.indexOf(character) >= 0 ? 2 : 1) : Character.charCount(character);
      total += width;
      // Neither an escaped character nor a surrogate pair is split between two segments.
      if (used + width > eachOfSeveral) {
        segments++;
        used = 0;
      }
      used += width;
    }
    return total <= alone ? 1 : segments;
  }
}
