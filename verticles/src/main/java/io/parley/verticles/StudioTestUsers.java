package io.parley.verticles;

import io.parley.engine.FlowSid;
import io.parley.store.Flows;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/// `/v2/Flows/{sid}/TestUsers`: the contacts who get the newest revision of a flow, draft or not.
final class StudioTestUsers {

  private final Flows store;
  private final FlowLibrary library;
  private final StudioLinks links;

  StudioTestUsers(Flows store, FlowLibrary library, StudioLinks links) {
    this.store = store;
    this.library = library;
    this.links = links;
  }

  Future<StudioAnswer> fetch(RoutingContext context) {
    FlowSid sid = StudioFlows.sid(context);
    return store
        .testUsers(sid)
        .map(
            users ->
                users.isPresent()
                    ? StudioAnswer.shown(json(sid, users.get()))
                    : StudioError.notFound(StudioRoutes.path(context)));
  }

  Future<StudioAnswer> update(RoutingContext context) {
    FlowSid sid = StudioFlows.sid(context);
    StudioParameters form = StudioParameters.form(context);
    List<String> users = form.all("TestUsers");
    if (form.problem().isPresent()) {
      return Future.succeededFuture(form.problem().get());
    }
    return store
        .replaceTestUsers(sid, users)
        .compose(
            replaced ->
                replaced
                    ? library.refresh().map(_ -> StudioAnswer.shown(json(sid, users)))
                    : Future.succeededFuture(StudioError.notFound(StudioRoutes.path(context))));
  }

  private JsonObject json(FlowSid sid, List<String> users) {
    return new JsonObject()
        .put("sid", sid.value())
        .put("test_users", new JsonArray(users))
        .put("url", links.flow(sid) + "/TestUsers");
  }
}
