package io.parley.customerio;

import io.parley.customerio.Authentication.Rejected;
import io.parley.customerio.Authentication.Verified;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Decides whether a request may start flows. Any one method that is configured suffices: webhook
/// actions may be signed with a key that their user cannot see, and then Basic has to do.
public final class TriggerCredentials {

  private static final String SIGNATURE_HEADER = "x-cio-signature";
  private static final String TIMESTAMP_HEADER = "x-cio-timestamp";

  private final Optional<CustomerIoSignature> signature;
  private final Optional<String> basic;
  private final Optional<String> bearer;

  /// @param basic `user:password`
  /// @param bearer the token
  public TriggerCredentials(
      Optional<CustomerIoSignature> signature, Optional<String> basic, Optional<String> bearer) {
    basic.ifPresent(
        pair -> {
          if (pair.indexOf(':') < 1 || pair.endsWith(":")) {
            throw new IllegalArgumentException("PARLEY_TRIGGER_BASIC is not user:password");
          }
        });
    bearer.ifPresent(
        token -> {
          if (token.isBlank()) {
            throw new IllegalArgumentException("PARLEY_TRIGGER_BEARER is blank");
          }
        });
    this.signature = signature;
    this.basic = basic;
    this.bearer = bearer;
  }

  /// @param headers by lower-case name
  /// @param rawBody the body's bytes as they came
  public Authentication decide(Map<String, String> headers, byte[] rawBody, Instant now) {
    if (signature.isEmpty() && basic.isEmpty() && bearer.isEmpty()) {
      return new Rejected(
          "not_configured",
          "No way to authenticate triggers is configured: set PARLEY_CUSTOMERIO_SIGNING_KEY,"
              + " PARLEY_TRIGGER_BASIC (user:password) or PARLEY_TRIGGER_BEARER.");
    }
    List<Rejected> rejections = new ArrayList<>();
    for (Authentication answer : answers(headers, rawBody, now)) {
      switch (answer) {
        case Verified verified -> {
          return verified;
        }
        case Rejected rejected -> rejections.add(rejected);
      }
    }
    return rejections.isEmpty() ? missing() : rejections.getFirst();
  }

  /// What each method that is configured and tried says.
  private List<Authentication> answers(Map<String, String> headers, byte[] rawBody, Instant now) {
    List<Authentication> answers = new ArrayList<>();
    String signed = headers.getOrDefault(SIGNATURE_HEADER, "");
    if (!signed.isEmpty()) {
      String timestamp = headers.getOrDefault(TIMESTAMP_HEADER, "");
      signature.ifPresent(check -> answers.add(check.verify(timestamp, signed, rawBody, now)));
    }
    String authorization = headers.getOrDefault("authorization", "").strip();
    int blank = authorization.indexOf(' ');
    if (blank > 0) {
      String scheme = authorization.substring(0, blank).toLowerCase(Locale.ROOT);
      String credentials = authorization.substring(blank + 1).strip();
      switch (scheme) {
        case "basic" -> basic.ifPresent(pair -> answers.add(basic(pair, credentials)));
        case "bearer" -> bearer.ifPresent(token -> answers.add(bearer(token, credentials)));
        default -> {}
      }
    }
    return answers;
  }

  private static Authentication basic(String pair, String credentials) {
    byte[] given;
    try {
      given = Base64.getDecoder().decode(credentials);
    } catch (IllegalArgumentException _) {
      return new Rejected(
          "malformed_credentials", "The header Authorization: Basic does not carry base64.");
    }
    return MessageDigest.isEqual(pair.getBytes(StandardCharsets.UTF_8), given)
        ? new Verified("basic")
        : new Rejected(
            "wrong_credentials",
            "User or password is wrong; compare PARLEY_TRIGGER_BASIC with the webhook's URL.");
  }

  private static Authentication bearer(String token, String credentials) {
    return MessageDigest.isEqual(
            token.getBytes(StandardCharsets.UTF_8), credentials.getBytes(StandardCharsets.UTF_8))
        ? new Verified("bearer")
        : new Rejected(
            "wrong_credentials",
            "The bearer token is wrong; compare PARLEY_TRIGGER_BEARER with the webhook's headers.");
  }

  private Rejected missing() {
    List<String> ways = new ArrayList<>();
    signature.ifPresent(_ -> ways.add("the headers X-CIO-Signature and X-CIO-Timestamp"));
    basic.ifPresent(_ -> ways.add("the header Authorization: Basic (user:password@ in the URL)"));
    bearer.ifPresent(_ -> ways.add("the header Authorization: Bearer"));
    return new Rejected(
        "missing_credentials",
        "The request proves nothing; send " + String.join(", or ", ways) + ".");
  }
}
