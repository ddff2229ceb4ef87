package io.parley.verticles;

import io.parley.codec.FlowFiles;
import io.parley.engine.FlowSid;
import io.parley.engine.flow.Flow;
import io.parley.engine.flow.FlowReading;
import io.parley.store.Flows;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/// `/v2/Flows`: create, list, fetch, update, delete, validate. Every create and every update makes
/// a revision, also one with the same definition. A definition with errors is stored under neither
/// status.
final class StudioFlows {

  private static final int MAX_TRIES = 5;

  private final Vertx vertx;
  private final Flows store;
  private final FlowLibrary library;
  private final FlowJson json;
  private final StudioLinks links;
  private final Clock clock;

  StudioFlows(Vertx vertx, Flows store, FlowLibrary library, StudioLinks links, Clock clock) {
    this.vertx = vertx;
    this.store = store;
    this.library = library;
    this.json = new FlowJson(links);
    this.links = links;
    this.clock = clock;
  }

  static FlowSid sid(RoutingContext context) {
    return new FlowSid(context.pathParam("flow"));
  }

  Future<StudioAnswer> list(RoutingContext context) {
    StudioParameters query = StudioParameters.query(context);
    StudioPage page = StudioPage.of(context, query, links.flows());
    var slice = page.slice(query, StudioFlows::key);
    if (query.problem().isPresent()) {
      return Future.succeededFuture(query.problem().get());
    }
    var listing =
        new StudioPage.Listing<Flows.Revision>(
            "flows", it -> it.flowCreatedAt() + " " + it.ref().sid(), json::flow);
    return store.list(slice).map(rows -> StudioAnswer.shown(page.body(rows, listing)));
  }

  private static Optional<Flows.Key> key(String text) {
    return StudioKeys.read(text, (at, sid) -> new Flows.Key(at, new FlowSid(sid)));
  }

  Future<StudioAnswer> fetch(RoutingContext context) {
    return store
        .latest(sid(context))
        .compose(
            found ->
                found.isPresent()
                    ? shown(found.get()).map(StudioAnswer::shown)
                    : Future.succeededFuture(StudioError.notFound(StudioRoutes.path(context))));
  }

  Future<StudioAnswer> create(RoutingContext context) {
    StudioParameters form = StudioParameters.form(context);
    Flows.Edit edit =
        new Flows.Edit(
            form.required("FriendlyName"),
            form.requiredWord("Status", Flows.Status.class),
            author(form),
            form.optional("CommitMessage"),
            form.required("Definition"));
    if (form.problem().isPresent()) {
      return Future.succeededFuture(form.problem().get());
    }
    FlowSid sid = new FlowSid("FW" + UUID.randomUUID().toString().replace("-", ""));
    return checked(edit.definition())
        .compose(
            error ->
                error.isPresent()
                    ? Future.succeededFuture(error.get())
                    : store
                        .create(sid, edit, clock.instant())
                        .compose(this::known)
                        .map(StudioAnswer::created));
  }

  Future<StudioAnswer> update(RoutingContext context) {
    return update(context, 1);
  }

  private Future<StudioAnswer> update(RoutingContext context, int attempt) {
    StudioParameters form = StudioParameters.form(context);
    Flows.Status status = form.requiredWord("Status", Flows.Status.class);
    Optional<String> name = form.optional("FriendlyName").filter(it -> !it.isBlank());
    Optional<String> definition = form.optional("Definition").filter(it -> !it.isBlank());
    Optional<String> message = form.optional("CommitMessage");
    Optional<String> author = author(form);
    if (form.problem().isPresent()) {
      return Future.succeededFuture(form.problem().get());
    }
    return store
        .latest(sid(context))
        .compose(
            found -> {
              if (found.isEmpty()) {
                return Future.succeededFuture(StudioError.notFound(StudioRoutes.path(context)));
              }
              Flows.Stored before = found.get();
              Flows.Edit edit =
                  new Flows.Edit(
                      name.orElse(before.revision().ref().name()),
                      status,
                      author,
                      message,
                      definition.orElse(before.definition()));
              return revise(context, before, edit, attempt);
            });
  }

  private Future<StudioAnswer> revise(
      RoutingContext context, Flows.Stored before, Flows.Edit edit, int attempt) {
    Instant now = clock.instant();
    return checked(edit.definition())
        .compose(
            error ->
                error.isPresent()
                    ? Future.<StudioAnswer>succeededFuture(error.get())
                    : store
                        .revise(before.revision().ref(), edit, now)
                        .compose(revised -> revised(context, revised, attempt)));
  }

  /// Somebody else may have revised the flow in the same moment: then this revision is made of
  /// theirs.
  private Future<StudioAnswer> revised(
      RoutingContext context, Optional<Flows.Stored> revised, int attempt) {
    if (revised.isPresent()) {
      return known(revised.get()).map(StudioAnswer::shown);
    }
    return attempt < MAX_TRIES
        ? update(context, attempt + 1)
        : Future.succeededFuture(
            StudioError.conflict("The flow is being changed by others: try again"));
  }

  /// Executions that run go on with their revision; nothing starts the flow any more.
  Future<StudioAnswer> delete(RoutingContext context) {
    return store
        .delete(sid(context), clock.instant())
        .compose(
            deleted ->
                deleted
                    ? library.refresh().<StudioAnswer>map(_ -> new StudioAnswer.Gone())
                    : Future.succeededFuture(StudioError.notFound(StudioRoutes.path(context))));
  }

  Future<StudioAnswer> validate(RoutingContext context) {
    StudioParameters form = StudioParameters.form(context);
    form.required("FriendlyName");
    form.requiredWord("Status", Flows.Status.class);
    String definition = form.required("Definition");
    if (form.problem().isPresent()) {
      return Future.succeededFuture(form.problem().get());
    }
    return checked(definition)
        .map(
            error ->
                error
                    .<StudioAnswer>map(it -> it)
                    .orElseGet(() -> StudioAnswer.shown(new JsonObject().put("valid", true))));
  }

  private static Optional<String> author(StudioParameters form) {
    Optional<String> author = form.optional("AuthorSid").filter(it -> !it.isBlank());
    if (author.isPresent() && !author.get().matches("US[0-9a-fA-F]{32}")) {
      form.refuse("AuthorSid", "US and 32 hexadecimal digits");
    }
    return author;
  }

  // ---- definitions

  /// Why a definition cannot be stored; empty where it can.
  private Future<Optional<StudioError>> checked(String definition) {
    return read(vertx, definition)
        .compose(
            reading ->
                switch (reading) {
                  case FlowReading.Invalid(var problems) ->
                      Future.succeededFuture(Optional.of(StudioError.badDefinition(problems)));
                  case FlowReading.Valid(var flow, _) -> checkedForSize(flow);
                });
  }

  private Future<Optional<StudioError>> checkedForSize(Flow flow) {
    return library
        .use(shelf -> new LinkedFlows(flow, shelf).widgets())
        .map(
            count ->
                count > LinkedFlows.MOST_WIDGETS
                    ? Optional.of(StudioError.tooManyWidgets(LinkedFlows.MOST_WIDGETS))
                    : Optional.empty());
  }

  /// Away from the event loop, since a definition may be large.
  static Future<FlowReading> read(Vertx vertx, String definition) {
    return vertx.executeBlocking(() -> FlowFiles.read(definition), false);
  }

  private Future<JsonObject> shown(Flows.Stored stored) {
    return read(vertx, stored.definition()).map(reading -> json.flow(stored, reading));
  }

  /// Before it is told of, a revision is in force on this node.
  private Future<JsonObject> known(Flows.Stored stored) {
    return library.refresh().compose(_ -> shown(stored));
  }
}
