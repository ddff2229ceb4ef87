package io.parley.verticles;

import io.parley.store.DeskUsers;
import io.parley.store.Role;
import io.parley.verticles.DeskProvider.Answer;
import io.parley.verticles.DeskProvider.Asked;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Signing in by an identity provider (OpenID Connect, authorization code with PKCE).
///
/// ```
/// GET /desk/oidc/login?then=/desk/inbox/mine   to the provider, and back to:
/// GET /desk/oidc/callback?code=...&state=...   to where the user wanted
/// ```
///
/// A user is made at the first sign-in, and has the role and the name that the provider says at the
/// last. What is refused is told in a page of plain words with the reason's word.
final class DeskOidc implements Consumer<Router> {

  static final String CALLBACK = "/desk/oidc/callback";

  /// How long a user may take at the provider.
  private static final Duration UNDER_WAY = Duration.ofMinutes(10);

  private static final Pattern WITHIN =
      Pattern.compile("/desk(/[A-Za-z0-9._~:@!$&'()*+,;=%?-]+)*/?");
  private static final int LONGEST_PATH = 1_000;
  private static final Logger LOG = LoggerFactory.getLogger(DeskOidc.class);

  private final DeskSettings settings;
  private final DeskSettings.Provider settled;
  private final DeskProvider provider;
  private final DeskSessions sessions;
  private final DeskRecords records;
  private final DeskAudit audit;
  private final DeskThrottle throttle;
  private final InstantSource clock;
  private final Metrics metrics;

  DeskOidc(
      Vertx vertx,
      DeskSettings settings,
      DeskSettings.Provider settled,
      DeskSessions sessions,
      DeskRecords records,
      InstantSource clock,
      Metrics metrics) {
    this.settings = settings;
    this.settled = settled;
    this.provider =
        new DeskProvider(
            vertx,
            settled,
            settings.publicUrl().toString().replaceAll("/+$", "") + CALLBACK,
            clock);
    this.sessions = sessions;
    this.records = records;
    this.audit = new DeskAudit(records.audit(), clock);
    this.throttle = new DeskThrottle(records.attempts(), clock);
    this.clock = clock;
    this.metrics = metrics;
  }

  @Override
  public void accept(Router router) {
    router.get("/desk/oidc/login").handler(this::login);
    router.get(CALLBACK).handler(this::callback);
  }

  /// What the browser brings back.
  ///
  /// @param then where the user wanted
  private record Begun(Asked asked, String then) {

    private String text() {
      return asked.secret()
          + "."
          + Base64.getUrlEncoder()
              .withoutPadding()
              .encodeToString(then.getBytes(StandardCharsets.UTF_8));
    }

    private static Optional<Begun> of(String text) {
      String[] parts = text.split("\\.", -1);
      if (parts.length != 2 || !DeskToken.hasForm(parts[0])) {
        return Optional.empty();
      }
      try {
        String then = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
        return Optional.of(new Begun(new Asked(parts[0]), within(then)));
      } catch (IllegalArgumentException _) {
        return Optional.empty();
      }
    }
  }

  /// A path of the desk: no sign-in leads away from it.
  static String within(String then) {
    boolean isWithin =
        then.length() <= LONGEST_PATH && WITHIN.matcher(then).matches() && !then.contains("..");
    return isWithin ? then : "/desk";
  }

  private void login(RoutingContext context) {
    String then = Optional.ofNullable(context.request().getParam("then")).orElse("");
    Begun begun = new Begun(new Asked(DeskToken.draw()), within(then));
    provider
        .signInUrl(begun.asked())
        .onFailure(failure -> unreachable(context, failure))
        .onSuccess(
            url -> {
              context.response().addCookie(cookie(begun.text()).setMaxAge(UNDER_WAY.toSeconds()));
              redirect(context, url);
            });
  }

  private static void redirect(RoutingContext context, String url) {
    context.response().setStatusCode(302).putHeader("Location", url).end();
  }

  private void unreachable(RoutingContext context, Throwable failure) {
    LOG.atError()
        .addKeyValue("issuer", settled.issuer())
        .addKeyValue("why", failure.getMessage())
        .log("the identity provider cannot be asked");
    page(
        context,
        502,
        "provider_unreachable",
        "the identity provider does not answer as it should; the log says more");
  }

  private void callback(RoutingContext context) {
    Optional<Begun> begun =
        Optional.ofNullable(context.request().getCookie(name()))
            .map(Cookie::getValue)
            .flatMap(Begun::of);
    context.response().addCookie(cookie("").setMaxAge(0));
    String state = given(context, "state");
    if (begun.isEmpty() || !isSame(begun.get().asked().state(), state)) {
      refuse(
          context,
          "changed_state",
          "this does not answer a sign-in that this browser began within %d minutes"
              .formatted(UNDER_WAY.toMinutes()));
    } else if (!given(context, "error").isEmpty()) {
      refuse(
          context,
          "refused_by_provider",
          "the identity provider did not sign the user in ("
              + given(context, "error").replaceAll("[^A-Za-z0-9_. -]", "?")
              + ")");
    } else if (given(context, "code").isEmpty()) {
      refuse(context, "no_code", "the identity provider sent no code");
    } else {
      redeem(context, begun.get());
    }
  }

  private static String given(RoutingContext context, String name) {
    return Optional.ofNullable(context.request().getParam(name)).orElse("");
  }

  private static boolean isSame(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }

  private void redeem(RoutingContext context, Begun begun) {
    provider
        .redeem(begun.asked(), given(context, "code"))
        .onFailure(failure -> unreachable(context, failure))
        .onSuccess(
            answer -> {
              switch (answer) {
                case Answer.Refused(var reason, var sentence) -> refuse(context, reason, sentence);
                case Answer.Vouched(var claims) -> welcome(context, claims, begun.then());
              }
            });
  }

  private void welcome(RoutingContext context, DeskClaims claims, String then) {
    Optional<Role> role = claims.role(settled.roleClaim());
    if (role.isEmpty()) {
      refuse(
          context,
          cut(claims.name(), DeskSignIn.LONGEST_NAME),
          "no_role",
          "the identity provider gives %s no role at this desk: the claim %s has none of agent, lead, admin and auditor"
              .formatted(claims.name(), settled.roleClaim()));
      return;
    }
    Optional<List<String>> topics =
        settled.topicClaim().map(claim -> claims.topics(claim).orElse(List.of()));
    if (role.get() == Role.AGENT && topics.filter(List::isEmpty).isPresent()) {
      refuse(
          context,
          cut(claims.name(), DeskSignIn.LONGEST_NAME),
          "no_topics",
          "the identity provider gives %s no topics: an agent's claim %s names at least one"
              .formatted(claims.name(), settled.topicClaim().orElse("")));
      return;
    }
    DeskUsers.Vouched vouched =
        new DeskUsers.Vouched(
            settled.issuer().toString(),
            claims.subject(),
            cut(claims.name(), DeskSignIn.LONGEST_NAME),
            cut(claims.email(), DeskSignIn.LONGEST_EMAIL),
            role.get(),
            topics);
    records
        .users()
        .vouched(UUID.randomUUID(), vouched, clock.instant())
        .compose(
            user -> {
              if (!user.active()) {
                refuse(
                    context,
                    user.name(),
                    "not_active",
                    user.name() + " may not sign in at this desk");
                return Future.succeededFuture();
              }
              return begin(context, user, then);
            })
        .onFailure(failure -> DeskAnswer.unavailable(context, failure));
  }

  private static String cut(String text, int most) {
    return text.length() <= most ? text : text.substring(0, most);
  }

  private Future<Void> begin(RoutingContext context, DeskUsers.User user, String then) {
    return sessions
        .begin(context, user)
        .compose(_ -> records.users().signedIn(user.id(), clock.instant()))
        .compose(_ -> audit.record(DeskUser.of(user), "sign_in", Optional.empty(), detail(context)))
        .onSuccess(_ -> redirect(context, then));
  }

  private JsonObject detail(RoutingContext context) {
    return new JsonObject()
        .put("by", "oidc")
        .put("address", DeskAddress.of(context, settings.proxies()));
  }

  private void refuse(RoutingContext context, String reason, String sentence) {
    refuse(context, "?", reason, sentence);
  }

  /// @param name what the provider calls the user; "?" where it is not known to be true
  private void refuse(RoutingContext context, String name, String reason, String sentence) {
    metrics.edgeRefused("desk", reason);
    JsonObject detail = detail(context).put("reason", reason);
    throttle
        .refused(detail.getString("address"))
        .compose(
            ruling ->
                ruling.isOfNote()
                    ? audit.recordUnknown(
                        name, "sign_in_failed", detail.put("tries", ruling.tries()))
                    : Future.succeededFuture())
        .onComplete(
            noted -> {
              if (noted.failed()) {
                LOG.atError()
                    .setCause(noted.cause())
                    .log("a sign-in that was refused could not be put on record");
              }
              page(context, 403, reason, sentence);
            });
  }

  /// For a person: the browser is on its way here, with no page of ours to tell.
  private static void page(RoutingContext context, int status, String reason, String sentence) {
    context
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", "text/html; charset=utf-8")
        .end(
            """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><title>You are not signed in</title></head>
            <body><main><h1>You are not signed in</h1>
            <p>Sign-in was refused: %s. <code>%s</code></p>
            <p><a href="/desk">Sign in again</a></p></main></body></html>
            """
                .formatted(escape(sentence), escape(reason)));
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private String name() {
    return (settings.isSecure() ? "__Host-" : "") + "parley_desk_oidc";
  }

  /// Lax, since the browser comes back from the provider's site.
  private Cookie cookie(String value) {
    return Cookie.cookie(name(), value)
        .setPath("/")
        .setHttpOnly(true)
        .setSecure(settings.isSecure())
        .setSameSite(CookieSameSite.LAX);
  }
}
