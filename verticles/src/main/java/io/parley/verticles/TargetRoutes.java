package io.parley.verticles;

import io.parley.edge.HandoffTarget.Hearing;
import io.parley.edge.HandoffTarget.News;
import io.parley.edge.HandoffTarget.Webhook;
import io.parley.engine.Reason;
import io.parley.store.HandoffTargets;
import io.parley.store.HandoffTargets.State;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What desks elsewhere tell: `POST /handoff-targets/{name}`. Each proves by its own rule that it
/// is the one; what is told again counts once.
final class TargetRoutes implements Consumer<Router> {

  private static final int MAX_BODY_BYTES = 256 * 1024;
  private static final String EDGE = "handoff_target";
  private static final Logger LOG = LoggerFactory.getLogger(TargetRoutes.class);

  private final Supplier<Map<String, Target>> targets;
  private final HandoffTargets store;
  private final TargetEvents events;
  private final URI publicUrl;
  private final Clock clock;
  private final Metrics metrics;

  TargetRoutes(
      Supplier<Map<String, Target>> targets,
      HandoffTargets store,
      TargetEvents events,
      URI publicUrl,
      Clock clock,
      Metrics metrics) {
    this.targets = targets;
    this.store = store;
    this.events = events;
    this.publicUrl = publicUrl;
    this.clock = clock;
    this.metrics = metrics;
  }

  @Override
  public void accept(Router router) {
    router
        .post(TargetTypes.PATH + ":name")
        .handler(new RawBody(EDGE, MAX_BODY_BYTES, metrics))
        .handler(this::hear);
  }

  private void hear(RoutingContext context) {
    Optional<Target> target = Optional.ofNullable(targets.get().get(context.pathParam("name")));
    if (target.isEmpty()) {
      WebVerticle.answer(context, 404, "the desk file has no target of this name");
      return;
    }
    if (!target.get().obstacle().isEmpty()) {
      refuse(context, 403, "not_configured", target.get().obstacle());
      return;
    }
    switch (target.get().desk().hear(webhook(context), clock.instant())) {
      case Hearing.NotHeard(var status, var reason, var sentence) ->
          refuse(context, status, reason, sentence);
      case Hearing.Heard(var news) ->
          tell(target.get(), news, 0, Optional.empty())
              .onSuccess(refused -> answer(context, refused))
              .onFailure(
                  failure -> {
                    LOG.atError()
                        .addKeyValue("target", target.get().name())
                        .addKeyValue("why", failure.getMessage())
                        .log("what a target told could not be stored");
                    WebVerticle.answer(
                        context, 503, "nothing was stored; send the same request again");
                  });
    }
  }

  private Webhook webhook(RoutingContext context) {
    Map<String, String> headers = new HashMap<>();
    context
        .request()
        .headers()
        .forEach(entry -> headers.put(entry.getKey().toLowerCase(Locale.ROOT), entry.getValue()));
    String asked = context.request().uri();
    return new Webhook(
        asked,
        publicUrl.toString().replaceAll("/+$", "") + asked,
        headers,
        new String(RawBody.of(context), StandardCharsets.UTF_8));
  }

  private void refuse(RoutingContext context, int status, String reason, String sentence) {
    metrics.edgeRefused(EDGE, reason);
    LOG.atWarn()
        .addKeyValue("path", context.normalizedPath())
        .addKeyValue("reason", reason)
        .log("a request of a desk elsewhere was refused");
    WebVerticle.answer(
        context,
        status,
        new JsonObject().put("status", "error").put("reason", reason).put("message", sentence));
  }

  /// One after the other; what is about no handoff that the target has is passed over.
  ///
  /// @param refused the reason of the last that was refused
  private Future<Optional<String>> tell(
      Target target, List<News> news, int from, Optional<String> refused) {
    if (from == news.size()) {
      return Future.succeededFuture(refused);
    }
    return tell(target, news.get(from))
        .compose(told -> tell(target, news, from + 1, told.or(() -> refused)));
  }

  private Future<Optional<String>> tell(Target target, News news) {
    return store
        .find(target.name(), news.reference())
        .compose(
            found -> {
              if (found.isEmpty() || found.get().state() == State.OVER) {
                metrics.target(target.name(), "unknown");
                return Future.succeededFuture(Optional.<String>empty());
              }
              metrics.target(target.name(), "heard");
              return events
                  .heard(found.get(), news.incoming())
                  .map(
                      decision ->
                          decision instanceof Decision.Taken taken
                              ? taken.refusal()
                              : Optional.<String>empty());
            });
  }

  private static void answer(RoutingContext context, Optional<String> refused) {
    if (refused.isEmpty()) {
      context.response().setStatusCode(204).end();
      return;
    }
    WebVerticle.answer(
        context,
        200,
        new JsonObject()
            .put("status", "refused")
            .put("reason", refused.get())
            .put("message", Reason.valueOf(refused.get().toUpperCase(Locale.ROOT)).sentence()));
  }
}
