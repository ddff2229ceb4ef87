package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import at.favre.lib.crypto.bcrypt.BCrypt;
import io.parley.store.Role;
import io.parley.verticles.DeskBrowser.Answer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Signing in at the desk by password, and what a session is worth.
class DeskSignInTest {

  private static final String PASSWORD = "a long walk at night";
  private static final String OURS = "https://parley.example.com";
  private static final Pattern LINK = Pattern.compile(OURS + "/desk/invite/([A-Za-z0-9_-]{43})");
  private static final List<String> LOGGED = new CopyOnWriteArrayList<>();
  private static final Service SERVICE =
      Service.start(Map.of("DESK_PROXIES", "127.0.0.1, 10.0.0.0/8"));
  private static final DeskBrowser ADMIN = new DeskBrowser(SERVICE);

  @BeforeAll
  static void theFirstAdminComesByTheLinkInTheLog() {
    SERVICE.stop();
    try (Log _ = Log.into(LOGGED)) {
      SERVICE.restart();
    }
    assertThat(tokens()).hasSize(1);
    String token = tokens().getFirst();
    DeskBrowser stranger = new DeskBrowser(SERVICE);

    assertThat(stranger.get("/desk/api/invites/" + token).json().getString("role"))
        .isEqualTo("admin");
    Answer joined = ADMIN.take(token, "Ada", "Ada@Acme.example", PASSWORD);

    assertThat(joined.status()).as(joined.body()).isEqualTo(200);
    assertThat(joined.json().getJsonObject("user").getString("role")).isEqualTo("admin");
    assertThat(stranger.take(token, "Eve", "eve@acme.example", PASSWORD).reason())
        .isEqualTo("unknown_invite");
    assertThat(stranger.get("/desk/api/invites/" + token).status()).isEqualTo(404);
    assertThat(SERVICE.texts("select password from desk_user where name = 'Ada'").getFirst())
        .startsWith("$2a$12$");
    assertThat(SERVICE.texts("select id from desk_invite")).doesNotContain(token);
  }

  /// Other services log theirs beside this one.
  private static List<String> tokens() {
    List<String> ours = SERVICE.texts("select id from desk_invite where first");
    return LOGGED.stream()
        .map(LINK::matcher)
        .filter(Matcher::find)
        .map(found -> found.group(1))
        .filter(token -> ours.contains(DeskToken.hash(token)))
        .toList();
  }

  @AfterAll
  static void close() {
    ADMIN.close();
    SERVICE.close();
  }

  /// A user with the usual password, who is signed in.
  private static DeskBrowser joined(Role role, String name, String... topics) {
    DeskBrowser browser = new DeskBrowser(SERVICE);
    Answer answer = browser.take(ADMIN.invite(role, topics), name, email(name), PASSWORD);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return browser;
  }

  private static String email(String name) {
    return name.toLowerCase(Locale.ROOT) + "@acme.example";
  }

  private static String id(DeskBrowser browser) {
    return browser.session().json().getJsonObject("user").getString("id");
  }

  private static List<String> audited(String action) {
    return SERVICE.texts(
        "select user_name || ' ' || detail from desk_audit where action = '%s' order by seq"
            .formatted(action));
  }

  // ---- who is nobody

  @Test
  void whoIsNotSignedInIsToldByWhichWaysOneMay() {
    Answer answer = new DeskBrowser(SERVICE).session();

    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.reason()).isEqualTo("signed_out");
    assertThat(answer.json().getBoolean("local")).isTrue();
    assertThat(answer.json().containsKey("oidc")).isTrue();
    assertThat(answer.json().getValue("oidc")).isNull();
  }

  @Test
  void whoIsNotSignedInReadsNothing() {
    DeskBrowser stranger = new DeskBrowser(SERVICE);

    assertThat(stranger.get("/desk/api/users").reason()).isEqualTo("signed_out");
    assertThat(stranger.get("/desk/api/audit").status()).isEqualTo(401);
    stranger.cookies().put("__Host-parley_desk", DeskToken.draw());
    assertThat(stranger.get("/desk/api/users").status()).isEqualTo(401);
    stranger.cookies().put("__Host-parley_desk", "' or 1=1 --");
    assertThat(stranger.get("/desk/api/users").status()).isEqualTo(401);
  }

  // ---- sessions

  @Test
  void theCookieIsOutOfReachOfScriptsAndOtherSites() {
    joined(Role.AGENT, "Cookie");
    DeskBrowser browser = new DeskBrowser(SERVICE);

    Answer answer = browser.signIn(email("Cookie"), PASSWORD);

    List<String> lines = answer.whole().headers().allValues("Set-Cookie");
    assertThat(lines).hasSize(1);
    assertThat(lines.getFirst())
        .startsWith("__Host-parley_desk=")
        .containsIgnoringCase("; HttpOnly")
        .contains("Secure", "SameSite=Lax", "Path=/", "Max-Age=43200")
        .doesNotContain("Domain");
    String token = browser.cookie("__Host-parley_desk");
    assertThat(SERVICE.texts("select id from desk_session")).doesNotContain(token);
    assertThat(answer.json().getString("csrf")).isNotEqualTo(token).hasSize(43);
    assertThat(answer.json().getString("status")).isIn("online", "away", "offline");
  }

  @Test
  void aSessionOutlivesARestartOfTheService() {
    DeskBrowser browser = joined(Role.AGENT, "Restart");
    String csrf = browser.csrf();

    SERVICE.stop();
    SERVICE.restart();

    assertThat(browser.session().status()).isEqualTo(200);
    assertThat(browser.csrf()).isEqualTo(csrf);
  }

  @Test
  void signingOutEndsTheSessionAndTakesTheCookieBack() {
    DeskBrowser browser = joined(Role.AGENT, "Leaves");
    String token = browser.cookie("__Host-parley_desk");

    assertThat(browser.delete("/desk/api/session").status()).isEqualTo(200);

    assertThat(browser.cookies()).isEmpty();
    browser.cookies().put("__Host-parley_desk", token);
    assertThat(browser.session().status()).isEqualTo(401);
    assertThat(audited("sign_out")).anyMatch(line -> line.startsWith("Leaves"));
  }

  @Test
  void signingInAnewEndsTheSessionThatTheBrowserHad() {
    DeskBrowser browser = joined(Role.AGENT, "Twice");
    String before = browser.cookie("__Host-parley_desk");

    assertThat(browser.signIn(email("Twice"), PASSWORD).status()).isEqualTo(200);

    assertThat(browser.cookie("__Host-parley_desk")).isNotEqualTo(before);
    DeskBrowser other = new DeskBrowser(SERVICE);
    other.cookies().put("__Host-parley_desk", before);
    assertThat(other.session().status()).isEqualTo(401);
  }

  @Test
  void aSessionIsOverWhenNothingIsAskedForAWhile() {
    DeskBrowser browser = joined(Role.AGENT, "Idle");

    SERVICE.leap(Duration.ofMinutes(110));
    assertThat(browser.session().status()).isEqualTo(200);
    SERVICE.until(
        "it is noted that the user was seen",
        () ->
            SERVICE
                .texts(
                    "select s.seen_at > s.created_at from desk_session s"
                        + " join desk_user u on u.id = s.user_id where u.name = 'Idle'")
                .equals(List.of("true")));
    SERVICE.leap(Duration.ofMinutes(110));
    assertThat(browser.session().status()).isEqualTo(200);
    SERVICE.leap(Duration.ofMinutes(121));

    assertThat(browser.session().status()).isEqualTo(401);
    assertThat(ADMIN.signIn(email("Ada"), PASSWORD).status()).isEqualTo(200);
  }

  @Test
  void aSessionIsOverHoweverMuchIsAsked() {
    DeskBrowser browser = joined(Role.AGENT, "Busy");

    SERVICE.execute(
        """
        update desk_session set ends_at = created_at
         where user_id = (select id from desk_user where name = 'Busy')
        """);

    assertThat(browser.session().status()).isEqualTo(401);
  }

  // ---- what changes something

  @Test
  void aChangeWithoutTheSessionsTokenIsRefused() {
    DeskBrowser browser = joined(Role.ADMIN, "Csrf");
    String right = browser.csrf();
    String other = ADMIN.csrf();
    browser.forgetCsrf();
    JsonObject invite = new JsonObject().put("role", "agent");

    assertThat(browser.post("/desk/api/users", invite).reason()).isEqualTo("csrf");
    assertThat(browser.post("/desk/api/users", invite, "X-CSRF", other).reason()).isEqualTo("csrf");
    assertThat(browser.delete("/desk/api/session").reason()).isEqualTo("csrf");
    assertThat(browser.post("/desk/api/users", invite, "X-CSRF", right).status()).isEqualTo(200);
    assertThat(browser.get("/desk/api/users").status()).isEqualTo(200);
  }

  @Test
  void aChangeFromAPageOfAnotherOriginIsRefused() {
    DeskBrowser browser = joined(Role.ADMIN, "Origin");
    JsonObject invite = new JsonObject().put("role", "agent");

    assertThat(browser.post("/desk/api/users", invite, "Origin", "https://evil.example").reason())
        .isEqualTo("wrong_origin");
    assertThat(browser.post("/desk/api/users", invite, "Origin", "null").reason())
        .isEqualTo("wrong_origin");
    assertThat(browser.post("/desk/api/users", invite, "Sec-Fetch-Site", "cross-site").reason())
        .isEqualTo("wrong_origin");
    assertThat(browser.signIn(email("Origin"), PASSWORD, "Origin", "https://evil.example").reason())
        .isEqualTo("wrong_origin");
    assertThat(browser.signIn(email("Origin"), PASSWORD, "Origin", OURS).status()).isEqualTo(200);
  }

  // ---- passwords

  @Test
  void whatIsWrongWithASignInIsNotTold() {
    DeskBrowser inactive = joined(Role.AGENT, "Inactive");
    ADMIN.patch("/desk/api/users/" + id(inactive), new JsonObject().put("active", false));
    joined(Role.AGENT, "Known");
    DeskBrowser browser = new DeskBrowser(SERVICE);

    Answer unknown = browser.signIn("nobody@acme.example", PASSWORD);
    Answer wrong = browser.signIn(email("Known"), "another password");
    Answer shut = browser.signIn(email("Inactive"), PASSWORD);

    assertThat(List.of(unknown.status(), wrong.status(), shut.status())).containsOnly(401);
    assertThat(unknown.reason()).isEqualTo("wrong_credentials");
    assertThat(List.of(wrong.body(), shut.body())).containsOnly(unknown.body());
    assertThat(browser.cookies()).isEmpty();
    assertThat(audited("sign_in_failed"))
        .anyMatch(it -> it.startsWith("nobody@acme.example") && it.contains("\"unknown\""))
        .anyMatch(it -> it.startsWith("Known") && it.contains("\"wrong_password\""))
        .anyMatch(it -> it.startsWith("Inactive") && it.contains("\"not_active\""));
  }

  /// Else the time would tell whether somebody has the e-mail.
  @Test
  void thePasswordOfNobodyIsComparedAsAnyOther() {
    DeskPasswords passwords = new DeskPasswords(SERVICE.world);
    String nobodys = DeskPasswords.NOBODYS;

    assertThat(BCrypt.verifyer().verify("x".toCharArray(), nobodys.toCharArray()).validFormat)
        .isTrue();
    assertThat(nobodys).startsWith("$2a$" + DeskPasswords.COST + "$");
    assertThat(Service.await(passwords.fits("", Optional.empty()))).isFalse();
    assertThat(DeskPasswords.COST).isGreaterThanOrEqualTo(12);
  }

  @Test
  void longPasswordsCountToTheirEnd() {
    DeskPasswords passwords = new DeskPasswords(SERVICE.world);
    String hash = Service.await(passwords.hash("x".repeat(199) + "y"));

    assertThat(Service.await(passwords.fits("x".repeat(199) + "y", Optional.of(hash)))).isTrue();
    assertThat(Service.await(passwords.fits("x".repeat(199) + "z", Optional.of(hash)))).isFalse();
  }

  @Test
  void whatIsTypedForAnEmailIsNotKeptWhereItIsNone() {
    new DeskBrowser(SERVICE).signIn("my secret password", "oops, the wrong field");

    assertThat(audited("sign_in_failed")).noneMatch(it -> it.contains("secret"));
  }

  @Test
  void manyGuessesAtOneAccountAreStoppedWhereverTheyComeFrom() {
    joined(Role.AGENT, "Guessed");
    DeskBrowser browser = new DeskBrowser(SERVICE);

    List<Integer> statuses =
        IntStream.rangeClosed(1, DeskThrottle.BY_ACCOUNT)
            .mapToObj(
                i ->
                    browser
                        .signIn(
                            email("Guessed"), "guess " + i, "X-Forwarded-For", "198.51.100." + i)
                        .status())
            .toList();
    Answer stopped = browser.signIn(email("Guessed"), PASSWORD, "X-Forwarded-For", "198.51.100.99");

    assertThat(statuses).containsOnly(401);
    assertThat(stopped.status()).isEqualTo(429);
    assertThat(stopped.reason()).isEqualTo("too_many_attempts");
    assertThat(Integer.parseInt(stopped.header("Retry-After"))).isBetween(1, 901);
    SERVICE.stop();
    SERVICE.restart();
    assertThat(browser.signIn(email("Guessed"), PASSWORD).status()).isEqualTo(429);
    SERVICE.leap(Duration.ofMinutes(16));
    assertThat(browser.signIn(email("Guessed"), PASSWORD).status()).isEqualTo(200);
  }

  @Test
  void manyGuessesFromOneAddressAreStoppedWhicheverTheAccount() {
    SERVICE.execute(
        """
        insert into desk_attempt (name, tries, since) values ('address:203.0.113.9', %d, now())
        """
            .formatted(DeskThrottle.BY_ADDRESS));
    joined(Role.AGENT, "Neighbour");
    DeskBrowser browser = new DeskBrowser(SERVICE);

    Answer stopped = browser.signIn(email("Neighbour"), PASSWORD, "X-Forwarded-For", "203.0.113.9");

    assertThat(stopped.status()).isEqualTo(429);
    assertThat(
            browser
                .signIn(email("Neighbour"), PASSWORD, "X-Forwarded-For", "203.0.113.10")
                .status())
        .isEqualTo(200);
  }

  @Test
  void guessesWithoutEndFillNoAudit() {
    DeskBrowser browser = new DeskBrowser(SERVICE);
    SERVICE.execute(
        """
        insert into desk_attempt (name, tries, since) values ('address:203.0.113.40', %d, now())
        """
            .formatted(DeskThrottle.BY_ADDRESS - 1));

    List<Integer> statuses =
        IntStream.rangeClosed(1, 40)
            .mapToObj(
                i ->
                    browser
                        .signIn(
                            "endless%d@acme.example".formatted(i),
                            PASSWORD,
                            "X-Forwarded-For",
                            "203.0.113.40")
                        .status())
            .toList();

    assertThat(statuses.getFirst()).isEqualTo(401);
    assertThat(statuses.subList(1, 40)).containsOnly(429);
    List<String> rows =
        audited("sign_in_failed").stream().filter(it -> it.contains("203.0.113.40")).toList();
    assertThat(rows.stream().filter(it -> it.contains("too_many_attempts")))
        .as("the first, second, fourth ... of 39")
        .extracting(it -> it.replaceAll(".*\"tries\":(\\d+).*", "$1"))
        .containsExactlyInAnyOrder("31", "32", "34", "38", "46", "62");
    assertThat(rows).hasSize(7);
  }

  @Test
  void guessesAtOnceAreCountedAsThoseInARow() {
    joined(Role.AGENT, "Rushed");
    DeskBrowser browser = new DeskBrowser(SERVICE);

    List<Integer> statuses =
        IntStream.range(0, 2 * DeskThrottle.BY_ACCOUNT)
            .mapToObj(
                i ->
                    CompletableFuture.supplyAsync(
                        () ->
                            new DeskBrowser(SERVICE)
                                .signIn(
                                    email("Rushed"),
                                    "guess " + i,
                                    "X-Forwarded-For",
                                    "198.51.100." + (100 + i))
                                .status()))
            .toList()
            .stream()
            .map(CompletableFuture::join)
            .toList();

    assertThat(statuses).containsOnly(401, 429);
    assertThat(statuses.stream().filter(it -> it == 401)).hasSize(DeskThrottle.BY_ACCOUNT);
    assertThat(browser.signIn(email("Rushed"), PASSWORD).status()).isEqualTo(429);
  }

  @Test
  void aRightPasswordIsNotCounted() {
    joined(Role.AGENT, "Often");
    DeskBrowser browser = new DeskBrowser(SERVICE);

    for (int i = 0; i < 3; i++) {
      browser.signIn(email("Often"), "wrong", "X-Forwarded-For", "203.0.113.20");
      assertThat(
              browser.signIn(email("Often"), PASSWORD, "X-Forwarded-For", "203.0.113.20").status())
          .isEqualTo(200);
    }

    assertThat(SERVICE.texts("select tries from desk_attempt where name = 'address:203.0.113.20'"))
        .containsExactly("3");
  }

  @Test
  void whatIsTooLongOrNoFormIsSaid() {
    DeskBrowser browser = new DeskBrowser(SERVICE);

    assertThat(browser.signIn("a@acme.example", "x".repeat(201)).reason()).isEqualTo("malformed");
    assertThat(browser.signIn("a".repeat(300), "x").body()).contains("email");
    assertThat(browser.send("/desk/api/session", "POST", Optional.of("[]")).status())
        .isEqualTo(400);
    assertThat(browser.send("/desk/api/session", "POST", Optional.of("x".repeat(9000))).status())
        .isEqualTo(413);
    String token = ADMIN.invite(Role.AGENT);
    assertThat(browser.take(token, "Short", "short@acme.example", "eleven char").body())
        .contains("/password has at least 12 characters");
    assertThat(browser.take(token, "Same", "same@acme.example", "aaaaaaaaaaaaaa").body())
        .contains("hard to guess");
    assertThat(browser.take(token, "No mail", "nonsense", PASSWORD).body()).contains("e-mail");
    assertThat(browser.take(token, "Fits", "fits@acme.example", PASSWORD).status()).isEqualTo(200);
  }

  // ---- invites

  @Test
  void anInviteIsOverInTime() {
    String token = ADMIN.invite(Role.AGENT);

    SERVICE.execute("update desk_invite set expires_at = now()");

    assertThat(new DeskBrowser(SERVICE).take(token, "Late", "late@acme.example", PASSWORD).status())
        .isEqualTo(404);
  }

  @Test
  void anInviteForAnEmailIsForThatAlone() {
    Answer invited =
        ADMIN.post(
            "/desk/api/users",
            new JsonObject().put("role", "agent").put("email", "mia@acme.example"));
    String url = invited.json().getJsonObject("invite").getString("url");
    String token = url.substring(url.lastIndexOf('/') + 1);
    DeskBrowser browser = new DeskBrowser(SERVICE);

    assertThat(browser.take(token, "Eve", "eve@acme.example", PASSWORD).reason())
        .isEqualTo("other_email");
    assertThat(browser.take(token, "Mia", "Mia@acme.example", PASSWORD).status()).isEqualTo(200);
  }

  @Test
  void anEmailHasOneUserAndTheInviteIsNotUsedUpByATry() {
    joined(Role.AGENT, "Unique");
    String token = ADMIN.invite(Role.AGENT);
    DeskBrowser browser = new DeskBrowser(SERVICE);

    assertThat(browser.take(token, "Second", "UNIQUE@acme.example", PASSWORD).reason())
        .isEqualTo("email_taken");
    assertThat(browser.take(token, "Second", "second@acme.example", PASSWORD).status())
        .isEqualTo(200);
  }

  @Test
  void whoForgotThePasswordIsInvitedAnewAndStaysTheSameUser() {
    DeskBrowser before = joined(Role.LEAD, "Forgets", "care");
    String id = id(before);
    Answer invited =
        ADMIN.post(
            "/desk/api/users",
            new JsonObject().put("role", "agent").put("email", email("Forgets")));
    String url = invited.json().getJsonObject("invite").getString("url");
    DeskBrowser after = new DeskBrowser(SERVICE);

    Answer renewed =
        after.take(
            url.substring(url.lastIndexOf('/') + 1), "Forgets", email("Forgets"), "a new password");

    assertThat(renewed.status()).as(renewed.body()).isEqualTo(200);
    assertThat(id(after)).isEqualTo(id);
    assertThat(renewed.json().getJsonObject("user").getString("role")).isEqualTo("lead");
    assertThat(before.session().status()).isEqualTo(401);
    assertThat(before.signIn(email("Forgets"), PASSWORD).status()).isEqualTo(401);
    assertThat(before.signIn(email("Forgets"), "a new password").status()).isEqualTo(200);
    assertThat(audited("password_renewed")).anyMatch(it -> it.startsWith("Forgets"));
  }

  @Test
  void anInviteForNobodyInParticularTakesNobodysAccount() {
    DeskBrowser victim = joined(Role.ADMIN, "Victim");
    DeskBrowser thief = new DeskBrowser(SERVICE);

    Answer answer =
        thief.take(ADMIN.invite(Role.AGENT), "Thief", email("Victim"), "a thief's password");

    assertThat(answer.reason()).isEqualTo("email_taken");
    assertThat(victim.session().status()).isEqualTo(200);
    assertThat(victim.signIn(email("Victim"), PASSWORD).status()).isEqualTo(200);
  }

  @Test
  void thereIsNoLinkForAFirstAdminWhereThereIsOne() {
    SERVICE.stop();
    SERVICE.restart();

    assertThat(SERVICE.texts("select id from desk_invite where first")).isEmpty();
  }

  @Test
  void aLinkForTheFirstAdminIsNoGoodOnceThereIsOne() {
    List<String> lines = new CopyOnWriteArrayList<>();
    try (Log _ = Log.into(lines);
        Service fresh = Service.start()) {
      List<String> theirs = fresh.texts("select id from desk_invite where first");
      String token =
          lines.stream()
              .map(LINK::matcher)
              .filter(Matcher::find)
              .map(found -> found.group(1))
              .filter(it -> theirs.contains(DeskToken.hash(it)))
              .findFirst()
              .orElseThrow();
      DeskBrowser stranger = new DeskBrowser(fresh);
      assertThat(stranger.get("/desk/api/invites/" + token).status()).isEqualTo(200);

      DeskBrowser.of(fresh, Role.ADMIN, "Otherwise");

      assertThat(stranger.get("/desk/api/invites/" + token).status()).isEqualTo(404);
      assertThat(stranger.take(token, "Eve", "eve@acme.example", PASSWORD).reason())
          .isEqualTo("unknown_invite");
    }
  }

  @Test
  void nothingSecretIsLogged() {
    List<String> lines = new CopyOnWriteArrayList<>();
    DeskBrowser browser = new DeskBrowser(SERVICE);
    try (Log _ = Log.into(lines)) {
      String token = ADMIN.invite(Role.AGENT);
      browser.take(token, "Quiet", "quiet@acme.example", PASSWORD);
      browser.signIn("quiet@acme.example", "not the password");
      assertThat(lines)
          .noneMatch(it -> it.contains(token) || it.contains(PASSWORD) || it.contains("not the"));
    }
  }

  // ---- roles

  @Test
  void onlyAdminsSayWhoWorksHere() {
    DeskBrowser agent = joined(Role.AGENT, "Agent");
    DeskBrowser lead = joined(Role.LEAD, "Lead");
    DeskBrowser auditor = joined(Role.AUDITOR, "Auditor");
    JsonObject invite = new JsonObject().put("role", "admin");

    for (DeskBrowser browser : List.of(agent, lead)) {
      assertThat(browser.get("/desk/api/users").reason()).isEqualTo("not_allowed");
      assertThat(browser.get("/desk/api/audit").reason()).isEqualTo("not_allowed");
      assertThat(browser.post("/desk/api/users", invite).reason()).isEqualTo("not_allowed");
    }
    assertThat(auditor.get("/desk/api/users").status()).isEqualTo(200);
    assertThat(auditor.get("/desk/api/audit").status()).isEqualTo(200);
    assertThat(auditor.post("/desk/api/users", invite).body())
        .contains("not_allowed", "changes nothing");
    assertThat(
            auditor
                .patch("/desk/api/users/" + id(agent), new JsonObject().put("active", false))
                .status())
        .isEqualTo(403);
  }

  @Test
  void aRoleAndTopicsChangeAtTheNextRequest() {
    DeskBrowser agent = joined(Role.AGENT, "Rises", "care");
    assertThat(agent.session().json().getJsonObject("user").getJsonArray("topics"))
        .containsExactly("care");

    Answer changed =
        ADMIN.patch(
            "/desk/api/users/" + id(agent),
            new JsonObject().put("role", "admin").put("topics", List.of("returns")));

    assertThat(changed.status()).as(changed.body()).isEqualTo(200);
    assertThat(agent.get("/desk/api/users").status()).isEqualTo(200);
    assertThat(agent.session().json().getJsonObject("user").getJsonArray("topics"))
        .containsExactly("returns");
    assertThat(audited("user_changed"))
        .anyMatch(it -> it.startsWith("Ada") && it.contains("\"role_before\":\"agent\""));
  }

  @Test
  void whoIsDeactivatedIsOutAtOnce() {
    DeskBrowser agent = joined(Role.AGENT, "Out");

    ADMIN.patch("/desk/api/users/" + id(agent), new JsonObject().put("active", false));

    assertThat(agent.session().status()).isEqualTo(401);
    assertThat(
            SERVICE.texts(
                "select s.id from desk_session s join desk_user u on u.id = s.user_id"
                    + " where u.name = 'Out'"))
        .isEmpty();
  }

  @Test
  void revokingSignsAUserOutEverywhere() {
    DeskBrowser one = joined(Role.AGENT, "Stolen");
    DeskBrowser two = new DeskBrowser(SERVICE);
    two.signIn(email("Stolen"), PASSWORD);

    Answer revoked = ADMIN.post("/desk/api/users/" + id(one) + "/revoke", new JsonObject());

    assertThat(revoked.json().getInteger("revoked")).isEqualTo(2);
    assertThat(one.session().status()).isEqualTo(401);
    assertThat(two.get("/desk/api/users").status()).isEqualTo(401);
    assertThat(two.signIn(email("Stolen"), PASSWORD).status()).isEqualTo(200);
    assertThat(audited("sessions_revoked")).anyMatch(it -> it.contains("\"sessions\":2"));
  }

  @Test
  void theLastAdminStays() {
    try (Service alone = Service.start()) {
      DeskBrowser admin = DeskBrowser.of(alone, Role.ADMIN, "Only");
      String path = "/desk/api/users/" + id(admin);

      assertThat(admin.patch(path, new JsonObject().put("active", false)).reason())
          .isEqualTo("last_admin");
      assertThat(admin.patch(path, new JsonObject().put("role", "lead")).reason())
          .isEqualTo("last_admin");
      assertThat(admin.patch(path, new JsonObject().put("topics", List.of("care"))).status())
          .isEqualTo(200);
      DeskBrowser.of(alone, Role.ADMIN, "Another");
      assertThat(admin.patch(path, new JsonObject().put("role", "lead")).status()).isEqualTo(200);
    }
  }

  @Test
  void whatIsWrongWithAChangeIsSaid() {
    String path = "/desk/api/users/" + id(joined(Role.AGENT, "Change"));

    assertThat(ADMIN.patch(path, new JsonObject().put("role", "king")).body())
        .contains("/role is agent, lead, admin or auditor");
    assertThat(ADMIN.patch(path, new JsonObject().put("active", "no")).body())
        .contains("/active is true or false");
    assertThat(ADMIN.patch(path, new JsonObject().put("topics", "care")).body())
        .contains("/topics is a list");
    assertThat(ADMIN.patch("/desk/api/users/me", new JsonObject()).status()).isEqualTo(404);
    assertThat(ADMIN.patch("/desk/api/users/" + UUID.randomUUID(), new JsonObject()).reason())
        .isEqualTo("unknown_user");
  }

  // ---- the audit

  @Test
  void theAuditIsAskedByConversationUserActionAndTime() {
    String conversation = "0190f5a0-0000-8000-8000-000000000001";
    DeskBrowser reader = joined(Role.AGENT, "Reader");
    String user = id(reader);
    SERVICE.execute(
        """
        insert into desk_audit (at, user_id, user_name, action, conversation, detail)
        select timestamptz '2020-01-01T00:00:00Z' + n * interval '1 hour', '%s', 'Reader', 'read', '%s', '{"n":' || n || '}'
          from generate_series(1, 5) n
        """
            .formatted(user, conversation));

    JsonObject latest =
        ADMIN.get("/desk/api/audit?conversation=" + conversation + "&limit=2").json();
    JsonObject older =
        ADMIN
            .get(
                "/desk/api/audit?conversation="
                    + conversation
                    + "&limit=10&before="
                    + latest.getLong("next"))
            .json();

    assertThat(numbers(latest)).containsExactly(5, 4);
    assertThat(numbers(older)).containsExactly(3, 2, 1);
    assertThat(older.getValue("next")).isNull();
    assertThat(
            numbers(
                ADMIN
                    .get(
                        "/desk/api/audit?user="
                            + user
                            + "&action=read&from=2020-01-01T02:00:00Z&to=2020-01-01T04:00:00Z")
                    .json()))
        .containsExactly(3, 2);
    assertThat(ADMIN.get("/desk/api/audit?from=yesterday").body()).contains("a time such as");
    assertThat(ADMIN.get("/desk/api/audit?user=me").status()).isEqualTo(400);
  }

  private static List<Integer> numbers(JsonObject audit) {
    return audit.getJsonArray("entries").stream()
        .map(it -> ((JsonObject) it).getJsonObject("detail").getInteger("n"))
        .toList();
  }

  @Test
  void signInsAreOnRecordWithTheirAddress() {
    joined(Role.AGENT, "Recorded");

    new DeskBrowser(SERVICE)
        .signIn(email("Recorded"), PASSWORD, "X-Forwarded-For", "192.0.2.77, 10.1.2.3");

    assertThat(audited("sign_in"))
        .anyMatch(
            it ->
                it.startsWith("Recorded")
                    && it.contains("\"by\":\"password\"")
                    && it.contains("\"address\":\"192.0.2.77\""));
  }

  // ---- the web app

  @Test
  void theAppIsServedWhereTheBuildHasIt() {
    Answer page = new DeskBrowser(SERVICE).get("/desk/inbox/mine");
    boolean built = DeskApp.class.getClassLoader().getResource("desk/index.html") != null;

    if (!built) {
      assertThat(page.status()).isEqualTo(404);
      assertThat(page.body()).contains("made without Node");
      return;
    }
    Matcher script = Pattern.compile("src=\"(/desk/assets/[^\"]+)\"").matcher(page.body());
    assertThat(script.find()).isTrue();
    assertThat(page.body()).as("what the policy would block").doesNotContain("<style", "style=");
    assertThat(new DeskBrowser(SERVICE).get(script.group(1)).header("Cache-Control"))
        .contains("immutable");
  }

  // ---- headers

  @Test
  void everyAnswerOfTheDeskCarriesWhatKeepsABrowserSafe() {
    for (String path :
        List.of("/desk", "/desk/inbox/mine", "/desk/api/session", "/desk/api/users")) {
      Answer answer = new DeskBrowser(SERVICE).get(path);

      assertThat(answer.header("Content-Security-Policy"))
          .as(path)
          .contains(
              "default-src 'none'",
              "script-src 'self'",
              "style-src 'self'",
              "frame-ancestors 'none'",
              "base-uri 'none'",
              "form-action 'self'")
          .doesNotContain("unsafe");
      assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
      assertThat(answer.header("Referrer-Policy")).isEqualTo("no-referrer");
      assertThat(answer.header("Permissions-Policy")).contains("camera=()");
    }
    assertThat(new DeskBrowser(SERVICE).get("/desk/api/session").header("Cache-Control"))
        .isEqualTo("no-store");
    assertThat(new DeskBrowser(SERVICE).get("/desk/api/nothing").status()).isEqualTo(404);
  }
}
