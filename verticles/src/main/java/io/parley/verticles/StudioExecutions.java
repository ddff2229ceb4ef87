package io.parley.verticles;

import io.parley.engine.ExecutionId;
import io.parley.engine.FlowSid;
import io.parley.store.Executions;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/// `/v2/Flows/{sid}/Executions`: create, list, fetch, end, delete, and the context of one.
final class StudioExecutions {

  private final Executions store;
  private final FlowLibrary flows;
  private final ExecutionSteps steps;
  private final ExecutionStarts starts;
  private final ExecutionJson json;
  private final StudioLinks links;
  private final Clock clock;

  StudioExecutions(
      Executions store,
      FlowLibrary flows,
      ExecutionSteps steps,
      ExecutionStarts starts,
      StudioLinks links,
      Clock clock) {
    this.store = store;
    this.flows = flows;
    this.steps = steps;
    this.starts = starts;
    this.json = new ExecutionJson(links);
    this.links = links;
    this.clock = clock;
  }

  private enum Status {
    ACTIVE,
    ENDED
  }

  /// The execution of a path, or 404: an execution of a deleted flow is not shown.
  Future<StudioAnswer> found(
      RoutingContext context, Function<Executions.Stored, Future<StudioAnswer>> use) {
    FlowSid flow = StudioFlows.sid(context);
    StudioError missing = StudioError.notFound(StudioRoutes.path(context));
    return flows
        .known(flow)
        .compose(
            head ->
                head.isPresent()
                    ? store.find(new ExecutionId(context.pathParam("execution")))
                    : Future.succeededFuture(Optional.empty()))
        .compose(
            found ->
                found
                    .filter(it -> it.flow().sid().equals(flow))
                    .map(use)
                    .orElseGet(() -> Future.succeededFuture(missing)));
  }

  Future<StudioAnswer> fetch(RoutingContext context) {
    return found(context, execution -> Future.succeededFuture(shown(execution)));
  }

  private StudioAnswer shown(Executions.Stored execution) {
    return StudioAnswer.shown(json.execution(execution));
  }

  Future<StudioAnswer> list(RoutingContext context) {
    FlowSid flow = StudioFlows.sid(context);
    StudioParameters query = StudioParameters.query(context);
    StudioPage page = StudioPage.of(context, query, links.flow(flow) + "/Executions");
    var slice = page.slice(query, text -> StudioKeys.read(text, Executions.Key::new));
    Optional<Status> status =
        query
            .optionalWord("Status", Status.class)
            .or(() -> query.optionalWord("status", Status.class));
    Executions.Filter filter =
        new Executions.Filter(
            flow,
            status.map(Status.ACTIVE::equals),
            query.instant("DateCreatedFrom"),
            // What is shown to the second is found by it.
            query.instant("DateCreatedTo").map(StudioExecutions::nextSecond));
    if (query.problem().isPresent()) {
      return Future.succeededFuture(query.problem().get());
    }
    var listing =
        new StudioPage.Listing<Executions.Stored>(
            "executions", it -> it.startedAt() + " " + it.id(), json::execution);
    return flows
        .known(flow)
        .compose(
            head ->
                head.isPresent()
                    ? store
                        .list(filter, slice)
                        .map(rows -> StudioAnswer.shown(page.body(rows, listing)))
                    : Future.succeededFuture(StudioError.notFound(StudioRoutes.path(context))));
  }

  private static Instant nextSecond(Instant at) {
    return at.truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
  }

  Future<StudioAnswer> create(RoutingContext context) {
    return starts.start(context).map(this::answer);
  }

  private StudioAnswer answer(ExecutionStarts.Started started) {
    return switch (started) {
      case ExecutionStarts.Started.Begun(var execution) ->
          StudioAnswer.created(json.execution(execution));
      case ExecutionStarts.Started.Refused(var error) -> error;
    };
  }

  /// An execution that has ended stays as it is.
  Future<StudioAnswer> update(RoutingContext context) {
    StudioParameters form = StudioParameters.form(context);
    Status status = form.requiredWord("Status", Status.class);
    if (status == Status.ACTIVE) {
      form.refuse("Status", Status.ENDED.name().toLowerCase(Locale.ROOT));
    }
    return form.problem().isPresent()
        ? Future.succeededFuture(form.problem().get())
        : found(
            context,
            execution ->
                starts
                    .stop(execution)
                    .compose(
                        stopped ->
                            stopped
                                ? fetch(context)
                                : Future.succeededFuture(StudioError.unavailable())));
  }

  /// One that is active is ended first.
  Future<StudioAnswer> delete(RoutingContext context) {
    return found(
        context,
        execution ->
            starts
                .stop(execution)
                .compose(
                    stopped ->
                        stopped
                            ? store
                                .delete(execution.id(), clock.instant())
                                .map(_ -> new StudioAnswer.Gone())
                            : Future.succeededFuture(StudioError.unavailable())));
  }

  Future<StudioAnswer> context(RoutingContext context) {
    return found(
        context,
        execution ->
            steps
                .context(execution)
                .map(
                    values ->
                        StudioAnswer.shown(
                            json.context(execution.flow().sid(), execution.id(), values))));
  }
}
