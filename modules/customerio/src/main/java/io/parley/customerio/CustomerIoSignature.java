package io.parley.customerio;

import io.parley.customerio.Authentication.Rejected;
import io.parley.customerio.Authentication.Verified;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Checks `X-CIO-Signature`: the HMAC-SHA256 of `v0:<X-CIO-Timestamp>:<raw body>` in lower-case
/// hexadecimal.
///
/// Source: Customer.io's reporting webhooks specification. Its own client library checks no
/// freshness; we do, with a window as wide as its retries.
public final class CustomerIoSignature {

  /// Customer.io is said to retry a webhook action for about an hour, and nobody says whether a
  /// retry is signed anew. What is repeated within the window meets the dedupe.
  public static final Duration DEFAULT_WINDOW = Duration.ofHours(2);

  private static final String ALGORITHM = "HmacSHA256";
  private static final int MAX_TIMESTAMP_DIGITS = 12;

  private final List<SecretKeySpec> keys;
  private final Duration window;

  /// @param keys the signing keys that are valid now, several while one replaces another
  /// @param window how far the timestamp may be from now, in either direction
  public CustomerIoSignature(List<String> keys, Duration window) {
    if (keys.isEmpty() || keys.stream().anyMatch(String::isBlank)) {
      throw new IllegalArgumentException("a signing key is never blank, and there is at least one");
    }
    this.keys =
        keys.stream()
            .map(key -> new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), ALGORITHM))
            .toList();
    this.window = window;
  }

  /// @param timestamp the header `X-CIO-Timestamp`: unix seconds
  /// @param signature the header `X-CIO-Signature`
  /// @param rawBody the body's bytes as they came; one blank more is another signature
  public Authentication verify(String timestamp, String signature, byte[] rawBody, Instant now) {
    if (!timestamp.matches("[0-9]{1," + MAX_TIMESTAMP_DIGITS + "}")) {
      return new Rejected(
          "malformed_timestamp",
          "The header X-CIO-Timestamp is missing or no number of unix seconds.");
    }
    if (!matches(timestamp, signature, rawBody)) {
      return new Rejected(
          "wrong_signature",
          "The header X-CIO-Signature was made with another key or for another body; compare"
              + " PARLEY_CUSTOMERIO_SIGNING_KEY with the key in Customer.io.");
    }
    Instant signedAt = Instant.ofEpochSecond(Long.parseLong(timestamp));
    if (Duration.between(signedAt, now).abs().compareTo(window) > 0) {
      return new Rejected(
          "stale_signature",
          "The request was signed more than %s from now; compare the clocks, or send it again."
              .formatted(window));
    }
    return new Verified("signature");
  }

  /// Tries every key, whether or not an earlier one fits, so that time tells nothing.
  private boolean matches(String timestamp, String signature, byte[] rawBody) {
    byte[] given = signature.getBytes(StandardCharsets.UTF_8);
    boolean matched = false;
    for (SecretKeySpec key : keys) {
      byte[] expected = sign(key, timestamp, rawBody).getBytes(StandardCharsets.UTF_8);
      matched |= MessageDigest.isEqual(expected, given);
    }
    return matched;
  }

  private static String sign(SecretKeySpec key, String timestamp, byte[] rawBody) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      mac.update(("v0:" + timestamp + ":").getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(mac.doFinal(rawBody));
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    }
  }
}
