package io.parley.engine;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.Normalizer;
import java.util.HexFormat;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;

/// Ids that are derived, never drawn: the same input names the same thing on every node and in
/// every replay.
public final class Digest {

  /// Never fed: what is to be digested is fed to copies.
  private static final MessageDigest SHA_256 = named();

  private static final Pattern SPACES = Pattern.compile("[\\p{Z}\\s]+");

  private Digest() {}

  public static byte[] sha256(String text) {
    return fresh().digest(text.getBytes(StandardCharsets.UTF_8));
  }

  /// To be looked up by name each time costs as much as a short text's digest.
  private static MessageDigest fresh() {
    try {
      return (MessageDigest) SHA_256.clone();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the digest of the platform can be copied", e);
    }
  }

  private static MessageDigest named() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /// A text's fingerprint, which does not tell the text: 64 hexadecimal digits. Case, width of
  /// letters and spaces do not count, so that the same words have the same one.
  public static String textSha256(String text) {
    String plain = Normalizer.normalize(text, Normalizer.Form.NFKC);
    String bare = SPACES.matcher(plain).replaceAll(" ").strip().toLowerCase(Locale.ROOT);
    return HexFormat.of().formatHex(sha256(bare));
  }

  /// A sid in Twilio's form: a two-letter prefix and 32 hexadecimal digits.
  public static String sid(String prefix, String text) {
    return prefix + HexFormat.of().formatHex(sha256(text), 0, 16);
  }

  /// A version 8 (custom) UUID of the first 16 bytes.
  static UUID uuid(byte[] digest) {
    ByteBuffer bytes = ByteBuffer.wrap(digest);
    long high = (bytes.getLong() & ~0xF000L) | 0x8000L;
    long low = (bytes.getLong() & 0x3FFFFFFFFFFFFFFFL) | 0x8000000000000000L;
    return new UUID(high, low);
  }
}
