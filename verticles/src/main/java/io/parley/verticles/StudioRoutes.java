package io.parley.verticles;

import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Studio's REST API v2: which path leads to which resource, who may ask, how often, and what every
/// refusal looks like. Confined to its context.
final class StudioRoutes implements Consumer<Router> {

  /// A definition of two million characters, every third of which a form writes as three.
  private static final int MAX_BODY_BYTES = 6 * 1024 * 1024;

  private static final String VERSION = "/v2";
  private static final String FORM = "application/x-www-form-urlencoded";
  private static final String FLOWS = VERSION + "/Flows";
  private static final String FLOW = FLOWS + "/:flow";
  private static final String EXECUTIONS = FLOW + "/Executions";
  private static final String EXECUTION = EXECUTIONS + "/:execution";
  private static final Logger LOG = LoggerFactory.getLogger(StudioRoutes.class);

  private final StudioCredentials credentials;
  private final RateLimit pace;
  private final Resources resources;
  private final Metrics metrics;
  private final Set<String> paths = new LinkedHashSet<>();

  /// What the paths lead to.
  record Resources(
      StudioFlows flows,
      StudioRevisions revisions,
      StudioTestUsers testUsers,
      StudioExecutions executions,
      StudioSteps steps) {}

  /// @param pace how many requests a second are answered
  StudioRoutes(
      StudioCredentials credentials, RateLimit pace, Resources resources, Metrics metrics) {
    this.credentials = credentials;
    this.pace = pace;
    this.resources = resources;
    this.metrics = metrics;
  }

  @Override
  public void accept(Router router) {
    router.route(VERSION + "/*").failureHandler(StudioRoutes::failed).handler(this::admit);
    StudioFlows flows = resources.flows();
    get(router, FLOWS, flows::list);
    post(router, FLOWS, flows::create);
    post(router, FLOWS + "/Validate", flows::validate);
    get(router, FLOW, flows::fetch);
    post(router, FLOW, flows::update);
    delete(router, FLOW, flows::delete);
    get(router, FLOW + "/Revisions", resources.revisions()::list);
    get(router, FLOW + "/Revisions/:revision", resources.revisions()::fetch);
    get(router, FLOW + "/TestUsers", resources.testUsers()::fetch);
    post(router, FLOW + "/TestUsers", resources.testUsers()::update);
    StudioExecutions executions = resources.executions();
    get(router, EXECUTIONS, executions::list);
    post(router, EXECUTIONS, executions::create);
    get(router, EXECUTION, executions::fetch);
    post(router, EXECUTION, executions::update);
    delete(router, EXECUTION, executions::delete);
    get(router, EXECUTION + "/Context", executions::context);
    get(router, EXECUTION + "/Steps", resources.steps()::list);
    get(router, EXECUTION + "/Steps/:step", resources.steps()::fetch);
    get(router, EXECUTION + "/Steps/:step/Context", resources.steps()::context);
    for (String path : paths) {
      router.route(path).handler(context -> context.fail(405));
    }
    router.route(VERSION + "/*").handler(context -> context.fail(404));
  }

  // ---- routes

  private void get(
      Router router, String path, Function<RoutingContext, Future<StudioAnswer>> resource) {
    on(router, HttpMethod.GET, path).handler(context -> answer(context, resource));
  }

  private void delete(
      Router router, String path, Function<RoutingContext, Future<StudioAnswer>> resource) {
    on(router, HttpMethod.DELETE, path).handler(context -> answer(context, resource));
  }

  private void post(
      Router router, String path, Function<RoutingContext, Future<StudioAnswer>> resource) {
    on(router, HttpMethod.POST, path)
        .handler(new RawBody("studio", MAX_BODY_BYTES, metrics))
        .handler(StudioRoutes::readForm)
        .handler(context -> answer(context, resource));
  }

  private Route on(Router router, HttpMethod method, String path) {
    paths.add(path);
    return router.route(method, path);
  }

  // ---- before a resource is asked

  private void admit(RoutingContext context) {
    if (!credentials.configured()) {
      refuse(
          context,
          "not_configured",
          StudioError.unauthenticated(
              "The Studio API is off: set PARLEY_TWILIO_ACCOUNT_SID and PARLEY_TWILIO_AUTH_TOKEN,"
                  + " or PARLEY_API_KEYS"));
      return;
    }
    String header = context.request().getHeader("Authorization");
    if (!credentials.admit(header == null ? "" : header)) {
      context.response().putHeader("WWW-Authenticate", "Basic realm=\"Parley\"");
      refuse(context, "unauthenticated", StudioError.unauthenticated("Authenticate"));
      return;
    }
    if (!pace.take()) {
      context.response().putHeader("Retry-After", "1");
      refuse(context, "too_many", StudioError.tooMany("Too Many Requests"));
      return;
    }
    context.next();
  }

  private void refuse(RoutingContext context, String reason, StudioError error) {
    metrics.edgeRefused("studio", reason);
    LOG.atWarn()
        .addKeyValue("path", context.normalizedPath())
        .addKeyValue("reason", reason)
        .log("a request to the Studio API was refused");
    respond(context, error);
  }

  private static void readForm(RoutingContext context) {
    byte[] body = RawBody.of(context);
    String type = context.request().getHeader("Content-Type");
    boolean form = type == null || type.toLowerCase(Locale.ROOT).startsWith(FORM);
    if (body.length > 0 && !form) {
      context.fail(415);
      return;
    }
    try {
      StudioParameters.read(context, body);
    } catch (IllegalArgumentException malformed) {
      respond(context, StudioError.malformed("The form cannot be read: " + malformed.getMessage()));
      return;
    }
    context.next();
  }

  // ---- answers

  private static void answer(
      RoutingContext context, Function<RoutingContext, Future<StudioAnswer>> resource) {
    resource
        .apply(context)
        .onSuccess(answer -> respond(context, answer))
        .onFailure(
            failure -> {
              LOG.atError()
                  .addKeyValue("path", context.normalizedPath())
                  .addKeyValue("why", failure.getMessage())
                  .log("a request to the Studio API was not answered");
              respond(context, StudioError.unavailable());
            });
  }

  /// What no resource was asked for: an unknown path, a body that is too large, a bug.
  private static void failed(RoutingContext context) {
    int status = context.statusCode() < 400 ? 500 : context.statusCode();
    if (status >= 500) {
      LOG.atError()
          .addKeyValue("path", context.normalizedPath())
          .setCause(context.failure())
          .log("a request to the Studio API failed");
    }
    respond(
        context,
        status == 405
            ? StudioError.methodNotAllowed(context.request().method().name(), path(context))
            : StudioError.ofStatus(status, path(context)));
  }

  /// The path as messages name it: without the version.
  static String path(RoutingContext context) {
    return context.normalizedPath().substring(VERSION.length());
  }

  private static void respond(RoutingContext context, StudioAnswer answer) {
    switch (answer) {
      case StudioAnswer.Shown(var status, var body) -> WebVerticle.answer(context, status, body);
      case StudioAnswer.Gone() -> context.response().setStatusCode(204).end();
      case StudioError error -> WebVerticle.answer(context, error.status(), error.json());
    }
  }
}
