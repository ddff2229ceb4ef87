package io.parley.twilio;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedSet;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Tells whether a request comes from Twilio, by its `X-Twilio-Signature`.
///
/// Twilio signs the URL that it was told to call, so the base comes from configuration and never
/// from `Host` or `X-Forwarded-*`, and the request target is taken as it came: decoding and
/// encoding it again would change what was signed. The signature is `base64(HMAC-SHA1(token, url +
/// parameters))`; where the query holds `bodySHA256` the body is not a form and its digest is
/// checked instead.
///
/// Twilio signs some URLs with the standard port and some without (as twilio-java knows too), and
/// for a while after a rotation with either token: any that fits will do.
///
/// Immutable; safe on any thread.
public final class TwilioSignature {

  private static final String HMAC = "HmacSHA1";

  private final SequencedSet<String> bases;
  private final List<SecretKeySpec> keys;

  /// @param publicBaseUrl what Twilio's console and our status callbacks name, with a path only if
  ///     a proxy strips it: `https://parley.example.com`
  /// @param authTokens every token that is valid now
  public TwilioSignature(URI publicBaseUrl, List<String> authTokens) {
    if (authTokens.isEmpty()) {
      throw new IllegalArgumentException("a signature cannot be verified without an auth token");
    }
    this.bases = bases(publicBaseUrl);
    this.keys = authTokens.stream().map(TwilioSignature::key).toList();
  }

  /// What came of a verification.
  public enum Verdict {
    GENUINE,
    /// The request has no signature.
    UNSIGNED,
    /// The body is no form, or a percent sign in it stands alone.
    UNREADABLE,
    /// The signature is not of this URL, these parameters and any of our tokens.
    MISMATCH,
    /// The URL is Twilio's but the body is not the one it names.
    BODY_ALTERED;

    public boolean genuine() {
      return this == GENUINE;
    }

    /// The verdict as metrics and log lines carry it: `body_altered`.
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// @param requestTarget the path and query exactly as received
  /// @param body the body exactly as received; empty for a GET
  /// @param signature the header's value; empty where there is none
  public Verdict verify(String requestTarget, byte[] body, String signature) {
    if (signature.isBlank()) {
      return Verdict.UNSIGNED;
    }
    Optional<String> bodyDigest;
    String parameters;
    try {
      bodyDigest = Form.query(requestTarget).first("bodySHA256");
      parameters = bodyDigest.isPresent() ? "" : Form.parse(body).signed();
    } catch (IllegalArgumentException _) {
      return Verdict.UNREADABLE;
    }
    if (!signedByUs(requestTarget + parameters, signature.strip())) {
      return Verdict.MISMATCH;
    }
    return bodyDigest.isEmpty() || same(bodyDigest.get().toLowerCase(Locale.ROOT), sha256(body))
        ? Verdict.GENUINE
        : Verdict.BODY_ALTERED;
  }

  /// Signs a form as Twilio does.
  ///
  /// @param url the one that is called, with its query
  /// @param form the body, encoded
  /// @return the value of `X-Twilio-Signature`
  public static String of(String url, String form, String authToken) {
    String parameters = Form.parse(form.getBytes(StandardCharsets.UTF_8)).signed();
    return sign(key(authToken), url + parameters);
  }

  private boolean signedByUs(String text, String signature) {
    boolean genuine = false;
    for (SecretKeySpec key : keys) {
      for (String base : bases) {
        genuine |= same(sign(key, base + text), signature);
      }
    }
    return genuine;
  }

  /// The base as configured, and once more with the port left out or the standard one written.
  private static SequencedSet<String> bases(URI publicBaseUrl) {
    String scheme = publicBaseUrl.getScheme();
    String host = publicBaseUrl.getHost();
    if (scheme == null || host == null) {
      throw new IllegalArgumentException("not an absolute URL: " + publicBaseUrl);
    }
    String userInfo = publicBaseUrl.getRawUserInfo();
    String start = scheme + "://" + (userInfo == null ? "" : userInfo + "@") + host;
    int standard = scheme.equals("https") ? 443 : 80;
    int port = publicBaseUrl.getPort() < 0 ? standard : publicBaseUrl.getPort();
    String path = publicBaseUrl.getRawPath().replaceFirst("/+$", "");
    SequencedSet<String> bases = new LinkedHashSet<>();
    bases.add(start + path);
    bases.add(start + ":" + port + path);
    return bases;
  }

  static SecretKeySpec key(String authToken) {
    return new SecretKeySpec(authToken.getBytes(StandardCharsets.UTF_8), HMAC);
  }

  static String sign(SecretKeySpec key, String text) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(key);
      byte[] digest = mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(digest);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + HMAC, e);
    }
  }

  private static String sha256(byte[] body) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /// Compares in a time that does not tell how much of it was right.
  private static boolean same(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }
}
