package io.parley.verticles;

import io.parley.engine.Digest;
import io.parley.engine.ExecutionId;
import io.parley.engine.FlowSid;
import io.parley.store.Executions;
import io.vertx.core.json.JsonObject;
import java.util.Map;

/// Executions as Studio shows them. `context` is empty where a resource of its own shows it.
final class ExecutionJson {

  private final StudioLinks links;

  ExecutionJson(StudioLinks links) {
    this.links = links;
  }

  JsonObject execution(Executions.Stored execution) {
    String url = links.execution(execution.flow().sid(), execution.id());
    return new JsonObject()
        .put("sid", execution.id().value())
        .put("account_sid", links.accountSid().orElse(null))
        .put("flow_sid", execution.flow().sid().value())
        .put("contact_channel_address", execution.contact().value())
        .put("contact_sid", Digest.sid("FC", execution.contact().value()))
        .put("flow_version", execution.flow().revision())
        .put("context", new JsonObject())
        .put("status", execution.endedAt().isPresent() ? "ended" : "active")
        .put("date_created", FlowJson.date(execution.startedAt()))
        .put("date_updated", execution.endedAt().map(FlowJson::date).orElse(null))
        .put("initiated_by", execution.initiatedBy())
        .put("url", url)
        .put(
            "links",
            new JsonObject()
                .put("steps", url + "/Steps")
                .put("execution_context", url + "/Context"));
  }

  JsonObject context(FlowSid flow, ExecutionId execution, Map<String, Object> context) {
    return new JsonObject()
        .put("account_sid", links.accountSid().orElse(null))
        .put("context", new JsonObject(context))
        .put("flow_sid", flow.value())
        .put("execution_sid", execution.value())
        .put("url", links.execution(flow, execution) + "/Context");
  }
}
