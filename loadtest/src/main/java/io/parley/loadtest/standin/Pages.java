package io.parley.loadtest.standin;

import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/// Answers for people who try a stand-in by hand.
public final class Pages {

  private Pages() {}

  public static void show(RoutingContext http, JsonObject json) {
    http.response().putHeader("Content-Type", "application/json").end(json.encodePrettily() + "\n");
  }
}
