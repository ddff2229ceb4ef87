package io.parley.verticles;

import io.parley.engine.FlowSid;
import io.parley.store.DeskFacts;
import io.parley.store.DeskFacts.Edge;
import io.parley.store.FlowReport;
import io.parley.store.Flows;
import io.parley.store.Role;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Flows as they are drawn: widgets in their places, and how many came along each way and went no
/// further, of those that began in the last thirty days.
///
/// Agents see them, too, since a conversation's way through its flow is drawn beside it.
final class DeskFlowRoutes implements Consumer<Router> {

  private static final Duration PERIOD = Duration.ofDays(30);

  /// Executions whose ways are counted, the latest.
  private static final int MOST_RUNS = 5_000;

  private static final int PATIENCE_SECONDS = 20;

  private final DeskSessions sessions;
  private final Pool pool;
  private final Flows flows;
  private final DeskFacts facts;
  private final InstantSource clock;

  DeskFlowRoutes(
      DeskSessions sessions, Pool pool, Flows flows, DeskFacts facts, InstantSource clock) {
    this.sessions = sessions;
    this.pool = pool;
    this.flows = flows;
    this.facts = facts;
    this.clock = clock;
  }

  @Override
  public void accept(Router router) {
    router.get("/desk/api/flows").handler(sessions.atLeast(Role.AGENT)).handler(this::list);
    router.get("/desk/api/flows/:name").handler(sessions.atLeast(Role.AGENT)).handler(this::show);
  }

  private static void answer(RoutingContext context, Future<DeskReply> reply) {
    reply
        .timeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
        .onFailure(failure -> DeskAnswer.unavailable(context, failure))
        .onSuccess(it -> it.give(context));
  }

  private void list(RoutingContext context) {
    answer(
        context,
        facts
            .flows(clock.instant().minus(PERIOD))
            .map(
                all -> {
                  JsonArray json = new JsonArray();
                  all.forEach(
                      it ->
                          json.add(
                              new JsonObject()
                                  .put("name", it.name())
                                  .put("revision", it.revision())
                                  .put("began", it.began())
                                  .put("live", it.live())));
                  return DeskReply.done(new JsonObject().put("flows", json));
                }));
  }

  private void show(RoutingContext context) {
    Instant now = clock.instant();
    FlowReport.Period period = new FlowReport.Period(now.minus(PERIOD), now);
    answer(
        context,
        FlowReport.named(pool, context.pathParam("name"))
            .compose(
                named ->
                    named.isEmpty()
                        ? Future.succeededFuture(unknown())
                        : show(named.getFirst(), period)));
  }

  private static DeskReply unknown() {
    return DeskReply.refused(404, "unknown", "there is no such flow");
  }

  private Future<DeskReply> show(FlowReport.Named flow, FlowReport.Period period) {
    Future<Optional<Flows.Stored>> stored = definition(flow.sid());
    Future<List<Edge>> edges = facts.edges(flow.sid().value(), period.since(), MOST_RUNS);
    Future<FlowReport> report = FlowReport.of(pool, flow, period);
    return Future.all(stored, edges, report)
        .map(
            _ ->
                stored
                    .result()
                    .map(it -> DeskReply.done(drawn(flow, it, edges.result(), report.result())))
                    .orElseGet(DeskFlowRoutes::unknown));
  }

  /// What is published, else the latest draft.
  private Future<Optional<Flows.Stored>> definition(FlowSid sid) {
    return flows
        .latestPublished(sid)
        .compose(
            published ->
                published.isPresent() ? Future.succeededFuture(published) : flows.latest(sid));
  }

  private static JsonObject drawn(
      FlowReport.Named flow, Flows.Stored stored, List<Edge> edges, FlowReport report) {
    JsonArray states = new JsonObject(stored.definition()).getJsonArray("states", new JsonArray());
    JsonArray widgets = new JsonArray();
    JsonArray ways = new JsonArray();
    for (int i = 0; i < states.size(); i++) {
      JsonObject state = states.getJsonObject(i);
      widgets.add(widget(state, i));
      ways(state, edges).forEach(ways::add);
    }
    JsonObject reached = new JsonObject();
    JsonObject left = new JsonObject();
    sums(report.reaches(), FlowReport.Reach::reached).forEach(reached::put);
    sums(report.reaches(), FlowReport.Reach::dropped).forEach(left::put);
    return new JsonObject()
        .put("name", flow.name())
        .put("revision", stored.revision().ref().revision())
        .put("widgets", widgets)
        .put("edges", ways)
        .put("reached", reached)
        .put("left", left);
  }

  /// Where its author has put it; one that was put nowhere stands in a row with the others.
  private static JsonObject widget(JsonObject state, int place) {
    JsonObject offset = state.getJsonObject("properties", new JsonObject()).getJsonObject("offset");
    return new JsonObject()
        .put("name", state.getString("name"))
        .put("type", state.getString("type"))
        .put("x", offset == null ? 0 : offset.getValue("x", 0))
        .put("y", offset == null ? place * 160 : offset.getValue("y", 0));
  }

  private static List<JsonObject> ways(JsonObject state, List<Edge> edges) {
    String from = state.getString("name");
    return state.getJsonArray("transitions", new JsonArray()).stream()
        .map(JsonObject.class::cast)
        .filter(it -> it.getString("next") != null && !it.getString("next").isEmpty())
        .map(
            it ->
                new JsonObject()
                    .put("from", from)
                    .put("event", it.getString("event"))
                    .put("to", it.getString("next"))
                    .put("count", count(edges, from, it)))
        .toList();
  }

  private static long count(List<Edge> edges, String from, JsonObject way) {
    return edges.stream()
        .filter(it -> it.from().equals(from))
        .filter(it -> it.event().equals(way.getString("event")))
        .filter(it -> it.to().equals(way.getString("next")))
        .mapToLong(Edge::count)
        .sum();
  }

  private interface Figure {
    long of(FlowReport.Reach reach);
  }

  private static Map<String, Long> sums(List<FlowReport.Reach> reaches, Figure figure) {
    Map<String, Long> sums = new HashMap<>();
    reaches.stream()
        .filter(it -> it.subflow().isEmpty())
        .forEach(it -> sums.merge(it.widget(), figure.of(it), Long::sum));
    return sums;
  }
}
