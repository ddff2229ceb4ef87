package io.parley.verticles;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.function.Consumer;
import java.util.function.Function;

/// Everything of the desk but the conversations: what all its answers carry, signing in and out,
/// users, the audit, and the web app. To be mounted before what else the desk answers.
final class DeskRoutes implements Consumer<Router> {

  /// No script, style or form but the desk's own files; pictures that customers send may lie
  /// anywhere.
  static final String CONTENT_SECURITY_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self';"
          + " img-src 'self' https: data:; media-src 'self' https:; connect-src 'self';"
          + " manifest-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

  private final DeskSettings settings;
  private final DeskSessions sessions;
  private final DeskRecords records;
  private final Function<DeskUser, Future<String>> status;
  private final InstantSource clock;
  private final Metrics metrics;
  private final Vertx vertx;

  /// @param status whether a user takes conversations: online, away or offline
  DeskRoutes(
      Vertx vertx,
      DeskSettings settings,
      DeskSessions sessions,
      DeskRecords records,
      Function<DeskUser, Future<String>> status,
      InstantSource clock,
      Metrics metrics) {
    this.vertx = vertx;
    this.settings = settings;
    this.sessions = sessions;
    this.records = records;
    this.status = status;
    this.clock = clock;
    this.metrics = metrics;
  }

  @Override
  public void accept(Router router) {
    router.route("/desk").handler(DeskRoutes::headers);
    router.route("/desk/*").handler(DeskRoutes::headers);
    new DeskSignIn(vertx, settings, sessions, records, status, clock, metrics).accept(router);
    new DeskPeople(settings, sessions, records, clock, metrics).accept(router);
    settings
        .provider()
        .ifPresent(
            provider ->
                new DeskOidc(vertx, settings, provider, sessions, records, clock, metrics)
                    .accept(router));
    new DeskApp(vertx, DeskApp.FOLDER).accept(router);
  }

  private static void headers(RoutingContext context) {
    context
        .response()
        .putHeader("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("Referrer-Policy", "no-referrer")
        .putHeader("Cross-Origin-Opener-Policy", "same-origin")
        .putHeader("Cross-Origin-Resource-Policy", "same-origin")
        .putHeader(
            "Permissions-Policy",
            "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()")
        .putHeader("Cache-Control", "no-store");
    context.next();
  }
}
