package io.parley.loadtest;

import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.math.BigInteger;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A provider of OpenID Connect with a login page of its own, as the specifications have it: codes
/// work once, within a minute, for the client and the redirect that they were given to and for who
/// knows the verifier (RFC 7636, S256 alone); the client says its secret by Basic or in the form;
/// id tokens are signed by RS256 with a key that is listed. Whoever has an access token is told the
/// same of its user as the id token says.
final class StandInProvider implements AutoCloseable {

  static final String CLIENT = "parley-desk";
  static final String SECRET = "the desk's secret & more";

  private static final String TENANT = "/tenant";
  private static final String KEY = "key-1";
  private static final Duration CODE_LIFE = Duration.ofMinutes(1);
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Vertx vertx;
  private final HttpServer server;
  private final KeyPair keys;
  private final Map<String, User> users;
  private final Set<String> redirects = ConcurrentHashMap.newKeySet();
  private final Map<String, MultiMap> logins = new ConcurrentHashMap<>();
  private final Map<String, Code> codes = new ConcurrentHashMap<>();
  private final Map<String, User> tokens = new ConcurrentHashMap<>();

  /// Somebody who has an account at the provider.
  record User(String name, String password, JsonArray roles) {

    JsonObject claims() {
      return new JsonObject()
          .put("sub", "subject-of-" + name)
          .put("name", name)
          .put("email", DeskHouse.email(name))
          .put("roles", roles);
    }
  }

  private record Code(User user, MultiMap asked, Instant until) {}

  private StandInProvider(Vertx vertx, KeyPair keys, Map<String, User> users) {
    this.vertx = vertx;
    this.keys = keys;
    this.users = Map.copyOf(users);
    Router router = Router.router(vertx);
    router.route().handler(BodyHandler.create(false));
    router.get(TENANT + "/.well-known/openid-configuration").handler(this::discover);
    router.get(TENANT + "/authorize").handler(this::authorize);
    router.post(TENANT + "/login").handler(this::logIn);
    router.post(TENANT + "/token").handler(this::redeem);
    router.get(TENANT + "/keys").handler(this::list);
    router.get(TENANT + "/userinfo").handler(this::tell);
    try {
      this.server =
          vertx
              .createHttpServer()
              .requestHandler(router)
              .listen(0, "127.0.0.1")
              .await(10, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }

  /// @param users by the name that they log in by
  static StandInProvider start(Map<String, User> users) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return new StandInProvider(Vertx.vertx(), generator.generateKeyPair(), users);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  String issuer() {
    return "http://127.0.0.1:" + server.actualPort() + TENANT;
  }

  /// Knows a redirect of the client from now on; no other is taken.
  void register(String redirect) {
    redirects.add(redirect);
  }

  private void discover(RoutingContext context) {
    json(
        context,
        200,
        new JsonObject()
            .put("issuer", issuer())
            .put("authorization_endpoint", issuer() + "/authorize")
            .put("token_endpoint", issuer() + "/token")
            .put("userinfo_endpoint", issuer() + "/userinfo")
            .put("jwks_uri", issuer() + "/keys")
            .put("response_types_supported", new JsonArray().add("code"))
            .put("grant_types_supported", new JsonArray().add("authorization_code"))
            .put("subject_types_supported", new JsonArray().add("public"))
            .put("id_token_signing_alg_values_supported", new JsonArray().add("RS256"))
            .put("code_challenge_methods_supported", new JsonArray().add("S256")));
  }

  /// Shows the login page; who asks wrongly is sent back with the reason, but only where the
  /// redirect is the client's.
  private void authorize(RoutingContext context) {
    MultiMap asked = context.queryParams();
    if (!CLIENT.equals(asked.get("client_id")) || !isRegistered(asked.get("redirect_uri"))) {
      context.response().setStatusCode(400).end("unknown client or redirect");
      return;
    }
    boolean isWhole =
        "code".equals(asked.get("response_type"))
            && String.valueOf(asked.get("scope")).contains("openid")
            && "S256".equals(asked.get("code_challenge_method"))
            && asked.contains("code_challenge")
            && asked.contains("state");
    if (!isWhole) {
      back(context, asked, "error", "invalid_request");
      return;
    }
    String login = draw();
    logins.put(login, asked);
    page(context, 200, login, "");
  }

  private boolean isRegistered(String redirect) {
    return redirect != null && redirects.contains(redirect);
  }

  private void logIn(RoutingContext context) {
    MultiMap form = context.request().formAttributes();
    String login = String.valueOf(form.get("login"));
    MultiMap asked = logins.get(login);
    if (asked == null) {
      context.response().setStatusCode(400).end("no login is under way");
      return;
    }
    Optional<User> user =
        Optional.ofNullable(users.get(String.valueOf(form.get("username"))))
            .filter(it -> it.password().equals(form.get("password")));
    if (user.isEmpty()) {
      page(context, 401, login, "<p role=alert>Wrong name or password.</p>");
      return;
    }
    logins.remove(login);
    String code = draw();
    codes.put(code, new Code(user.get(), asked, Instant.now().plus(CODE_LIFE)));
    back(context, asked, "code", code);
  }

  private static void page(RoutingContext context, int status, String login, String problem) {
    context
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", "text/html; charset=utf-8")
        .end(
            """
            <!doctype html><title>Acme</title><h1>Acme login</h1>%s
            <form method=post action="%s/login">
              <input type=hidden name=login value="%s">
              <label>User <input name=username></label>
              <label>Password <input name=password type=password></label>
              <button>Log in</button>
            </form>
            """
                .formatted(problem, TENANT, login));
  }

  private static void back(RoutingContext context, MultiMap asked, String name, String value) {
    context
        .response()
        .setStatusCode(303)
        .putHeader(
            "Location",
            asked.get("redirect_uri")
                + "?"
                + name
                + "="
                + value
                + "&state="
                + URLEncoder.encode(String.valueOf(asked.get("state")), StandardCharsets.UTF_8))
        .end();
  }

  private void redeem(RoutingContext context) {
    MultiMap form = context.request().formAttributes();
    if (!isClient(context, form)) {
      json(context, 401, new JsonObject().put("error", "invalid_client"));
      return;
    }
    Code code = codes.remove(String.valueOf(form.get("code")));
    if (code == null
        || !"authorization_code".equals(form.get("grant_type"))
        || Instant.now().isAfter(code.until())
        || !code.asked().get("redirect_uri").equals(form.get("redirect_uri"))
        || !code.asked()
            .get("code_challenge")
            .equals(base64(sha256(String.valueOf(form.get("code_verifier")))))) {
      json(context, 400, new JsonObject().put("error", "invalid_grant"));
      return;
    }
    long now = Instant.now().getEpochSecond();
    JsonObject claims =
        code.user()
            .claims()
            .put("iss", issuer())
            .put("aud", CLIENT)
            .put("iat", now)
            .put("exp", now + 300);
    Optional.ofNullable(code.asked().get("nonce")).ifPresent(it -> claims.put("nonce", it));
    String token = draw();
    tokens.put(token, code.user());
    json(
        context,
        200,
        new JsonObject()
            .put("access_token", token)
            .put("token_type", "Bearer")
            .put("expires_in", 300)
            .put("id_token", sign(claims)));
  }

  /// RFC 6749, 2.3.1: both parts are form-encoded within Basic. Some clients do not.
  private static boolean isClient(RoutingContext context, MultiMap form) {
    String header = String.valueOf(context.request().getHeader("Authorization"));
    if (!header.startsWith("Basic ")) {
      return CLIENT.equals(form.get("client_id")) && SECRET.equals(form.get("client_secret"));
    }
    String pair =
        new String(Base64.getDecoder().decode(header.substring(6)), StandardCharsets.UTF_8);
    return pair.equals(CLIENT + ":" + SECRET)
        || pair.equals(CLIENT + ":" + URLEncoder.encode(SECRET, StandardCharsets.UTF_8));
  }

  private void list(RoutingContext context) {
    RSAPublicKey key = (RSAPublicKey) keys.getPublic();
    JsonObject listed =
        new JsonObject()
            .put("kty", "RSA")
            .put("use", "sig")
            .put("alg", "RS256")
            .put("kid", KEY)
            .put("n", base64(unsigned(key.getModulus())))
            .put("e", base64(unsigned(key.getPublicExponent())));
    json(context, 200, new JsonObject().put("keys", new JsonArray().add(listed)));
  }

  private void tell(RoutingContext context) {
    String header = String.valueOf(context.request().getHeader("Authorization"));
    User user = tokens.get(header.startsWith("Bearer ") ? header.substring(7) : "");
    if (user == null) {
      context
          .response()
          .setStatusCode(401)
          .putHeader("WWW-Authenticate", "Bearer error=\"invalid_token\"")
          .end();
      return;
    }
    json(context, 200, user.claims());
  }

  private static void json(RoutingContext context, int status, JsonObject body) {
    context
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", "application/json")
        .end(body.encode());
  }

  private String sign(JsonObject claims) {
    String head =
        base64(new JsonObject().put("alg", "RS256").put("typ", "JWT").put("kid", KEY).encode());
    String signed = head + "." + base64(claims.encode());
    try {
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(keys.getPrivate());
      signature.update(signed.getBytes(StandardCharsets.US_ASCII));
      return signed + "." + base64(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] unsigned(BigInteger number) {
    byte[] bytes = number.toByteArray();
    return bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
  }

  private static String draw() {
    byte[] bytes = new byte[24];
    RANDOM.nextBytes(bytes);
    return base64(bytes);
  }

  private static String base64(String text) {
    return base64(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  @Override
  public void close() {
    vertx.close().await();
  }
}
