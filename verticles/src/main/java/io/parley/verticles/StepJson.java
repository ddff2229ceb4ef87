package io.parley.verticles;

import io.parley.store.Executions;
import io.vertx.core.json.JsonObject;
import java.util.Map;

/// Steps as Studio shows them. `context` is empty where a resource of its own shows it.
final class StepJson {

  private static final String ENDED = "Ended";

  private final StudioLinks links;

  StepJson(StudioLinks links) {
    this.links = links;
  }

  JsonObject step(Executions.Stored execution, NumberedStep step) {
    String url = url(execution, step);
    String next = step.passage().hop().next();
    return new JsonObject()
        .put("sid", step.sid())
        .put("account_sid", links.accountSid().orElse(null))
        .put("flow_sid", execution.flow().sid().value())
        .put("execution_sid", execution.id().value())
        .put("parent_step_sid", step.parentSid().orElse(null))
        .put("name", step.passage().hop().event())
        .put("context", new JsonObject())
        .put("transitioned_from", step.passage().hop().widget())
        .put("transitioned_to", next.isEmpty() ? ENDED : next)
        .put("type", step.widgetType().orElse(null))
        .put("date_created", FlowJson.date(step.passage().at()))
        .put("date_updated", null)
        .put("url", url)
        .put("links", new JsonObject().put("step_context", url + "/Context"));
  }

  JsonObject context(Executions.Stored execution, NumberedStep step, Map<String, Object> context) {
    return new JsonObject()
        .put("account_sid", links.accountSid().orElse(null))
        .put("context", new JsonObject(context))
        .put("execution_sid", execution.id().value())
        .put("flow_sid", execution.flow().sid().value())
        .put("step_sid", step.sid())
        .put("url", url(execution, step) + "/Context");
  }

  private String url(Executions.Stored execution, NumberedStep step) {
    return links.execution(execution.flow().sid(), execution.id()) + "/Steps/" + step.sid();
  }
}
