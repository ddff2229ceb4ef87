package io.parley.verticles;

import io.parley.store.Seal;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// Seals the bodies of dead letters by AES-256 in Galois/Counter Mode: the text is the base64 of a
/// nonce of 12 random bytes and what the cipher made, with its tag of 16. The first key seals, each
/// opens what it has sealed, so that a new one can be put in front of the old one. Thread-safe.
final class DeadLetterKeys implements Seal {

  private static final String CIPHER = "AES/GCM/NoPadding";
  private static final int KEY_BYTES = 32;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final int FINGERPRINT_BYTES = 4;

  private final SecureRandom random = new SecureRandom();

  /// By fingerprint, the one that seals first.
  private final Map<String, SecretKeySpec> keys = new LinkedHashMap<>();

  private DeadLetterKeys(List<byte[]> keys) {
    keys.forEach(key -> this.keys.put(fingerprint(key), new SecretKeySpec(key, "AES")));
  }

  /// What came of reading keys.
  sealed interface Reading {
    record Usable(Seal seal) implements Reading {}

    /// @param problem of which key, without the key
    record Unusable(String problem) implements Reading {}
  }

  /// @param texts each the base64 of 32 bytes; none where bodies are kept as they are
  static Reading read(List<String> texts) {
    List<byte[]> keys = new java.util.ArrayList<>();
    for (String text : texts) {
      Optional<byte[]> key = decoded(text);
      if (key.isEmpty()) {
        return new Reading.Unusable(
            "key %d is not the base64 of %d bytes; make one with: openssl rand -base64 %d"
                .formatted(keys.size() + 1, KEY_BYTES, KEY_BYTES));
      }
      keys.add(key.get());
    }
    return new Reading.Usable(keys.isEmpty() ? Seal.NONE : new DeadLetterKeys(keys));
  }

  private static Optional<byte[]> decoded(String text) {
    try {
      return Optional.of(Base64.getDecoder().decode(text.strip()))
          .filter(key -> key.length == KEY_BYTES);
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private static String fingerprint(byte[] key) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(key);
      return HexFormat.of().formatHex(digest, 0, FINGERPRINT_BYTES);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  @Override
  public Optional<String> key() {
    return keys.keySet().stream().findFirst();
  }

  @Override
  public Optional<Sealed> seal(String body, String place) {
    String name = key().orElseThrow();
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    try {
      byte[] sealed =
          cipher(Cipher.ENCRYPT_MODE, key(name).orElseThrow(), nonce, place)
              .doFinal(body.getBytes(StandardCharsets.UTF_8));
      byte[] text = Arrays.copyOf(nonce, nonce.length + sealed.length);
      System.arraycopy(sealed, 0, text, nonce.length, sealed.length);
      return Optional.of(new Sealed(name, Base64.getEncoder().encodeToString(text)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has AES in GCM", e);
    }
  }

  @Override
  public Opening open(Sealed sealed, String place) {
    Optional<SecretKeySpec> key = key(sealed.key());
    if (key.isEmpty()) {
      return new Opening.Shut(
          "it is sealed under key %s, and there are %s".formatted(sealed.key(), keys.keySet()));
    }
    try {
      byte[] text = Base64.getDecoder().decode(sealed.text());
      byte[] nonce = Arrays.copyOf(text, NONCE_BYTES);
      byte[] body =
          cipher(Cipher.DECRYPT_MODE, key.get(), nonce, place)
              .doFinal(text, NONCE_BYTES, Math.max(0, text.length - NONCE_BYTES));
      return new Opening.Open(new String(body, StandardCharsets.UTF_8));
    } catch (AEADBadTagException | IllegalArgumentException _) {
      return new Opening.Shut("it is not what was sealed here under key " + sealed.key());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has AES in GCM", e);
    }
  }

  private Optional<SecretKeySpec> key(String name) {
    return Optional.ofNullable(keys.get(name));
  }

  private static Cipher cipher(int mode, SecretKeySpec key, byte[] nonce, String place)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance(CIPHER);
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(place.getBytes(StandardCharsets.UTF_8));
    return cipher;
  }
}
