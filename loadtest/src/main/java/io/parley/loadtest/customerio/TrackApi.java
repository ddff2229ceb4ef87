package io.parley.loadtest.customerio;

import io.parley.loadtest.standin.Answers;
import io.parley.loadtest.standin.BasicAuth;
import io.parley.loadtest.standin.Faults;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/// The routes of the Track API. Confined to its context, but for what a test sets and reads.
final class TrackApi {

  private static final int MAX_BATCH_BYTES = 500 * 1024;
  private static final int MAX_ITEM_BYTES = 32 * 1024;
  private static final Rejection NOT_JSON =
      new Rejection("parse_error", "", "the body is not a JSON object");

  private final Workspace workspace;
  private final Faults<TrackFault> faults;
  private final Answers answers;
  private final BasicAuth auth;
  private volatile int requestsPerSecond;
  private volatile Predicate<JsonObject> refusing = _ -> false;
  private volatile Consumer<String> asked = _ -> {};
  private long second;
  private int requestsInSecond;

  TrackApi(
      Workspace workspace,
      Faults<TrackFault> faults,
      Answers answers,
      CustomerIoSettings settings) {
    this.workspace = workspace;
    this.faults = faults;
    this.answers = answers;
    this.auth = new BasicAuth(settings.siteId(), settings.apiKey());
    this.requestsPerSecond = settings.requestsPerSecond();
  }

  void refuseItems(Predicate<JsonObject> which) {
    refusing = which;
  }

  void onRequest(Consumer<String> listener) {
    asked = listener;
  }

  void limit(int newRequestsPerSecond) {
    requestsPerSecond = newRequestsPerSecond;
  }

  void mount(Router router) {
    router.route("/api/*").handler(this::admit);
    router.get("/api/v1/accounts/region").handler(this::region);
    router.post("/api/v2/batch").handler(context -> serve(context, this::batch));
    router.post("/api/v2/entity").handler(context -> serve(context, this::entity));
    String customer = "/api/v1/customers/:identifier";
    router.put(customer).handler(context -> serve(context, this::identifyV1));
    router.post(customer + "/events").handler(context -> serve(context, this::eventV1));
    router.delete(customer).handler(context -> serve(context, of("delete")));
    router.post(customer + "/suppress").handler(context -> serve(context, of("suppress")));
    router.post(customer + "/unsuppress").handler(context -> serve(context, of("unsuppress")));
    router.route("/api/*").handler(context -> answer(context, new Reply(404, new JsonObject())));
  }

  private void admit(RoutingContext context) {
    if (!auth.allows(context.request())) {
      answer(context, new Reply(401, metaErrors("Unauthorized request")));
    } else if (exceedsRate()) {
      answer(context, new Reply(429, metaErrors("Too many requests")));
    } else {
      context.next();
    }
  }

  private boolean exceedsRate() {
    long now = System.nanoTime() / 1_000_000_000;
    if (now != second) {
      second = now;
      requestsInSecond = 0;
    }
    return ++requestsInSecond > requestsPerSecond;
  }

  private void region(RoutingContext context) {
    answer(
        context,
        new Reply(
            200,
            new JsonObject()
                .put("url", "http://" + context.request().authority())
                .put("region", "us")
                .put("environment_id", 1)));
  }

  private void serve(RoutingContext context, Operation operation) {
    asked.accept(context.request().path());
    faults
        .strike(context.request().path())
        .ifPresentOrElse(
            fault -> serveWith(fault, context, operation),
            () -> answer(context, operation.perform(context)));
  }

  private void serveWith(TrackFault fault, RoutingContext context, Operation operation) {
    switch (fault) {
      case TrackFault.ErrorBeforeApplying(int status) -> answer(context, broken(status));
      case TrackFault.ErrorAfterApplying(int status) -> {
        operation.perform(context);
        answer(context, broken(status));
      }
      case TrackFault.CutBeforeApplying() -> cut(context);
      case TrackFault.CutAfterApplying() -> {
        operation.perform(context);
        cut(context);
      }
      case TrackFault.SlowAnswer slow -> {
        Reply reply = operation.perform(context);
        context.vertx().setTimer(Math.max(1, slow.delay().toMillis()), _ -> answer(context, reply));
      }
    }
  }

  private Reply batch(RoutingContext context) {
    Buffer body = body(context);
    if (body.length() > MAX_BATCH_BYTES) {
      return bad(new Rejection("too_large", "batch", "a batch is at most 500 KB"));
    }
    Optional<JsonObject> json = object(body);
    if (json.isEmpty()) {
      return bad(NOT_JSON);
    }
    if (!(json.get().getValue("batch") instanceof JsonArray items) || items.isEmpty()) {
      return bad(new Rejection("required", "batch", "batch is an array of items"));
    }
    for (int i = 0; i < items.size(); i++) {
      if (items.getValue(i) instanceof JsonObject item
          && item.toBuffer().length() > MAX_ITEM_BYTES) {
        return bad(new Rejection("too_large", "batch." + i, "an item is at most 32 KB"));
      }
    }
    JsonArray errors = new JsonArray();
    List<JsonObject> valid = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      Optional<Rejection> rejection = check(items.getValue(i));
      if (rejection.isPresent()) {
        errors.add(new JsonObject().put("batch_index", i).mergeIn(rejection.get().json()));
      } else {
        valid.add(items.getJsonObject(i));
      }
    }
    valid.forEach(workspace::apply);
    return errors.isEmpty() ? Reply.OK : new Reply(207, new JsonObject().put("errors", errors));
  }

  private Reply entity(RoutingContext context) {
    Buffer body = body(context);
    if (body.length() > MAX_ITEM_BYTES) {
      return bad(new Rejection("too_large", "", "a request is at most 32 KB"));
    }
    Optional<JsonObject> item = object(body);
    if (item.isEmpty()) {
      return bad(NOT_JSON);
    }
    return check(item.get()).map(TrackApi::bad).orElseGet(() -> applied(item.get()));
  }

  private Reply identifyV1(RoutingContext context) {
    return applyV1(context, json -> v1(context, "identify").put("attributes", json));
  }

  private Reply eventV1(RoutingContext context) {
    return applyV1(
        context,
        json -> {
          JsonObject item = v1(context, "event").put("name", json.getValue("name"));
          for (String name : List.of("id", "timestamp")) {
            if (json.containsKey(name)) {
              item.put(name, json.getValue(name));
            }
          }
          return item.put("attributes", json.getValue("data", new JsonObject()));
        });
  }

  private Operation of(String action) {
    return context -> applied(v1(context, action));
  }

  private Reply applyV1(RoutingContext context, Function<JsonObject, JsonObject> asItem) {
    Buffer body = body(context);
    if (body.length() > MAX_ITEM_BYTES) {
      return new Reply(400, metaErrors("a request is at most 32 KB"));
    }
    Optional<JsonObject> json = object(body);
    if (json.isEmpty()) {
      return new Reply(400, metaErrors(NOT_JSON.message()));
    }
    JsonObject item = asItem.apply(json.get());
    return check(item)
        .map(
            rejection -> new Reply(400, metaErrors(rejection.field() + ": " + rejection.message())))
        .orElseGet(() -> applied(item));
  }

  private Reply applied(JsonObject item) {
    workspace.apply(item);
    return Reply.OK;
  }

  private Optional<Rejection> check(Object item) {
    return ItemCheck.check(item)
        .or(
            () ->
                refusing.test((JsonObject) item)
                    ? Optional.of(new Rejection("rejected", "", "refused on demand"))
                    : Optional.empty());
  }

  private void cut(RoutingContext context) {
    answers.count(0);
    context.request().connection().close();
  }

  private void answer(RoutingContext context, Reply reply) {
    answers.count(reply.status);
    if (context.response().closed()) {
      return;
    }
    context
        .response()
        .setStatusCode(reply.status)
        .putHeader("Content-Type", "application/json; charset=utf-8")
        .putHeader("Cache-Control", "no-cache, no-store, max-age=0, must-revalidate, value")
        .end(reply.body.encode() + "\n");
  }

  private static JsonObject v1(RoutingContext context, String action) {
    Identifier person = Identifier.ofPath(context.pathParam("identifier"));
    return new JsonObject()
        .put("type", "person")
        .put("action", action)
        .put("identifiers", new JsonObject().put(person.kind(), person.value()));
  }

  private static Buffer body(RoutingContext context) {
    Buffer body = context.body().buffer();
    return body == null ? Buffer.buffer() : body;
  }

  private static Optional<JsonObject> object(Buffer body) {
    try {
      return Optional.of(new JsonObject(body));
    } catch (DecodeException | ClassCastException _) {
      return Optional.empty();
    }
  }

  private static Reply bad(Rejection rejection) {
    return new Reply(400, rejection.asErrors());
  }

  private static Reply broken(int status) {
    return new Reply(status, metaErrors("fault on demand"));
  }

  private static JsonObject metaErrors(String message) {
    return new JsonObject()
        .put("meta", new JsonObject().put("errors", new JsonArray().add(message)));
  }

  private interface Operation {
    Reply perform(RoutingContext context);
  }

  private record Reply(int status, JsonObject body) {
    static final Reply OK = new Reply(200, new JsonObject());
  }
}
