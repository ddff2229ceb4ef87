package io.parley.loadtest.oracle;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;

/// The id of an outcome at its destination, as documented: a ULID of 48 bits of its time and 80
/// bits of the SHA-256 of its effect's id.
final class OutcomeId {

  private static final String DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  private static final int BITS = 5;

  private OutcomeId() {}

  static String of(Instant at, String effect) {
    StringBuilder digits = new StringBuilder(26);
    append(digits, Math.max(0, at.toEpochMilli()), 10);
    byte[] hash = sha256(effect);
    append(digits, fiveBytes(hash, 0), 8);
    append(digits, fiveBytes(hash, 5), 8);
    return digits.toString();
  }

  private static void append(StringBuilder to, long bits, int digits) {
    for (int shift = (digits - 1) * BITS; shift >= 0; shift -= BITS) {
      to.append(DIGITS.charAt((int) (bits >>> shift & 31)));
    }
  }

  private static long fiveBytes(byte[] hash, int from) {
    long bits = 0;
    for (int i = 0; i < 5; i++) {
      bits = bits << 8 | Byte.toUnsignedLong(hash[from + i]);
    }
    return bits;
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
