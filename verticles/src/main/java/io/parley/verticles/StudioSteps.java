package io.parley.verticles;

import io.parley.store.Executions;
import io.parley.store.Slice;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/// `/v2/Flows/{sid}/Executions/{sid}/Steps`: list, fetch, and the context after a step. The newest
/// is listed first.
final class StudioSteps {

  private final StudioExecutions executions;
  private final ExecutionSteps steps;
  private final StepJson json;
  private final StudioLinks links;

  StudioSteps(StudioExecutions executions, ExecutionSteps steps, StudioLinks links) {
    this.executions = executions;
    this.steps = steps;
    this.json = new StepJson(links);
    this.links = links;
  }

  Future<StudioAnswer> list(RoutingContext context) {
    StudioParameters query = StudioParameters.query(context);
    return executions.found(
        context,
        execution -> {
          String url = links.execution(execution.flow().sid(), execution.id()) + "/Steps";
          StudioPage page = StudioPage.of(context, query, url);
          var slice = page.slice(query, Optional::of);
          if (query.problem().isPresent()) {
            return Future.succeededFuture(query.problem().get());
          }
          var listing =
              new StudioPage.Listing<NumberedStep>(
                  "steps", NumberedStep::sid, step -> json.step(execution, step));
          return steps
              .of(execution)
              .map(all -> StudioAnswer.shown(page.body(cut(all.reversed(), slice), listing)));
        });
  }

  /// The rows that a page asks for, of all there are.
  private static List<NumberedStep> cut(List<NumberedStep> all, Slice<String> slice) {
    List<NumberedStep> rows = new ArrayList<>(slice.backwards() ? all.reversed() : all);
    if (slice.beyond().isPresent()) {
      List<String> sids = rows.stream().map(NumberedStep::sid).toList();
      rows = rows.subList(sids.indexOf(slice.beyond().get()) + 1, rows.size());
    }
    List<NumberedStep> cut = rows.stream().skip(slice.skip()).limit(slice.limit()).toList();
    return slice.backwards() ? cut.reversed() : cut;
  }

  Future<StudioAnswer> fetch(RoutingContext context) {
    return found(
        context,
        (execution, step) ->
            Future.succeededFuture(StudioAnswer.shown(json.step(execution, step))));
  }

  Future<StudioAnswer> context(RoutingContext context) {
    return found(
        context,
        (execution, step) ->
            steps
                .contextAfter(execution, step.passage())
                .map(values -> StudioAnswer.shown(json.context(execution, step, values))));
  }

  private Future<StudioAnswer> found(
      RoutingContext context,
      BiFunction<Executions.Stored, NumberedStep, Future<StudioAnswer>> use) {
    String sid = context.pathParam("step");
    return executions.found(
        context,
        execution ->
            steps
                .of(execution)
                .compose(
                    all ->
                        all.stream()
                            .filter(step -> step.sid().equals(sid))
                            .findFirst()
                            .map(step -> use.apply(execution, step))
                            .orElseGet(
                                () ->
                                    Future.succeededFuture(
                                        StudioError.notFound(StudioRoutes.path(context))))));
  }
}
