package io.parley.verticles;

import io.parley.engine.Digest;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.User;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.oauth2.OAuth2Auth;
import io.vertx.ext.auth.oauth2.OAuth2AuthorizationURL;
import io.vertx.ext.auth.oauth2.OAuth2FlowType;
import io.vertx.ext.auth.oauth2.OAuth2Options;
import io.vertx.ext.auth.oauth2.Oauth2Credentials;
import io.vertx.ext.auth.oauth2.providers.OpenIDConnectAuth;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// The identity provider: asked for where its pages and keys are when the first user signs in, so
/// that Parley starts without it. Confined to its context.
final class DeskProvider {

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int CONNECT_MILLIS = 5_000;

  /// A key that the provider does not list any more is believed no longer than this.
  private static final long KEYS_ANEW_SECONDS = 3_600;

  private final Vertx vertx;
  private final DeskSettings.Provider settings;
  private final String redirectUri;
  private final InstantSource clock;
  private Optional<Future<OAuth2Auth>> found = Optional.empty();

  /// @param redirectUri where the provider sends browsers back to
  DeskProvider(
      Vertx vertx, DeskSettings.Provider settings, String redirectUri, InstantSource clock) {
    this.vertx = vertx;
    this.settings = settings;
    this.redirectUri = redirectUri;
    this.clock = clock;
  }

  /// What a sign-in is known by, each told to whom it concerns. All come of one secret that the
  /// browser holds in a cookie, so that nothing is kept here.
  record Asked(String secret) {

    /// Comes back in the browser's address.
    String state() {
      return DeskToken.derived("state", secret);
    }

    /// Comes back in the id token.
    String nonce() {
      return DeskToken.derived("nonce", secret);
    }

    /// Shown with the code: whoever stole that alone has nothing.
    String verifier() {
      return DeskToken.derived("verifier", secret);
    }

    private String challenge() {
      return Base64.getUrlEncoder().withoutPadding().encodeToString(Digest.sha256(verifier()));
    }

    @Override
    public String toString() {
      return "Asked[]";
    }
  }

  /// What came of a code.
  sealed interface Answer {
    record Vouched(DeskClaims claims) implements Answer {}

    /// @param reason a word
    record Refused(String reason, String sentence) implements Answer {}
  }

  /// Where the browser goes to sign in.
  Future<String> signInUrl(Asked asked) {
    return provider()
        .map(
            auth ->
                auth.authorizeURL(
                    new OAuth2AuthorizationURL()
                        .setRedirectUri(redirectUri)
                        .setScopes(settings.scopes())
                        .setState(asked.state())
                        .putAdditionalParameter("nonce", asked.nonce())
                        .putAdditionalParameter("code_challenge", asked.challenge())
                        .putAdditionalParameter("code_challenge_method", "S256")));
  }

  /// Has the provider say who came back with a code. Fails where the provider cannot be asked at
  /// all.
  Future<Answer> redeem(Asked asked, String code) {
    return provider()
        .compose(
            auth ->
                auth.authenticate(
                        new Oauth2Credentials()
                            .setFlow(OAuth2FlowType.AUTH_CODE)
                            .setCode(code)
                            .setCodeVerifier(asked.verifier())
                            .setRedirectUri(redirectUri))
                    .timeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                    .compose(user -> judge(auth, user, asked))
                    .recover(
                        failure ->
                            Future.succeededFuture(
                                new Answer.Refused(
                                    "code_refused",
                                    "the identity provider does not take the code: "
                                        + failure.getMessage()))));
  }

  private Future<Answer> judge(OAuth2Auth auth, User user, Asked asked) {
    String token = user.principal().getString("id_token", "");
    Optional<DeskClaims> said = claims(token);
    if (said.isEmpty()) {
      return Future.succeededFuture(
          new Answer.Refused(
              "no_id_token",
              "the identity provider sent no id token; is openid among the scopes?"));
    }
    Optional<DeskClaims.Problem> problem =
        said.get().problem(settings, asked.nonce(), clock.instant());
    if (problem.isPresent()) {
      return Future.succeededFuture(
          new Answer.Refused(problem.get().word(), problem.get().sentence()));
    }
    return isGenuine(auth, user, token)
        .map(
            genuine ->
                genuine
                    ? new Answer.Vouched(said.get())
                    : new Answer.Refused(
                        "wrong_signature",
                        "the id token is not signed by a key of the identity provider"));
  }

  /// What a token says, whoever made it.
  private static Optional<DeskClaims> claims(String token) {
    String[] parts = token.split("\\.", -1);
    if (parts.length != 3) {
      return Optional.empty();
    }
    try {
      byte[] payload = Base64.getUrlDecoder().decode(parts[1]);
      return Optional.of(
          new DeskClaims(new JsonObject(new String(payload, StandardCharsets.UTF_8))));
    } catch (RuntimeException _) {
      return Optional.empty();
    }
  }

  /// Whether one of the provider's keys has signed it. A key that is not known is looked for once:
  /// providers change them.
  private Future<Boolean> isGenuine(OAuth2Auth auth, User user, String token) {
    if (user.attributes().containsKey("idToken")) {
      return Future.succeededFuture(true);
    }
    return auth.jWKSet()
        .compose(_ -> auth.authenticate(new TokenCredentials(token)))
        .timeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
        .map(again -> again.attributes().containsKey("accessToken"))
        .otherwise(false);
  }

  private Future<OAuth2Auth> provider() {
    if (found.isEmpty() || found.get().failed()) {
      found = Optional.of(discover());
    }
    return found.get();
  }

  private Future<OAuth2Auth> discover() {
    OAuth2Options options =
        new OAuth2Options()
            .setSite(settings.issuer().toString().replaceAll("/+$", ""))
            .setClientId(settings.clientId())
            .setClientSecret(settings.clientSecret())
            .setValidateIssuer(true)
            .setHttpClientOptions(new HttpClientOptions().setConnectTimeout(CONNECT_MILLIS));
    options.setJwkMaxAgeInSeconds(KEYS_ANEW_SECONDS);
    return OpenIDConnectAuth.discover(vertx, options)
        .timeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
        .onSuccess(
            _ -> {
              // A token is believed by its signature alone, never because an endpoint takes it.
              options.setUserInfoPath(null);
              options.setIntrospectionPath(null);
            });
  }
}
