package io.parley.verticles;

import io.parley.engine.Digest;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;

/// An OpenID Connect provider with one client and one user at a time, as the specifications have
/// it: codes work once, within a minute, for the redirect that they were asked for and for who
/// knows the verifier (RFC 7636); the client says its secret by Basic; id tokens are signed by
/// RS256 with keys that can change.
final class StandInProvider {

  static final String CLIENT = "desk";
  static final String SECRET = "the desk's secret & more";
  private static final String REDIRECT = Service.PUBLIC_URL + "/desk/oidc/callback";

  private final HttpServer server;
  private final Map<String, Asked> codes = new HashMap<>();
  private Signing key = Signing.made("key-1");
  private JsonObject user = new JsonObject().put("sub", "u-1").put("name", "Mia");
  private UnaryOperator<JsonObject> claims = UnaryOperator.identity();
  private UnaryOperator<String> token = UnaryOperator.identity();
  private boolean listed = true;
  private boolean down;
  private int keysRead;

  private record Asked(String nonce, String challenge, Instant until) {}

  private record Signing(String id, KeyPair pair) {

    static Signing made(String id) {
      try {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        return new Signing(id, generator.generateKeyPair());
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }

    JsonObject jwk() {
      RSAPublicKey key = (RSAPublicKey) pair.getPublic();
      return new JsonObject()
          .put("kty", "RSA")
          .put("use", "sig")
          .put("alg", "RS256")
          .put("kid", id)
          .put("n", base64(unsigned(key.getModulus())))
          .put("e", base64(unsigned(key.getPublicExponent())));
    }

    private static byte[] unsigned(BigInteger number) {
      byte[] bytes = number.toByteArray();
      return bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
    }

    String sign(JsonObject claims) {
      String head =
          base64(new JsonObject().put("alg", "RS256").put("typ", "JWT").put("kid", id).encode());
      String signed = head + "." + base64(claims.encode());
      try {
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(pair.getPrivate());
        signature.update(signed.getBytes(StandardCharsets.US_ASCII));
        return signed + "." + base64(signature.sign());
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  StandInProvider(Vertx vertx) {
    try {
      server =
          vertx
              .createHttpServer()
              .requestHandler(this::handle)
              .listen(0, "127.0.0.1")
              .await(10, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }

  String issuer() {
    return "http://127.0.0.1:" + server.actualPort() + "/tenant";
  }

  /// Who is signed in at the provider, by claims.
  synchronized void user(JsonObject claims) {
    user = claims;
  }

  /// What id tokens say, in place of what they should.
  synchronized void claiming(UnaryOperator<JsonObject> change) {
    claims = change;
  }

  /// What is sent for an id token.
  synchronized void sending(UnaryOperator<String> change) {
    token = change;
  }

  /// Signs by another key from now on, and lists that alone.
  synchronized void rotate(String id) {
    key = Signing.made(id);
  }

  /// Whether the key that signs is listed.
  synchronized void listing(boolean lists) {
    listed = lists;
  }

  synchronized void down(boolean isDown) {
    down = isDown;
  }

  synchronized int keysRead() {
    return keysRead;
  }

  synchronized void asItShould() {
    claims = UnaryOperator.identity();
    token = UnaryOperator.identity();
    listed = true;
    down = false;
  }

  private void handle(HttpServerRequest request) {
    request
        .body()
        .onSuccess(
            body -> {
              synchronized (this) {
                answer(request, body.toString());
              }
            });
  }

  private void answer(HttpServerRequest request, String body) {
    if (down) {
      request.response().setStatusCode(503).end();
      return;
    }
    switch (request.method() + " " + request.path()) {
      case "GET /tenant/.well-known/openid-configuration" -> json(request, 200, discovery());
      case "GET /tenant/authorize" -> authorize(request);
      case "POST /tenant/token" -> redeem(request, body);
      case "GET /tenant/keys" -> {
        keysRead++;
        JsonArray keys = new JsonArray();
        keys.add((listed ? key : Signing.made("another")).jwk());
        json(request, 200, new JsonObject().put("keys", keys));
      }
      default -> request.response().setStatusCode(404).end();
    }
  }

  private JsonObject discovery() {
    return new JsonObject()
        .put("issuer", issuer())
        .put("authorization_endpoint", issuer() + "/authorize")
        .put("token_endpoint", issuer() + "/token")
        .put("userinfo_endpoint", issuer() + "/userinfo")
        .put("jwks_uri", issuer() + "/keys")
        .put("response_types_supported", new JsonArray().add("code"))
        .put("grant_types_supported", new JsonArray().add("authorization_code"))
        .put("subject_types_supported", new JsonArray().add("public"))
        .put("id_token_signing_alg_values_supported", new JsonArray().add("RS256"))
        .put("code_challenge_methods_supported", new JsonArray().add("S256"));
  }

  /// The user is signed in here already, so the browser is sent back at once.
  private void authorize(HttpServerRequest request) {
    MultiMap asked = request.params();
    if (!CLIENT.equals(asked.get("client_id")) || !REDIRECT.equals(asked.get("redirect_uri"))) {
      request.response().setStatusCode(400).end("unknown client or redirect");
      return;
    }
    String problem =
        !"code".equals(asked.get("response_type"))
            ? "unsupported_response_type"
            : !asked.get("scope").contains("openid")
                    || !"S256".equals(asked.get("code_challenge_method"))
                ? "invalid_request"
                : user.isEmpty() ? "access_denied" : "";
    String state = "&state=" + URLEncoder.encode(asked.get("state"), StandardCharsets.UTF_8);
    if (!problem.isEmpty()) {
      redirect(request, "?error=" + problem + state);
      return;
    }
    String code = DeskToken.draw();
    codes.put(
        code,
        new Asked(asked.get("nonce"), asked.get("code_challenge"), Instant.now().plusSeconds(60)));
    redirect(request, "?code=" + code + state);
  }

  private static void redirect(HttpServerRequest request, String query) {
    request.response().setStatusCode(302).putHeader("Location", REDIRECT + query).end();
  }

  private void redeem(HttpServerRequest request, String body) {
    Map<String, String> form = form(body);
    if (!isClient(request)) {
      refuse(request, 401, "invalid_client");
      return;
    }
    Asked asked = codes.remove(form.getOrDefault("code", ""));
    if (asked == null
        || Instant.now().isAfter(asked.until())
        || !REDIRECT.equals(form.get("redirect_uri"))
        || !asked
            .challenge()
            .equals(base64(Digest.sha256(form.getOrDefault("code_verifier", ""))))) {
      refuse(request, 400, "invalid_grant");
      return;
    }
    long now = Instant.now().getEpochSecond();
    JsonObject said =
        user.copy()
            .put("iss", issuer())
            .put("aud", CLIENT)
            .put("nonce", asked.nonce())
            .put("iat", now)
            .put("exp", now + 300);
    json(
        request,
        200,
        new JsonObject()
            .put("access_token", DeskToken.draw())
            .put("token_type", "Bearer")
            .put("expires_in", 300)
            .put("id_token", token.apply(key.sign(claims.apply(said)))));
  }

  private static Map<String, String> form(String body) {
    Map<String, String> form = new TreeMap<>();
    for (String pair : body.split("&", -1)) {
      int equals = pair.indexOf('=');
      form.put(
          pair.substring(0, equals),
          URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
    }
    return form;
  }

  /// RFC 6749, 2.3.1: both parts are form-encoded within Basic. Some clients do not.
  private static boolean isClient(HttpServerRequest request) {
    String header = String.valueOf(request.getHeader("Authorization"));
    if (!header.startsWith("Basic ")) {
      return false;
    }
    String pair =
        new String(Base64.getDecoder().decode(header.substring(6)), StandardCharsets.UTF_8);
    return pair.equals(CLIENT + ":" + SECRET)
        || pair.equals(CLIENT + ":" + URLEncoder.encode(SECRET, StandardCharsets.UTF_8));
  }

  private static void refuse(HttpServerRequest request, int status, String error) {
    json(request, status, new JsonObject().put("error", error));
  }

  private static void json(HttpServerRequest request, int status, JsonObject body) {
    request
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", "application/json")
        .end(body.encode());
  }

  /// A token that says something else, under the signature that it had.
  static String tampered(String token, UnaryOperator<JsonObject> change) {
    String[] parts = token.split("\\.", -1);
    JsonObject said =
        new JsonObject(new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8));
    return parts[0] + "." + base64(change.apply(said).encode()) + "." + parts[2];
  }

  /// A token that nobody has signed, and that says so.
  static String unsigned(String token) {
    String head = base64(new JsonObject().put("alg", "none").put("typ", "JWT").encode());
    return head + "." + token.split("\\.", -1)[1] + ".";
  }

  private static String base64(String text) {
    return base64(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
