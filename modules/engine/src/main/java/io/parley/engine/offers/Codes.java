package io.parley.engine.offers;

import io.parley.engine.Digest;
import io.parley.engine.EffectId;
import java.math.BigInteger;
import java.util.Optional;
import java.util.regex.Pattern;

/// The shape of generated codes, and the codes themselves: `SKIN-7KXW4MPN`.
///
/// A code is derived from a secret, the effect that asks for it and the number of the attempt: a
/// retry and a replay come to the same code, and nobody who knows one can tell the next. Its
/// characters are capitals and digits that are not taken for each other (no 0 O D Q, 1 I L, 2 Z, 5
/// S, 8 B, U V) and no vowels, so that no word comes of them.
///
/// @param prefix what every code begins with, in capitals; tells a code from any other word
/// @param length how many characters follow the prefix
public record Codes(String prefix, int length) {

  public static final String ALPHABET = "34679CFGHJKMNPRTVWXY";
  public static final int MIN_LENGTH = 6;
  public static final int MAX_LENGTH = 20;

  private static final BigInteger RADIX = BigInteger.valueOf(ALPHABET.length());
  private static final Pattern PREFIX = Pattern.compile("[A-Z0-9][A-Z0-9-]{1,15}");

  public Codes {
    if (!isPrefix(prefix) || length < MIN_LENGTH || length > MAX_LENGTH) {
      throw new IllegalArgumentException("no shape of codes: " + prefix + ", " + length);
    }
  }

  /// Two to sixteen capitals, digits and hyphens.
  public static boolean isPrefix(String text) {
    return PREFIX.matcher(text).matches();
  }

  /// The shape, where it is one.
  static Optional<Codes> of(String prefix, int length) {
    return isPrefix(prefix) && length >= MIN_LENGTH && length <= MAX_LENGTH
        ? Optional.of(new Codes(prefix, length))
        : Optional.empty();
  }

  /// The code of an effect.
  ///
  /// @param secret at least as hard to guess as a code
  /// @param attempt from 0; one more where the code was taken
  public String code(String secret, EffectId effect, int attempt) {
    BigInteger left = new BigInteger(1, Digest.sha256(secret + " offer " + effect + " " + attempt));
    StringBuilder code = new StringBuilder(prefix);
    for (int i = 0; i < length; i++) {
      BigInteger[] parts = left.divideAndRemainder(RADIX);
      code.append(ALPHABET.charAt(parts[1].intValue()));
      left = parts[0];
    }
    return code.toString();
  }

  /// The shape as a mask; see [Mask].
  Mask mask() {
    return new Mask(prefix + "*".repeat(length));
  }
}
