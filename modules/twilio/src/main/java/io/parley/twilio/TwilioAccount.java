package io.parley.twilio;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The Twilio account that we speak for. Printed without its secrets.
///
/// @param accountSid `AC...`
/// @param authTokens the primary one first; all of them are taken in signatures, the first makes
///     our calls where there is no API key
/// @param apiBaseUrl [#TWILIO_API], a region's host, or a stand-in
/// @param conversationsBaseUrl [#TWILIO_CONVERSATIONS], a region's host, or a stand-in
/// @param publicBaseUrl where Twilio reaches us: `https://parley.example.com`
public record TwilioAccount(
    String accountSid,
    List<String> authTokens,
    Optional<ApiKey> apiKey,
    URI apiBaseUrl,
    URI conversationsBaseUrl,
    URI publicBaseUrl,
    Timeouts timeouts) {

  public static final URI TWILIO_API = URI.create("https://api.twilio.com");
  public static final URI TWILIO_CONVERSATIONS = URI.create("https://conversations.twilio.com");

  /// With Twilio's own host for conversations.
  public TwilioAccount(
      String accountSid,
      List<String> authTokens,
      Optional<ApiKey> apiKey,
      URI apiBaseUrl,
      URI publicBaseUrl,
      Timeouts timeouts) {
    this(accountSid, authTokens, apiKey, apiBaseUrl, TWILIO_CONVERSATIONS, publicBaseUrl, timeouts);
  }

  public TwilioAccount {
    authTokens = List.copyOf(authTokens);
    if (accountSid.isBlank()) {
      throw new IllegalArgumentException("the account's sid is blank");
    }
    if (authTokens.isEmpty() || authTokens.stream().anyMatch(String::isBlank)) {
      throw new IllegalArgumentException(
          "an account has at least one auth token, and none is blank");
    }
    apiBaseUrl = withoutSlash(apiBaseUrl);
    conversationsBaseUrl = withoutSlash(conversationsBaseUrl);
    publicBaseUrl = withoutSlash(publicBaseUrl);
  }

  /// @param sid `SK...`
  public record ApiKey(String sid, String secret) {
    @Override
    public String toString() {
      return "ApiKey[sid=" + sid + "]";
    }
  }

  /// @param connect until a connection stands
  /// @param answer from then until the answer's last byte
  public record Timeouts(Duration connect, Duration answer) {

    /// Twilio's own webhooks wait 5 and 15 seconds.
    public static final Timeouts USUAL =
        new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(15));

    public Timeouts {
      if (!connect.isPositive() || !answer.isPositive()) {
        throw new IllegalArgumentException("a time-out is longer than nothing");
      }
    }
  }

  private static URI withoutSlash(URI url) {
    if (url.getScheme() == null || url.getHost() == null) {
      throw new IllegalArgumentException("not an absolute URL: " + url);
    }
    return URI.create(url.toString().replaceFirst("/+$", ""));
  }

  @Override
  public String toString() {
    return "TwilioAccount[accountSid=%s, authTokens=%d, apiKey=%s, apiBaseUrl=%s, publicBaseUrl=%s]"
        .formatted(
            accountSid,
            authTokens.size(),
            apiKey.map(ApiKey::sid).orElse("none"),
            apiBaseUrl.getHost(),
            publicBaseUrl.getHost());
  }
}
