package io.parley.verticles;

import io.parley.store.DeskInvites.Invite;
import io.parley.store.DeskInvites.Taker;
import io.parley.store.DeskInvites.Taking;
import io.parley.store.DeskUsers;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Signing in and out by password, and taking invites.
///
/// ```
/// GET    /desk/api/session            who is signed in, or by which ways one may
/// POST   /desk/api/session            {"email": "mia@acme.example", "password": "..."}
/// DELETE /desk/api/session
/// GET    /desk/api/invites/{token}    whom it makes what
/// POST   /desk/api/invites/{token}    {"name": "Mia", "email": "...", "password": "..."}
/// ```
///
/// What is wrong with a sign-in is never told: neither whether the e-mail is known, nor whether its
/// user may sign in. It is told to the audit.
final class DeskSignIn implements Consumer<Router> {

  static final int SHORTEST_PASSWORD = 12;
  static final int LONGEST_PASSWORD = 200;
  private static final int LEAST_DIFFERENT = 4;
  static final int LONGEST_NAME = 100;
  static final int LONGEST_EMAIL = 254;

  private static final int MAX_BODY_BYTES = 8 * 1024;
  private static final Logger LOG = LoggerFactory.getLogger(DeskSignIn.class);

  private final DeskSettings settings;
  private final DeskSessions sessions;
  private final DeskRecords records;
  private final DeskThrottle throttle;
  private final DeskAudit audit;
  private final DeskPasswords passwords;
  private final Function<DeskUser, Future<String>> status;
  private final InstantSource clock;
  private final Metrics metrics;

  /// @param status whether a user takes conversations: online, away or offline
  DeskSignIn(
      Vertx vertx,
      DeskSettings settings,
      DeskSessions sessions,
      DeskRecords records,
      Function<DeskUser, Future<String>> status,
      InstantSource clock,
      Metrics metrics) {
    this.settings = settings;
    this.sessions = sessions;
    this.records = records;
    this.throttle = new DeskThrottle(records.attempts(), clock);
    this.audit = new DeskAudit(records.audit(), clock);
    this.passwords = new DeskPasswords(vertx);
    this.status = status;
    this.clock = clock;
    this.metrics = metrics;
  }

  @Override
  public void accept(Router router) {
    RawBody body = new RawBody("desk", MAX_BODY_BYTES, metrics);
    router.get("/desk/api/session").handler(this::who);
    router.post("/desk/api/session").handler(this::fromHere).handler(body).handler(this::signIn);
    router.delete("/desk/api/session").handler(sessions.signedIn()).handler(this::signOut);
    router.get("/desk/api/invites/:token").handler(this::invite);
    router
        .post("/desk/api/invites/:token")
        .handler(this::fromHere)
        .handler(body)
        .handler(this::take);
  }

  /// Before there is a session, only the origin tells a page of ours from others.
  private void fromHere(RoutingContext context) {
    if (!sessions.isFromHere(context)) {
      return;
    }
    if (!settings.local()) {
      refuse(context, 403, "local_off", "nobody has a password here; use single sign-on");
      return;
    }
    context.next();
  }

  private void refuse(RoutingContext context, int status, String reason, String message) {
    metrics.edgeRefused("desk", reason);
    DeskAnswer.refuse(context, status, reason, message);
  }

  private void failed(RoutingContext context, Throwable failure) {
    if (failure instanceof DeskPasswords.Busy) {
      context.response().putHeader("Retry-After", "5");
      refuse(context, 503, "busy", "many sign in at this moment; try again in some seconds");
    } else {
      DeskAnswer.unavailable(context, failure);
    }
  }

  // ---- who is signed in

  private void who(RoutingContext context) {
    sessions
        .find(context)
        .compose(
            user ->
                user.isEmpty()
                    ? Future.succeededFuture(Optional.<JsonObject>empty())
                    : told(context).map(Optional::of))
        .onFailure(failure -> DeskAnswer.unavailable(context, failure))
        .onSuccess(
            told -> {
              if (told.isPresent()) {
                WebVerticle.answer(context, 200, told.get());
              } else {
                WebVerticle.answer(context, 401, ways());
              }
            });
  }

  private JsonObject ways() {
    return DeskAnswer.refusal("signed_out", "nobody is signed in here")
        .put("local", settings.local())
        .put(
            "oidc",
            settings.provider().map(it -> new JsonObject().put("name", it.name())).orElse(null));
  }

  private Future<JsonObject> told(RoutingContext context) {
    return status
        .apply(DeskUser.of(context))
        .map(
            word ->
                new JsonObject()
                    .put("user", DeskUser.of(context).json())
                    .put("csrf", DeskSessions.csrf(context))
                    .put("status", word));
  }

  // ---- signing in

  private record Tried(String email, String password, String address) {}

  private void signIn(RoutingContext context) {
    DeskBody body = DeskBody.of(context);
    Tried tried =
        new Tried(
            body.text("email", LONGEST_EMAIL, "says who signs in").strip(),
            body.text("password", LONGEST_PASSWORD, "is the user's"),
            DeskAddress.of(context, settings.proxies()));
    if (body.isRefused(context)) {
      return;
    }
    DeskThrottle.Attempt attempt = DeskThrottle.Attempt.of(tried.email(), tried.address());
    throttle
        .take(attempt)
        .compose(
            ruling ->
                ruling.pause().isZero()
                    ? compare(context, tried, attempt)
                    : tooMany(context, tried, ruling))
        .onFailure(failure -> failed(context, failure));
  }

  private Future<Void> tooMany(RoutingContext context, Tried tried, DeskThrottle.Ruling ruling) {
    Duration pause = ruling.pause();
    context.response().putHeader("Retry-After", String.valueOf(pause.toSeconds() + 1));
    refuse(
        context,
        429,
        "too_many_attempts",
        "this was tried too often; try again in %d minutes".formatted(pause.toMinutes() + 1));
    return ruling.isOfNote()
        ? failure(
            tried,
            Optional.empty(),
            detail(tried, "too_many_attempts").put("tries", ruling.tries()))
        : Future.succeededFuture();
  }

  private Future<Void> compare(RoutingContext context, Tried tried, DeskThrottle.Attempt attempt) {
    return records
        .users()
        .local(tried.email())
        .compose(
            found ->
                passwords
                    .fits(tried.password(), found.map(DeskUsers.Local::hash))
                    .compose(
                        fits -> {
                          Optional<DeskUsers.User> user = found.map(DeskUsers.Local::user);
                          if (fits && user.isPresent() && user.get().active()) {
                            return throttle
                                .forgive(attempt)
                                .compose(_ -> welcome(context, user.get(), tried.address()));
                          }
                          refuse(
                              context,
                              401,
                              "wrong_credentials",
                              "the e-mail or the password is wrong, or the user may not sign in");
                          return failure(
                              tried,
                              user.map(DeskUser::of),
                              detail(
                                  tried,
                                  user.isEmpty()
                                      ? "unknown"
                                      : fits ? "not_active" : "wrong_password"));
                        }));
  }

  private static JsonObject detail(Tried tried, String reason) {
    return new JsonObject()
        .put("by", "password")
        .put("address", tried.address())
        .put("reason", reason);
  }

  /// On record is what was typed only where it is an e-mail: some type the password there.
  private Future<Void> failure(Tried tried, Optional<DeskUser> user, JsonObject detail) {
    return user.map(it -> audit.record(it, "sign_in_failed", Optional.empty(), detail))
        .orElseGet(
            () ->
                audit.recordUnknown(
                    isEmail(tried.email()) ? tried.email() : "?", "sign_in_failed", detail))
        .recover(
            failure -> {
              LOG.atError()
                  .setCause(failure)
                  .log("a sign-in that was refused could not be put on record");
              return Future.succeededFuture();
            });
  }

  private Future<Void> welcome(RoutingContext context, DeskUsers.User user, String address) {
    return sessions
        .begin(context, user)
        .compose(_ -> records.users().signedIn(user.id(), clock.instant()))
        .compose(
            _ ->
                audit.record(
                    DeskUser.of(user),
                    "sign_in",
                    Optional.empty(),
                    new JsonObject().put("by", "password").put("address", address)))
        .compose(_ -> told(context))
        .map(
            told -> {
              WebVerticle.answer(context, 200, told);
              return null;
            });
  }

  private void signOut(RoutingContext context) {
    sessions
        .end(context)
        .compose(
            _ -> audit.record(DeskUser.of(context), "sign_out", Optional.empty(), new JsonObject()))
        .onFailure(failure -> DeskAnswer.unavailable(context, failure))
        .onSuccess(_ -> WebVerticle.answer(context, 200, new JsonObject().put("status", "ok")));
  }

  // ---- invites

  private void invite(RoutingContext context) {
    inForce(context.pathParam("token"))
        .onFailure(failure -> DeskAnswer.unavailable(context, failure))
        .onSuccess(
            found -> {
              if (found.isEmpty()) {
                gone(context);
              } else {
                WebVerticle.answer(context, 200, json(found.get()));
              }
            });
  }

  static JsonObject json(Invite invite) {
    return new JsonObject()
        .put("email", invite.email().orElse(null))
        .put("role", invite.role().word())
        .put("topics", new JsonArray(invite.topics()))
        .put("expires_at", invite.expiresAt().toString());
  }

  /// The first admin's is no good any more once there is one.
  private Future<Optional<Invite>> inForce(String token) {
    if (!settings.local() || !DeskToken.hasForm(token)) {
      return Future.succeededFuture(Optional.empty());
    }
    return records
        .invites()
        .find(DeskToken.hash(token), clock.instant())
        .compose(
            found ->
                found.filter(Invite::first).isEmpty()
                    ? Future.succeededFuture(found)
                    : records
                        .users()
                        .hasAdmin()
                        .map(has -> has ? Optional.<Invite>empty() : found));
  }

  private void gone(RoutingContext context) {
    refuse(
        context,
        404,
        "unknown_invite",
        "this link was used, or its time is over; have an admin invite you again");
  }

  private void take(RoutingContext context) {
    DeskBody body = DeskBody.of(context);
    String name = body.text("name", LONGEST_NAME, "is what the others call the user").strip();
    String email = body.text("email", LONGEST_EMAIL, "is what the user signs in by").strip();
    String password = body.text("password", LONGEST_PASSWORD, "is the user's own");
    if (name.chars().anyMatch(Character::isISOControl)) {
      body.problem("/name is one line");
    }
    if (!isEmail(email)) {
      body.problem("/email is an e-mail address");
    }
    if (password.codePointCount(0, password.length()) < SHORTEST_PASSWORD) {
      body.problem("/password has at least %d characters".formatted(SHORTEST_PASSWORD));
    } else if (password.equalsIgnoreCase(email)
        || password.chars().distinct().count() < LEAST_DIFFERENT) {
      body.problem("/password is hard to guess");
    }
    if (body.isRefused(context)) {
      return;
    }
    String token = context.pathParam("token");
    inForce(token)
        .compose(
            found -> {
              if (found.isEmpty()) {
                gone(context);
                return Future.<Void>succeededFuture();
              }
              if (found.get().email().filter(it -> !it.equalsIgnoreCase(email)).isPresent()) {
                refuse(context, 409, "other_email", "this link is for another e-mail address");
                return Future.<Void>succeededFuture();
              }
              return take(context, token, name, email, password);
            })
        .onFailure(failure -> failed(context, failure));
  }

  private Future<Void> take(
      RoutingContext context, String token, String name, String email, String password) {
    Instant now = clock.instant();
    return passwords
        .hash(password)
        .map(hash -> new Taker(UUID.randomUUID(), name, email.toLowerCase(Locale.ROOT), hash))
        .compose(taker -> records.invites().take(DeskToken.hash(token), taker, now))
        .compose(
            taking ->
                switch (taking) {
                  case Taking.Gone _ -> {
                    gone(context);
                    yield Future.succeededFuture();
                  }
                  case Taking.EmailTaken _ -> {
                    refuse(context, 409, "email_taken", "somebody has this e-mail address here");
                    yield Future.succeededFuture();
                  }
                  case Taking.Taken(var user) -> joined(context, user, "user_joined");
                  // Whoever knew the old password is out.
                  case Taking.Renewed(var user) ->
                      sessions
                          .endAll(user.id())
                          .compose(_ -> joined(context, user, "password_renewed"));
                });
  }

  private Future<Void> joined(RoutingContext context, DeskUsers.User user, String action) {
    JsonObject detail = new JsonObject().put("role", user.role().word());
    return audit
        .record(DeskUser.of(user), action, Optional.empty(), detail)
        .compose(_ -> welcome(context, user, DeskAddress.of(context, settings.proxies())));
  }

  static boolean isEmail(String text) {
    return text.length() <= LONGEST_EMAIL
        && text.matches("[^\\s@\"<>]+@[^\\s@\"<>.]+(\\.[^\\s@\"<>.]+)*");
  }
}
