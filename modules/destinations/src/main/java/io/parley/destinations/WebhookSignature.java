package io.parley.destinations;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Proves that a body is ours and when it left: `t=1772360100,v1=5257a8...`, where `v1` is the
/// HMAC-SHA256 of `t`, a full stop and the body, in hexadecimal digits. While a secret is being
/// rotated there is a `v1` for each of two.
final class WebhookSignature {

  static final String HEADER = "Parley-Signature";

  private static final String ALGORITHM = "HmacSHA256";

  private final List<String> secrets;

  /// @param secrets one, or two while one takes the place of the other
  WebhookSignature(List<String> secrets) {
    if (secrets.isEmpty() || secrets.stream().anyMatch(String::isBlank)) {
      throw new IllegalArgumentException("a signature needs a secret");
    }
    this.secrets = List.copyOf(secrets);
  }

  /// The header's value.
  String of(Instant leaving, String body) {
    String signed = leaving.getEpochSecond() + "." + body;
    return secrets.stream()
        .map(secret -> ",v1=" + hmac(secret, signed))
        .collect(Collectors.joining("", "t=" + leaving.getEpochSecond(), ""));
  }

  private static String hmac(String secret, String text) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM));
      return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    }
  }
}
