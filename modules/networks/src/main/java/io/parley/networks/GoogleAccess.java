package io.parley.networks;

import io.parley.edge.OutcomeSink.Response;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// How access tokens of Google are had, each of which is good for an hour: by a refresh token of
/// OAuth 2.0, which somebody with rights to the account has granted once.
public record GoogleAccess(String clientId, String clientSecret, String refreshToken) {

  public static final URI TOKENS = URI.create("https://oauth2.googleapis.com/token");

  /// So that a token is not over while a request with it is on its way.
  private static final Duration MARGIN = Duration.ofMinutes(1);

  /// How long before a token is over the next one is asked for, so that nothing waits for it.
  private static final Duration AHEAD = Duration.ofMinutes(5);

  public GoogleAccess {
    if (clientId.isBlank() || clientSecret.isBlank() || refreshToken.isBlank()) {
      throw new IllegalArgumentException(
          "Google needs a client id, a client secret and a refresh token");
    }
  }

  /// What came of asking.
  public sealed interface Grant {

    /// @param renewAt when the next should be asked for
    /// @param until when it should not be used any more
    record Granted(String accessToken, Instant renewAt, Instant until) implements Grant {
      @Override
      public String toString() {
        return "Granted[accessToken=…, renewAt=" + renewAt + ", until=" + until + "]";
      }
    }

    /// @param why what to do about it, where anything can be done
    /// @param after how long Google asked to be left alone, where it did
    record Denied(String why, Optional<Duration> after) implements Grant {}
  }

  /// @param tokens [#TOKENS], but in tests
  public NetworkRequest request(URI tokens) {
    Map<String, String> form = new LinkedHashMap<>();
    form.put("grant_type", "refresh_token");
    form.put("client_id", clientId);
    form.put("client_secret", clientSecret);
    form.put("refresh_token", refreshToken);
    return new NetworkRequest(
        "POST",
        tokens.toString(),
        Map.of("Content-Type", "application/x-www-form-urlencoded", "User-Agent", "Parley"),
        form.entrySet().stream()
            .map(field -> field.getKey() + "=" + encoded(field.getValue()))
            .collect(Collectors.joining("&")));
  }

  /// @param now when the response came
  public static Grant read(Response response, Instant now) {
    Answer answer = Answer.of(response);
    var token = answer.json().text("access_token");
    if (answer.isSuccess() && token.isPresent()) {
      long seconds = Answer.number(answer.json(), "expires_in").orElse(0L);
      Instant end = now.plusSeconds(seconds);
      return new Grant.Granted(token.get(), end.minus(AHEAD), end.minus(MARGIN));
    }
    String error = answer.json().text("error").orElse("");
    String told = answer.json().text("error_description").orElse(error);
    return new Grant.Denied(
        switch (error) {
          case "invalid_grant" ->
              "Google refuses the refresh token (%s): grant access anew"
                  .formatted(Answer.quoted(told));
          case "invalid_client", "unauthorized_client" ->
              "Google refuses the client id or its secret (%s)".formatted(Answer.quoted(told));
          default ->
              "Google gave no access token (%d %s)".formatted(answer.status(), Answer.quoted(told));
        },
        answer.retryAfter());
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return "GoogleAccess[clientId=" + clientId + ", clientSecret=…, refreshToken=…]";
  }
}
