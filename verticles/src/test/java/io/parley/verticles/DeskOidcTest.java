package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.store.Role;
import io.parley.verticles.DeskBrowser.Answer;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Signing in at the desk by an identity provider.
class DeskOidcTest {

  private static final Vertx WORLD = Vertx.vertx();
  private static final StandInProvider PROVIDER = new StandInProvider(WORLD);
  private static final Service SERVICE = started();

  private static Service started() {
    return Service.start(
        Map.of(
            "DESK_OIDC_ISSUER",
            PROVIDER.issuer(),
            "DESK_OIDC_CLIENT_ID",
            StandInProvider.CLIENT,
            "DESK_OIDC_CLIENT_SECRET",
            StandInProvider.SECRET,
            "DESK_OIDC_NAME",
            "Acme",
            "DESK_OIDC_ROLE_CLAIM",
            "realm_access.roles",
            "DESK_OIDC_TOPIC_CLAIM",
            "https://acme.example/topics"));
  }

  @BeforeEach
  void theProviderIsInOrder() {
    PROVIDER.asItShould();
    PROVIDER.user(user("u-1", "Mia", "agent"));
  }

  @AfterAll
  static void close() {
    SERVICE.close();
    Service.await(WORLD.close());
  }

  private static JsonObject user(String subject, String name, String... roles) {
    JsonArray held = new JsonArray();
    for (String role : roles) {
      held.add(role);
    }
    return new JsonObject()
        .put("sub", subject)
        .put("name", name)
        .put("email", subject + "@acme.example")
        .put("https://acme.example/topics", new JsonArray().add("care"))
        .put("realm_access", new JsonObject().put("roles", held));
  }

  /// To the provider, which sends the browser back: the address that it comes back with.
  private static String there(DeskBrowser browser, String then) {
    Answer login = browser.get("/desk/oidc/login?then=" + then);
    assertThat(login.status()).as(login.body()).isEqualTo(302);
    Answer back = new DeskBrowser(SERVICE).get(login.header("Location"));
    assertThat(back.status()).as(back.body()).isEqualTo(302);
    return back.header("Location").replaceFirst("^https://parley\\.example\\.com", "");
  }

  private static Answer signIn(DeskBrowser browser) {
    return browser.get(there(browser, "/desk"));
  }

  private static String refusal(Answer answer) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(403);
    return answer.body().replaceAll("(?s).*<code>(.*)</code>.*", "$1");
  }

  private static void assertRefused(String reason) {
    DeskBrowser browser = new DeskBrowser(SERVICE);

    Answer answer = signIn(browser);

    assertThat(refusal(answer)).isEqualTo(reason);
    assertThat(browser.session().status()).isEqualTo(401);
    assertThat(
            SERVICE.texts(
                "select detail from desk_audit where action = 'sign_in_failed' order by seq desc"
                    + " limit 1"))
        .allMatch(it -> it.contains("\"" + reason + "\"") && it.contains("\"oidc\""));
  }

  // ---- the audit

  @BeforeEach
  void nothingWasRefusedYet() {
    SERVICE.execute("delete from desk_attempt where name like 'refused:%'");
  }

  @Test
  void answersToNoSignInFillNoAudit() {
    DeskBrowser browser = new DeskBrowser(SERVICE);
    String answering = "/desk/oidc/callback?state=x&code=y";
    browser.get(answering);
    SERVICE.execute(
        "update desk_attempt set tries = %d where name like 'refused:%%'"
            .formatted(DeskThrottle.BY_ADDRESS));
    String last = SERVICE.texts("select max(seq) from desk_audit").getFirst();

    for (int i = 0; i < 20; i++) {
      assertThat(refusal(browser.get(answering))).isEqualTo("changed_state");
    }

    assertThat(
            SERVICE.texts(
                "select detail::json ->> 'tries' from desk_audit where seq > %s order by seq"
                    .formatted(last)))
        .containsExactly("31", "32", "34", "38", "46");
  }

  // ---- who is let in

  @Test
  void aUserIsMadeAtTheFirstSignInAndComesToWhereTheyWanted() {
    PROVIDER.user(
        user("u-first", "Noor", "offline_access", "parley-lead")
            .put("https://acme.example/topics", new JsonArray().add("care").add("returns")));
    DeskBrowser browser = new DeskBrowser(SERVICE);

    Answer answer = browser.get(there(browser, "/desk/inbox/topic:care?q=mia"));

    assertThat(answer.status()).as(answer.body()).isEqualTo(302);
    assertThat(answer.header("Location")).isEqualTo("/desk/inbox/topic:care?q=mia");
    JsonObject user = browser.session().json().getJsonObject("user");
    assertThat(user.getString("name")).isEqualTo("Noor");
    assertThat(user.getString("email")).isEqualTo("u-first@acme.example");
    assertThat(user.getString("role")).isEqualTo("lead");
    assertThat(user.getJsonArray("topics")).containsExactly("care", "returns");
    assertThat(SERVICE.texts("select detail from desk_audit where user_name = 'Noor'"))
        .singleElement()
        .asString()
        .contains("\"by\":\"oidc\"");
  }

  @Test
  void theProviderSaysTheRoleAtEachSignInAndNobodyIsTwoUsers() {
    PROVIDER.user(user("u-rises", "Kim", "agent"));
    DeskBrowser before = new DeskBrowser(SERVICE);
    signIn(before);
    PROVIDER.user(user("u-rises", "Kim Lee", "agent", "auditor", "admin"));
    DeskBrowser after = new DeskBrowser(SERVICE);

    signIn(after);

    JsonObject user = after.session().json().getJsonObject("user");
    assertThat(user.getString("role")).isEqualTo("admin");
    assertThat(user.getString("name")).isEqualTo("Kim Lee");
    assertThat(user.getString("id"))
        .isEqualTo(before.session().json().getJsonObject("user").getString("id"));
    assertThat(
            after
                .patch(
                    "/desk/api/users/" + user.getString("id"), new JsonObject().put("role", "lead"))
                .reason())
        .isEqualTo("by_claim");
  }

  @Test
  void localSignInIsOffWhereAProviderIsSet() {
    DeskBrowser stranger = new DeskBrowser(SERVICE);
    DeskBrowser admin = DeskBrowser.of(SERVICE, Role.ADMIN, "Boss");

    assertThat(stranger.session().json().getBoolean("local")).isFalse();
    assertThat(stranger.session().json().getJsonObject("oidc").getString("name")).isEqualTo("Acme");
    assertThat(stranger.signIn("mia@acme.example", "a password").reason()).isEqualTo("local_off");
    assertThat(admin.post("/desk/api/users", new JsonObject().put("role", "agent")).reason())
        .isEqualTo("local_off");
    assertThat(SERVICE.count("desk_invite")).isZero();
  }

  @Test
  void noSignInLeadsAwayFromTheDesk() {
    for (String then :
        List.of(
            "https://evil.example",
            "//evil.example",
            "/desk//evil.example",
            "/desk/../../evil",
            "/desk%5Cevil.example",
            "/deskevil",
            "/desk/x%0d%0aSet-Cookie:a=b")) {
      DeskBrowser browser = new DeskBrowser(SERVICE);

      Answer answer = browser.get(there(browser, then));

      assertThat(answer.status()).as(then).isEqualTo(302);
      assertThat(answer.header("Location")).as(then).startsWith("/desk").doesNotContain("evil");
    }
  }

  @Test
  void whatTheBrowserKeepsMeanwhileIsOutOfReachOfScripts() {
    DeskBrowser browser = new DeskBrowser(SERVICE);

    Answer login = browser.get("/desk/oidc/login");

    assertThat(login.header("Set-Cookie"))
        .startsWith("__Host-parley_desk_oidc=")
        .containsIgnoringCase("; HttpOnly")
        .contains("Secure", "SameSite=Lax", "Max-Age=600");
    String secret = browser.cookie("__Host-parley_desk_oidc").split("\\.", -1)[0];
    assertThat(login.header("Location"))
        .startsWith(PROVIDER.issuer() + "/authorize?")
        .contains("code_challenge_method=S256", "nonce=", "state=")
        .doesNotContain(secret, StandInProvider.SECRET);
  }

  // ---- who is not

  @Test
  void aTokenOfAnotherSignInIsRefused() {
    PROVIDER.claiming(claims -> claims.put("nonce", DeskToken.draw()));
    assertRefused("wrong_nonce");
    PROVIDER.claiming(
        claims -> {
          claims.remove("nonce");
          return claims;
        });
    assertRefused("wrong_nonce");
  }

  @Test
  void aTokenForAnotherClientIsRefused() {
    PROVIDER.claiming(claims -> claims.put("aud", "another"));
    assertRefused("wrong_audience");
    PROVIDER.claiming(
        claims -> claims.put("aud", new JsonArray().add(StandInProvider.CLIENT).add("another")));
    assertRefused("wrong_audience");
    PROVIDER.claiming(claims -> claims.put("azp", "another"));
    assertRefused("wrong_audience");
  }

  @Test
  void aTokenOfAnotherIssuerIsRefused() {
    PROVIDER.claiming(claims -> claims.put("iss", "https://evil.example"));
    assertRefused("wrong_issuer");
  }

  @Test
  void aTokenThatIsOverOrNotYetValidIsRefused() {
    long now = Instant.now().getEpochSecond();
    PROVIDER.claiming(claims -> claims.put("exp", now - 120));
    assertRefused("expired");
    PROVIDER.claiming(claims -> claims.put("iat", now + 600));
    assertRefused("expired");
    PROVIDER.claiming(
        claims -> {
          claims.remove("exp");
          return claims;
        });
    assertRefused("expired");
  }

  @Test
  void aTokenThatWasChangedIsRefused() {
    PROVIDER.sending(
        token ->
            StandInProvider.tampered(
                token, claims -> claims.put("realm_access", user("x", "x", "admin"))));
    assertRefused("wrong_signature");
  }

  @Test
  void aTokenThatNobodySignedIsRefused() {
    PROVIDER.sending(StandInProvider::unsigned);
    assertRefused("wrong_signature");
  }

  @Test
  void aTokenByAKeyThatTheProviderDoesNotListIsRefused() {
    PROVIDER.rotate("stolen");
    PROVIDER.listing(false);
    assertRefused("wrong_signature");
    PROVIDER.rotate("own-again");
  }

  @Test
  void aKeyThatTheProviderHasChangedIsLookedForOnce() {
    signIn(new DeskBrowser(SERVICE));
    int read = PROVIDER.keysRead();
    PROVIDER.rotate("key-2");
    DeskBrowser browser = new DeskBrowser(SERVICE);

    assertThat(signIn(browser).status()).isEqualTo(302);

    assertThat(browser.session().status()).isEqualTo(200);
    assertThat(PROVIDER.keysRead()).isEqualTo(read + 1);
    signIn(new DeskBrowser(SERVICE));
    assertThat(PROVIDER.keysRead()).isEqualTo(read + 1);
  }

  @Test
  void noTokenAtAllIsRefused() {
    PROVIDER.sending(_ -> "nonsense");
    assertRefused("no_id_token");
  }

  @Test
  void aCodeWorksOnce() {
    DeskBrowser browser = new DeskBrowser(SERVICE);
    String callback = there(browser, "/desk");
    String cookie = browser.cookie("__Host-parley_desk_oidc");
    assertThat(browser.get(callback).status()).isEqualTo(302);
    DeskBrowser thief = new DeskBrowser(SERVICE);
    thief.cookies().put("__Host-parley_desk_oidc", cookie);

    assertThat(refusal(thief.get(callback))).isEqualTo("code_refused");

    assertThat(refusal(browser.get(callback))).isEqualTo("changed_state");
  }

  @Test
  void aCodeOfAnotherBrowserIsRefused() {
    DeskBrowser victim = new DeskBrowser(SERVICE);
    String callback = there(victim, "/desk");
    DeskBrowser thief = new DeskBrowser(SERVICE);
    String own = there(thief, "/desk");
    String mixed = callback.replaceFirst("state=.*", own.substring(own.indexOf("state=")));

    assertThat(refusal(thief.get(mixed))).isEqualTo("code_refused");
  }

  @ParameterizedTest
  @ValueSource(strings = {"&state=changed", "&state=", "", "&state=changed&error=access_denied"})
  void aChangedStateIsRefused(String state) {
    DeskBrowser browser = new DeskBrowser(SERVICE);
    String callback = there(browser, "/desk");

    Answer answer = browser.get(callback.replaceFirst("&state=.*", "") + state);

    assertThat(refusal(answer)).isEqualTo("changed_state");
    assertThat(browser.session().status()).isEqualTo(401);
  }

  @Test
  void whoDidNotBeginASignInIsRefused() {
    String callback = there(new DeskBrowser(SERVICE), "/desk");

    assertThat(refusal(new DeskBrowser(SERVICE).get(callback))).isEqualTo("changed_state");
  }

  @Test
  void whoIsRefusedByTheProviderIsTold() {
    PROVIDER.user(new JsonObject());
    assertRefused("refused_by_provider");
  }

  @Test
  void anAgentWithoutATopicIsRefusedAndSeesNotAll() {
    JsonObject user = user("u-topicless", "Tom", "agent");
    user.remove("https://acme.example/topics");
    PROVIDER.user(user);
    assertRefused("no_topics");
  }

  @Test
  void aLeadWithoutATopicSeesAll() {
    JsonObject user = user("u-all", "Lea", "lead");
    user.remove("https://acme.example/topics");
    PROVIDER.user(user);
    DeskBrowser browser = new DeskBrowser(SERVICE);

    assertThat(signIn(browser).status()).isEqualTo(302);
    assertThat(browser.session().json().getJsonObject("user").getJsonArray("topics")).isEmpty();
  }

  @Test
  void whoHasNoRoleHereIsRefused() {
    PROVIDER.user(user("u-none", "<b>Nobody</b>", "offline_access", "superadmin"));
    DeskBrowser browser = new DeskBrowser(SERVICE);

    Answer answer = signIn(browser);

    assertThat(refusal(answer)).isEqualTo("no_role");
    assertThat(answer.body()).contains("realm_access.roles").doesNotContain("<b>");
    assertThat(SERVICE.texts("select 1 from desk_user where subject = 'u-none'")).isEmpty();
  }

  @Test
  void whoWasDeactivatedIsRefusedWhateverTheProviderSays() {
    PROVIDER.user(user("u-gone", "Gone", "admin"));
    DeskBrowser gone = new DeskBrowser(SERVICE);
    signIn(gone);
    String id = gone.session().json().getJsonObject("user").getString("id");
    DeskBrowser admin = DeskBrowser.of(SERVICE, Role.ADMIN, "Other");

    assertThat(admin.patch("/desk/api/users/" + id, new JsonObject().put("active", false)).status())
        .isEqualTo(200);

    assertThat(gone.session().status()).isEqualTo(401);
    assertThat(refusal(signIn(gone))).isEqualTo("not_active");
    assertThat(
            SERVICE.texts(
                "select user_name || detail from desk_audit where action = 'sign_in_failed'"))
        .anyMatch(it -> it.startsWith("Gone{") && it.contains("not_active"));
    assertThat(gone.session().status()).isEqualTo(401);
  }

  @Test
  void aProviderThatIsDownIsAskedAgainAtTheNextSignIn() {
    SERVICE.stop();
    PROVIDER.down(true);
    SERVICE.restart();
    DeskBrowser browser = new DeskBrowser(SERVICE);

    assertThat(browser.get("/desk/oidc/login").status()).isEqualTo(502);
    PROVIDER.down(false);

    assertThat(signIn(browser).status()).isEqualTo(302);
  }

  @Test
  void whatIsWrongWithTheSettingsIsSaid() {
    Map<String, String> settings =
        Map.of(
            "PARLEY_DESK_OIDC_ISSUER",
            "http://login.example.com",
            "PARLEY_DESK_OIDC_CLIENT_ID",
            "desk",
            "PARLEY_DESK_OIDC_CLIENT_SECRET",
            "secret",
            "PARLEY_DESK_OIDC_SCOPES",
            "profile",
            "PARLEY_DESK_PROXIES",
            "nowhere",
            "PARLEY_DESK_LOCAL",
            "perhaps");

    assertThat(Settings.read(settings))
        .isInstanceOfSatisfying(
            Settings.Reading.Unusable.class,
            unusable ->
                assertThat(unusable.problems())
                    .anyMatch(it -> it.contains("ISSUER") && it.contains("https"))
                    .anyMatch(it -> it.contains("SCOPES") && it.contains("openid"))
                    .anyMatch(it -> it.contains("PROXIES") && it.contains("CIDR"))
                    .anyMatch(it -> it.contains("LOCAL") && it.contains("true, false")));
    assertThat(Settings.read(Map.of("PARLEY_DESK_OIDC_ISSUER", "https://login.example.com")))
        .isInstanceOfSatisfying(
            Settings.Reading.Unusable.class,
            unusable ->
                assertThat(unusable.problems())
                    .anyMatch(it -> it.contains("CLIENT_ID"))
                    .anyMatch(it -> it.contains("CLIENT_SECRET")));
  }
}
