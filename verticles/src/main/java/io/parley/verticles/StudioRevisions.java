package io.parley.verticles;

import io.parley.engine.FlowSid;
import io.parley.store.Flows;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/// `/v2/Flows/{sid}/Revisions`: list, and fetch by number or by `LatestPublished` and
/// `LatestRevision`.
final class StudioRevisions {

  private final Vertx vertx;
  private final Flows store;
  private final FlowJson json;
  private final StudioLinks links;

  StudioRevisions(Vertx vertx, Flows store, StudioLinks links) {
    this.vertx = vertx;
    this.store = store;
    this.json = new FlowJson(links);
    this.links = links;
  }

  Future<StudioAnswer> list(RoutingContext context) {
    FlowSid sid = StudioFlows.sid(context);
    StudioParameters query = StudioParameters.query(context);
    StudioPage page = StudioPage.of(context, query, links.flow(sid) + "/Revisions");
    var slice = page.slice(query, StudioRevisions::number);
    if (query.problem().isPresent()) {
      return Future.succeededFuture(query.problem().get());
    }
    var listing =
        new StudioPage.Listing<Flows.Revision>(
            "revisions", it -> String.valueOf(it.ref().revision()), json::revision);
    return store
        .testUsers(sid)
        .compose(
            flow ->
                flow.isEmpty()
                    ? Future.succeededFuture(StudioError.notFound(StudioRoutes.path(context)))
                    : store
                        .revisions(sid, slice)
                        .map(rows -> StudioAnswer.shown(page.body(rows, listing))));
  }

  private static Optional<Integer> number(String text) {
    return text.matches("[0-9]{1,9}") ? Optional.of(Integer.valueOf(text)) : Optional.empty();
  }

  Future<StudioAnswer> fetch(RoutingContext context) {
    FlowSid sid = StudioFlows.sid(context);
    String given = context.pathParam("revision");
    boolean word = given.equals("LatestPublished") || given.equals("LatestRevision");
    if (!word && !given.matches("[0-9]+")) {
      return Future.succeededFuture(StudioError.badRevision());
    }
    Future<Optional<Flows.Stored>> found =
        switch (given) {
          case "LatestPublished" -> store.latestPublished(sid);
          case "LatestRevision" -> store.latest(sid);
          default ->
              number(given)
                  .map(number -> store.shown(sid, number))
                  .orElse(Future.succeededFuture(Optional.empty()));
        };
    return found.compose(
        stored ->
            stored.isPresent()
                ? StudioFlows.read(vertx, stored.get().definition())
                    .map(reading -> StudioAnswer.shown(json.revision(stored.get(), reading)))
                : Future.succeededFuture(StudioError.notFound(StudioRoutes.path(context))));
  }
}
