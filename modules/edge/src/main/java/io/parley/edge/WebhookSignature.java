package io.parley.edge;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Proves where a body comes from and when it left: `t=1772360100,v1=5257a8...`, where `v1` is the
/// HMAC-SHA256 of `t`, a full stop and the body, in hexadecimal digits. While a secret is being
/// rotated there is a `v1` for each of two.
public final class WebhookSignature {

  public static final String HEADER = "Parley-Signature";

  /// How far the clocks of the two sides may differ, and how long a request that was overheard may
  /// be told again.
  public static final Duration FRESHNESS = Duration.ofMinutes(5);

  private static final Pattern TIME = Pattern.compile("(?:^|,)\\s*t=([0-9]{1,15})(?:,|$)");
  private static final Pattern PROOF = Pattern.compile("(?:^|,)\\s*v1=([0-9a-fA-F]{64})(?=,|$)");
  private static final String ALGORITHM = "HmacSHA256";

  private final List<String> secrets;

  /// @param secrets one, or two while one takes the place of the other
  public WebhookSignature(List<String> secrets) {
    if (secrets.isEmpty() || secrets.stream().anyMatch(String::isBlank)) {
      throw new IllegalArgumentException("a signature needs a secret");
    }
    this.secrets = List.copyOf(secrets);
  }

  /// What is thought of a signature.
  public enum Verdict {
    GENUINE,
    /// The header is not there, or says neither when nor by what.
    MISSING,
    /// It was made with another secret, or the body is another.
    FORGED,
    /// It left too long ago, or by its own clock has yet to leave.
    STALE
  }

  /// The header's value.
  public String of(Instant leaving, String body) {
    String signed = leaving.getEpochSecond() + "." + body;
    return secrets.stream()
        .map(secret -> ",v1=" + hmac(secret, signed))
        .collect(Collectors.joining("", "t=" + leaving.getEpochSecond(), ""));
  }

  /// Whether a body came from who has the secret, and lately.
  ///
  /// @param header empty where there is none
  public Verdict verify(String header, String body, Instant now) {
    Matcher time = TIME.matcher(header);
    List<String> proofs = PROOF.matcher(header).results().map(it -> it.group(1)).toList();
    if (!time.find() || proofs.isEmpty()) {
      return Verdict.MISSING;
    }
    String signed = time.group(1) + "." + body;
    if (secrets.stream().noneMatch(secret -> isAmong(proofs, hmac(secret, signed)))) {
      return Verdict.FORGED;
    }
    Duration apart =
        Duration.between(Instant.ofEpochSecond(Long.parseLong(time.group(1))), now).abs();
    return apart.compareTo(FRESHNESS) <= 0 ? Verdict.GENUINE : Verdict.STALE;
  }

  private static boolean isAmong(List<String> proofs, String expected) {
    boolean found = false;
    for (String proof : proofs) {
      found |= MessageDigest.isEqual(bytes(expected), bytes(proof.toLowerCase(Locale.ROOT)));
    }
    return found;
  }

  /// The HMAC-SHA256 of a text, in hexadecimal digits.
  public static String hmac(String secret, String text) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(bytes(secret), ALGORITHM));
      return HexFormat.of().formatHex(mac.doFinal(bytes(text)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
