package io.parley.verticles;

import io.parley.engine.Digest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Pattern;

/// A random text of 256 bits, which is given away and kept as its hash alone.
final class DeskToken {

  private static final int BYTES = 32;
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]{43}");
  private static final SecureRandom CHANCE = new SecureRandom();

  private DeskToken() {}

  static String draw() {
    byte[] bytes = new byte[BYTES];
    CHANCE.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /// Whether it may be one: all else need not be looked for.
  static boolean hasForm(String text) {
    return FORM.matcher(text).matches();
  }

  /// As it is kept. The token is as long as the hash, so a plain hash is enough.
  static String hash(String token) {
    return HexFormat.of().formatHex(Digest.sha256(token));
  }

  /// Another token that only who knows this one can tell.
  ///
  /// @param purpose what it is for
  static String derived(String purpose, String token) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(Digest.sha256(purpose + ":" + token));
  }
}
