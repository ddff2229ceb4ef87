package io.parley.edge;

import io.parley.engine.Digest;
import io.parley.engine.EffectId;
import java.time.Instant;

/// The id of a report, by which a destination takes it once: 48 bits of time and 80 bits of the
/// effect's id, derived so that the same report has the same id in every attempt, and at every
/// destination.
///
/// @param value 26 digits of Crockford's base32: `01HB4HBDKTFWYZCK01DMRSWRFD`
public record Ulid(String value) {

  private static final String DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  private static final int LENGTH = 26;
  private static final int TIME_LENGTH = 10;
  private static final int BITS = 5;
  private static final long MAX_MILLIS = (1L << 48) - 1;

  public Ulid {
    if (!value.matches("[0-7][0-9A-HJKMNP-TV-Z]{25}")) {
      throw new IllegalArgumentException("no ULID: " + value);
    }
  }

  /// The id of an effect's event. Times before 1970 count as 1970, those after 10889 as 10889.
  public static Ulid of(Instant at, EffectId effect) {
    StringBuilder digits = new StringBuilder(LENGTH);
    long millis = Math.clamp(at.toEpochMilli(), 0, MAX_MILLIS);
    for (int shift = (TIME_LENGTH - 1) * BITS; shift >= 0; shift -= BITS) {
      digits.append(digit(millis >>> shift));
    }
    byte[] hash = Digest.sha256(effect.toString());
    appendFiveBytes(digits, hash, 0);
    appendFiveBytes(digits, hash, 5);
    return new Ulid(digits.toString());
  }

  /// Forty bits are eight digits.
  private static void appendFiveBytes(StringBuilder digits, byte[] hash, int from) {
    long bits = 0;
    for (int i = 0; i < 5; i++) {
      bits = bits << 8 | Byte.toUnsignedLong(hash[from + i]);
    }
    for (int shift = 35; shift >= 0; shift -= BITS) {
      digits.append(digit(bits >>> shift));
    }
  }

  private static char digit(long bits) {
    return DIGITS.charAt((int) (bits & 31));
  }

  @Override
  public String toString() {
    return value;
  }
}
