package io.parley.verticles;

import io.parley.store.DeskUsers;
import io.parley.store.OpenSessions;
import io.parley.store.OpenSessions.Open;
import io.parley.store.Role;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Lets those pass who are signed in at the desk. A session is a random text in a cookie that no
/// script reads; its hash is in the database, which is asked at each request, so that a session
/// outlives restarts and is over the moment it is revoked. What changes something also carries
/// `X-CSRF`, which only a page of ours can read. Thread-safe.
///
/// ```
/// router.get("/desk/api/board").handler(sessions.atLeast(Role.LEAD)).handler(this::board);
/// ```
final class DeskSessions {

  /// The header that whatever changes something carries.
  static final String CSRF = "X-CSRF";

  /// A session is not written at each request.
  private static final Duration SEEN_ANEW = Duration.ofMinutes(1);

  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final String KEY = "parley.desk-session";
  private static final Set<HttpMethod> SAFE = Set.of(HttpMethod.GET, HttpMethod.HEAD);
  private static final Logger LOG = LoggerFactory.getLogger(DeskSessions.class);

  private final OpenSessions sessions;
  private final DeskSettings settings;
  private final InstantSource clock;
  private final Metrics metrics;

  /// What shall end once its session does.
  private final Set<Watch> watches = ConcurrentHashMap.newKeySet();

  DeskSessions(OpenSessions sessions, DeskSettings settings, InstantSource clock, Metrics metrics) {
    this.sessions = sessions;
    this.settings = settings;
    this.clock = clock;
    this.metrics = metrics;
  }

  /// A class of its own, since two of the same content are two.
  private static final class Watch {
    private final String session;
    private final DeskUser user;
    private final Context context;
    private final Runnable over;

    private Watch(String session, DeskUser user, Context context, Runnable over) {
      this.session = session;
      this.user = user;
      this.context = context;
      this.over = over;
    }
  }

  // ---- who may pass

  /// Lets users of a role and those above it pass. Auditors pass where something is read.
  Handler<RoutingContext> atLeast(Role least) {
    return context ->
        check(context, role -> isSafe(context) ? role.mayRead(least) : role.mayDo(least));
  }

  /// Lets everybody pass who is signed in: for what concerns the user alone.
  Handler<RoutingContext> signedIn() {
    return context -> check(context, _ -> true);
  }

  private static boolean isSafe(RoutingContext context) {
    return SAFE.contains(context.request().method());
  }

  private void check(RoutingContext context, Predicate<Role> allowed) {
    if (!isSafe(context) && !isFromHere(context)) {
      return;
    }
    Optional<String> token = token(context);
    if (token.isEmpty()) {
      signedOut(context);
      return;
    }
    // What is still to be read of the request is read by who comes after.
    boolean unread = !context.request().isEnded();
    if (unread) {
      context.request().pause();
    }
    find(context)
        .onComplete(
            _ -> {
              if (unread) {
                context.request().resume();
              }
            })
        .onFailure(failure -> DeskAnswer.unavailable(context, failure))
        .onSuccess(
            found -> {
              if (found.isEmpty()) {
                signedOut(context);
              } else {
                pass(context, found.get(), allowed);
              }
            });
  }

  private void pass(RoutingContext context, DeskUser user, Predicate<Role> allowed) {
    if (!isSafe(context) && !carriesCsrf(context)) {
      refuse(
          context,
          403,
          "csrf",
          "the request does not carry " + CSRF + " as this session has it; load the page anew");
    } else if (!allowed.test(user.role())) {
      refuse(
          context,
          403,
          "not_allowed",
          user.role() == Role.AUDITOR
              ? "an auditor looks at everything and changes nothing"
              : "this is not for the role of " + user.role().word());
    } else {
      context.next();
    }
  }

  private boolean carriesCsrf(RoutingContext context) {
    String given = Optional.ofNullable(context.request().getHeader(CSRF)).orElse("");
    return MessageDigest.isEqual(
        csrf(context).getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
  }

  /// Refuses what a page of another site has a browser send. A browser says of each such request
  /// where it comes from; what says nothing is no browser's.
  boolean isFromHere(RoutingContext context) {
    Optional<String> origin = Optional.ofNullable(context.request().getHeader("Origin"));
    String site = Optional.ofNullable(context.request().getHeader("Sec-Fetch-Site")).orElse("");
    boolean here =
        origin
            .map(it -> it.equals(settings.origin()) || it.equals(asAddressed(context)))
            .orElse(!site.equals("cross-site") && !site.equals("same-site"));
    if (!here) {
      refuse(
          context,
          403,
          "wrong_origin",
          "the request comes from a page of another origin; the desk is at "
              + settings.origin()
              + "/desk, as PARLEY_PUBLIC_URL says");
    }
    return here;
  }

  /// The origin by which the browser has reached this service.
  private static String asAddressed(RoutingContext context) {
    String host = Optional.ofNullable(context.request().getHeader("Host")).orElse("");
    return context.request().scheme() + "://" + host;
  }

  private void signedOut(RoutingContext context) {
    refuse(context, 401, "signed_out", "nobody is signed in here any more; sign in again");
  }

  private void refuse(RoutingContext context, int status, String reason, String message) {
    metrics.edgeRefused("desk", reason);
    DeskAnswer.refuse(context, status, reason, message);
  }

  // ---- sessions

  /// The user of a request, put on its context; empty where nobody is signed in.
  Future<Optional<DeskUser>> find(RoutingContext context) {
    Optional<String> token = token(context);
    if (token.isEmpty()) {
      return Future.succeededFuture(Optional.empty());
    }
    Instant now = clock.instant();
    return sessions
        .find(DeskToken.hash(token.get()), now)
        .timeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
        .map(
            found -> {
              found.ifPresent(
                  open -> {
                    DeskUser.of(open.user()).putOn(context);
                    context.put(KEY, token.get());
                    seen(context, open, now);
                  });
              return found.map(open -> DeskUser.of(open.user()));
            });
  }

  /// A stream that a browser opens anew by itself is nothing that a user does.
  private void seen(RoutingContext context, Open open, Instant now) {
    String accepts = Optional.ofNullable(context.request().getHeader("Accept")).orElse("");
    if (accepts.startsWith("text/event-stream") || open.seenAt().plus(SEEN_ANEW).isAfter(now)) {
      return;
    }
    sessions
        .seen(List.of(open.id()), now)
        .onFailure(
            failure ->
                LOG.atWarn()
                    .addKeyValue("why", failure.getMessage())
                    .log("that a user was seen could not be noted"));
  }

  /// Signs a user in: the answer that is given next carries the cookie.
  ///
  /// @return the session's `X-CSRF`
  Future<String> begin(RoutingContext context, DeskUsers.User user) {
    String token = DeskToken.draw();
    Instant now = clock.instant();
    // What the browser held before is over: nobody goes on in a session that another began.
    return end(context)
        .compose(
            _ ->
                sessions.begin(DeskToken.hash(token), user.id(), now, now.plus(settings.session())))
        .map(
            _ -> {
              context.response().addCookie(cookie(token).setMaxAge(settings.session().toSeconds()));
              DeskUser.of(user).putOn(context);
              context.put(KEY, token);
              return csrf(context);
            });
  }

  /// Signs out who asks; the answer that is given next takes the cookie back.
  Future<Void> end(RoutingContext context) {
    Optional<String> token = token(context);
    if (token.isEmpty()) {
      return Future.succeededFuture();
    }
    context.response().addCookie(cookie("").setMaxAge(0));
    return sessions
        .end(DeskToken.hash(token.get()))
        .compose(_ -> look().otherwiseEmpty().mapEmpty());
  }

  /// Signs a user out everywhere; answers how many sessions that were.
  Future<Integer> endAll(UUID user) {
    return sessions.endAll(user).compose(ended -> look().otherwiseEmpty().map(ended));
  }

  /// What a request of this session that changes something carries as `X-CSRF`. Of a request that
  /// was let pass.
  static String csrf(RoutingContext context) {
    String token = context.get(KEY);
    return DeskToken.derived("csrf", token);
  }

  /// `__Host-` has browsers see to it that no other host has set the cookie.
  private String name() {
    return (settings.isSecure() ? "__Host-" : "") + "parley_desk";
  }

  private Cookie cookie(String value) {
    return Cookie.cookie(name(), value)
        .setPath("/")
        .setHttpOnly(true)
        .setSecure(settings.isSecure())
        .setSameSite(CookieSameSite.LAX);
  }

  private Optional<String> token(RoutingContext context) {
    return Optional.ofNullable(context.request().getCookie(name()))
        .map(Cookie::getValue)
        .filter(DeskToken::hasForm);
  }

  // ---- what lasts longer than a request

  /// Has something end when the session of a request is over or its user's role or topics change:
  /// at once where that happens at this node, else within seconds.
  ///
  /// @param over is called once, on the context that asks now
  /// @return to be run where it has ended by itself
  Runnable whenOver(RoutingContext context, Runnable over) {
    String token = context.get(KEY);
    Watch watch =
        new Watch(
            DeskToken.hash(token),
            DeskUser.of(context),
            context.vertx().getOrCreateContext(),
            over);
    watches.add(watch);
    return () -> watches.remove(watch);
  }

  /// Ends what lasts longer than its session. Asks the database once, and only where there is
  /// something to end.
  Future<Void> look() {
    List<Watch> looked = List.copyOf(watches);
    if (looked.isEmpty()) {
      return Future.succeededFuture();
    }
    List<String> ids = looked.stream().map(it -> it.session).distinct().toList();
    return sessions
        .open(ids, clock.instant())
        .map(
            open -> {
              looked.stream().filter(it -> !holds(it, open)).forEach(this::end);
              return null;
            });
  }

  private static boolean holds(Watch watch, Map<String, Open> open) {
    return Optional.ofNullable(open.get(watch.session))
        .map(it -> DeskUser.of(it.user()))
        .filter(now -> now.role() == watch.user.role() && now.topics().equals(watch.user.topics()))
        .isPresent();
  }

  private void end(Watch watch) {
    if (watches.remove(watch)) {
      watch.context.runOnContext(_ -> watch.over.run());
    }
  }
}
