package io.parley.verticles;

import io.parley.engine.FlowSid;
import io.parley.engine.flow.FlowProblem;
import io.parley.engine.flow.FlowReading;
import io.parley.store.Flows;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Flows and revisions as Studio shows them. In lists the definition and what is said of it are
/// null.
final class FlowJson {

  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss'Z'").withZone(ZoneOffset.UTC);

  private final StudioLinks links;

  FlowJson(StudioLinks links) {
    this.links = links;
  }

  /// ISO 8601 in UTC, to the second.
  static String date(Instant at) {
    return DATE.format(at);
  }

  JsonObject flow(Flows.Revision revision) {
    return flow(revision, Optional.empty(), Optional.empty());
  }

  JsonObject flow(Flows.Stored stored, FlowReading reading) {
    return flow(stored.revision(), Optional.of(stored.definition()), Optional.of(reading));
  }

  JsonObject revision(Flows.Revision revision) {
    return revision(revision, Optional.empty(), Optional.empty());
  }

  JsonObject revision(Flows.Stored stored, FlowReading reading) {
    return revision(stored.revision(), Optional.of(stored.definition()), Optional.of(reading));
  }

  private JsonObject flow(
      Flows.Revision revision, Optional<String> definition, Optional<FlowReading> reading) {
    FlowSid sid = revision.ref().sid();
    boolean revised = revision.ref().revision() > 1;
    return common(revision, definition, reading)
        .put("warnings", reading.map(FlowJson::warnings).orElse(null))
        .put("date_created", date(revision.flowCreatedAt()))
        .put("date_updated", revised ? date(revision.createdAt()) : null)
        .put("webhook_url", links.webhook(sid).orElse(null))
        .put("url", links.flow(sid))
        .put(
            "links",
            new JsonObject()
                .put("revisions", links.flow(sid) + "/Revisions")
                .put("test_users", links.flow(sid) + "/TestUsers")
                .put("executions", links.flow(sid) + "/Executions"));
  }

  private JsonObject revision(
      Flows.Revision revision, Optional<String> definition, Optional<FlowReading> reading) {
    return common(revision, definition, reading)
        .put("date_created", date(revision.createdAt()))
        .put("date_updated", null)
        .put("url", links.flow(revision.ref().sid()) + "/Revisions/" + revision.ref().revision());
  }

  private JsonObject common(
      Flows.Revision revision, Optional<String> definition, Optional<FlowReading> reading) {
    return new JsonObject()
        .put("sid", revision.ref().sid().value())
        .put("account_sid", links.accountSid().orElse(null))
        .put("author_sid", revision.author().orElse(null))
        .put("friendly_name", revision.ref().name())
        .put("definition", definition.map(FlowJson::decoded).orElse(null))
        .put("status", revision.status().word())
        .put("revision", revision.ref().revision())
        .put(
            "commit_message", definition.isPresent() ? revision.commitMessage().orElse(null) : null)
        .put("valid", reading.map(it -> it instanceof FlowReading.Valid).orElse(null))
        .put("errors", reading.map(FlowJson::errors).orElse(null));
  }

  private static @Nullable Object decoded(String definition) {
    return Json.decodeValue(definition);
  }

  private static JsonArray errors(FlowReading reading) {
    return reading instanceof FlowReading.Invalid(var problems)
        ? problems(problems)
        : new JsonArray();
  }

  private static JsonArray warnings(FlowReading reading) {
    return reading instanceof FlowReading.Valid(_, var warnings)
        ? problems(warnings)
        : new JsonArray();
  }

  static JsonArray problems(List<FlowProblem> problems) {
    JsonArray list = new JsonArray();
    problems.forEach(
        problem ->
            list.add(
                new JsonObject()
                    .put("property_path", problem.propertyPath())
                    .put("message", problem.message())));
    return list;
  }
}
