package io.parley.loadtest.customerio;

import io.parley.loadtest.standin.Answers;
import io.parley.loadtest.standin.Faults;
import io.parley.loadtest.standin.Pages;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// A server on 127.0.0.1 that behaves as Customer.io's Track API does for one workspace.
///
/// ```java
/// StandInCustomerIo customerIo = StandInCustomerIo.start(vertx, settings).await();
/// customerIo.faults().during(Duration.ofSeconds(2), new TrackFault.ErrorBeforeApplying(503));
/// customerIo.awaitEvent(event -> event.name().equals("conversation_closed")).await();
/// ```
///
/// Beside the Track API it serves, without authentication, `GET /stand-in/state`.
///
/// Safe for any thread. Consumers and futures are called on the stand-in's event loop and must not
/// block it.
public final class StandInCustomerIo {

  private static final int EVENTS_SHOWN = 20;

  private final Vertx vertx;
  private final Context context;
  private final CustomerIoSettings settings;
  private final Faults<TrackFault> faults = new Faults<>();
  private final Answers answers = new Answers();
  private final List<Consumer<String>> requestListeners = new CopyOnWriteArrayList<>();
  private final List<Consumer<ReceivedEvent>> eventListeners = new CopyOnWriteArrayList<>();
  private final Workspace workspace;
  private final TrackApi api;
  private volatile int port;
  private volatile Optional<HttpServer> server = Optional.empty();

  private StandInCustomerIo(Vertx vertx, Context context, CustomerIoSettings settings) {
    this.vertx = vertx;
    this.context = context;
    this.settings = settings;
    this.workspace =
        new Workspace(event -> eventListeners.forEach(listener -> listener.accept(event)));
    this.api = new TrackApi(workspace, faults, answers, settings);
    this.api.onRequest(path -> requestListeners.forEach(listener -> listener.accept(path)));
  }

  /// Starts the server; it ends with [#close] or with the Vert.x instance.
  public static Future<StandInCustomerIo> start(Vertx vertx, CustomerIoSettings settings) {
    Promise<StandInCustomerIo> started = Promise.promise();
    vertx
        .deployVerticle(
            context -> {
              StandInCustomerIo customerIo = new StandInCustomerIo(vertx, context, settings);
              return customerIo
                  .listen(settings.port())
                  .onSuccess(_ -> started.complete(customerIo));
            })
        .onFailure(started::tryFail);
    return started.future();
  }

  public Future<Void> close() {
    return vertx.undeploy(context.deploymentID());
  }

  /// Stops to listen: connections are refused until [#comeUp].
  public Future<Void> goDown() {
    return server.map(HttpServer::close).orElse(Future.succeededFuture());
  }

  /// Listens again, on the same port.
  public Future<Void> comeUp() {
    return listen(port).mapEmpty();
  }

  public int port() {
    return port;
  }

  /// Where the API is, such as `http://127.0.0.1:40123`.
  public String baseUrl() {
    return "http://127.0.0.1:" + port;
  }

  /// The faults that requests meet; a request is about its path, such as `/api/v2/batch`.
  public Faults<TrackFault> faults() {
    return faults;
  }

  /// Refuses the items (in the shape of v2) that match, beside the invalid ones: 207 in a batch,
  /// 400 alone.
  public void refuseItems(Predicate<JsonObject> which) {
    api.refuseItems(which);
  }

  public void requestsPerSecond(int limit) {
    api.limit(limit);
  }

  /// Adds a listener for each request that is authorized, called with its path before anything is
  /// applied, faults included.
  public void onRequest(Consumer<String> listener) {
    requestListeners.add(listener);
  }

  /// Adds a listener for each event, repeats left out.
  public void onEvent(Consumer<ReceivedEvent> listener) {
    eventListeners.add(listener);
  }

  /// All events, oldest first, repeats left out.
  public List<ReceivedEvent> events() {
    return workspace.events().all();
  }

  /// The events that were ignored because one of their id was there already.
  public List<ReceivedEvent> repeatedEvents() {
    return workspace.repeats().all();
  }

  /// All profiles, oldest first.
  public List<Profile> profiles() {
    return workspace.profiles().all();
  }

  public Optional<Profile> profile(Identifier identifier) {
    return workspace.profile(identifier);
  }

  /// What may not be added again since it was suppressed.
  public Set<Identifier> suppressed() {
    return workspace.suppressed();
  }

  /// Completes with the first event that matches, at once when there is one.
  public Future<ReceivedEvent> awaitEvent(Predicate<ReceivedEvent> matching) {
    return awaitEvents(1, matching).map(List::getFirst);
  }

  /// Completes when `count` events match.
  public Future<List<ReceivedEvent>> awaitEvents(int count, Predicate<ReceivedEvent> matching) {
    return workspace.events().await(count, matching);
  }

  /// Completes with the first profile that matches; each is tested again at each change.
  public Future<Profile> awaitProfile(Predicate<Profile> matching) {
    return workspace.profiles().await(1, matching).map(List::getFirst);
  }

  /// How many API requests got each HTTP status; 0 stands for a connection that was cut.
  public Map<Integer, Integer> answers() {
    return answers.counts();
  }

  /// A summary as JSON, the same as `GET /stand-in/state`.
  public JsonObject state() {
    List<ReceivedEvent> all = events();
    Map<String, Object> byName = new TreeMap<>();
    all.forEach(event -> byName.merge(event.name(), 1, (a, b) -> (Integer) a + (Integer) b));
    JsonArray lastEvents = new JsonArray();
    all.subList(Math.max(0, all.size() - EVENTS_SHOWN), all.size())
        .forEach(event -> lastEvents.add(event.json()));
    List<Profile> people = profiles();
    JsonArray lastPeople = new JsonArray();
    people
        .subList(Math.max(0, people.size() - EVENTS_SHOWN), people.size())
        .forEach(profile -> lastPeople.add(profile.json()));
    JsonObject answered = new JsonObject();
    answers().forEach((status, count) -> answered.put(Integer.toString(status), count));
    return new JsonObject()
        .put("site_id", settings.siteId())
        .put("events", new JsonObject(byName))
        .put("repeated_events", workspace.repeats().size())
        .put("profiles", people.size())
        .put("answers", answered)
        .put("faults_struck", new JsonObject(new LinkedHashMap<>(faults.struck())))
        .put("last_events", lastEvents)
        .put("last_profiles", lastPeople);
  }

  private Future<?> listen(int wanted) {
    Router router = Router.router(vertx);
    router.route().handler(BodyHandler.create(false));
    api.mount(router);
    router.get("/stand-in/state").handler(http -> Pages.show(http, state()));
    return vertx
        .createHttpServer(new HttpServerOptions().setHost("127.0.0.1").setPort(wanted))
        .requestHandler(router)
        .listen()
        .onSuccess(
            listening -> {
              port = listening.actualPort();
              server = Optional.of(listening);
            });
  }
}
