package io.parley.verticles;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.sqlclient.SqlClient;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// What an operator asks: `/health/live`, `/health/ready`, `/metrics`.
final class OperatorRoutes implements Consumer<Router> {

  /// How long the database has to answer.
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final SqlClient client;
  private final Readiness readiness;
  private final Metrics metrics;

  OperatorRoutes(SqlClient client, Readiness readiness, Metrics metrics) {
    this.client = client;
    this.readiness = readiness;
    this.metrics = metrics;
  }

  @Override
  public void accept(Router router) {
    router
        .get("/health/live")
        .handler(
            context -> WebVerticle.answer(context, 200, new JsonObject().put("status", "live")));
    router.get("/health/ready").handler(this::ready);
    router
        .get("/metrics")
        .handler(
            context ->
                context
                    .response()
                    .putHeader("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
                    .end(metrics.scrape()));
  }

  private JsonObject destinations() {
    JsonObject destinations = new JsonObject();
    readiness.destinations().forEach(destinations::put);
    return destinations;
  }

  /// Ready when the database answers in time and everything has been deployed, whatever trouble the
  /// couriers have: see [Readiness].
  private void ready(RoutingContext context) {
    client
        .query("select 1")
        .execute()
        .timeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
        .map(_ -> "up")
        .recover(failure -> Future.succeededFuture("down: " + failure.getMessage()))
        .onSuccess(
            database -> {
              boolean ready = database.equals("up") && readiness.deployed();
              JsonObject body =
                  new JsonObject()
                      .put("status", ready ? "ready" : "not ready")
                      .put("database", database)
                      .put("twilio_courier", readiness.twilioCourier())
                      .put("customerio_courier", readiness.customerIoCourier())
                      .put("destinations", destinations())
                      .put("tagger", readiness.tagger())
                      .put("offers", readiness.offers());
              WebVerticle.answer(context, ready ? 200 : 503, body);
            });
  }
}
