package io.parley.verticles;

import io.parley.engine.EffectId;
import io.parley.store.DeskFacts;
import io.parley.store.DeskNotes;
import io.parley.store.DeskThread;
import io.parley.store.Role;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Conversations as files: one as text or JSON, and for leads all that were handed over in a time,
/// one to a line. Each one that leaves is in the audit.
final class DeskTranscripts implements Consumer<Router> {

  private static final int TURNS_AT_ONCE = 200;
  private static final int HANDOFFS_AT_ONCE = 50;
  private static final Logger LOG = LoggerFactory.getLogger(DeskTranscripts.class);

  private final DeskSessions sessions;
  private final Reading reading;
  private final DeskAudit audit;
  private final DeskNames names;

  record Reading(DeskCase.Files files, DeskThread thread, DeskNotes notes, DeskFacts facts) {}

  DeskTranscripts(DeskSessions sessions, Reading reading, DeskAudit audit, DeskNames names) {
    this.sessions = sessions;
    this.reading = reading;
    this.audit = audit;
    this.names = names;
  }

  @Override
  public void accept(Router router) {
    router
        .get("/desk/api/conversations/:id/transcript")
        .handler(sessions.atLeast(Role.AGENT))
        .handler(this::one);
    router.get("/desk/api/transcripts").handler(sessions.atLeast(Role.LEAD)).handler(this::all);
  }

  static DeskReply otherTopic() {
    return DeskReply.refused(
        403, "other_topic", "this conversation is of a topic that is not yours");
  }

  private void one(RoutingContext context) {
    DeskUser user = DeskUser.of(context);
    var id = DeskThreadRoutes.conversation(context.pathParam("id"));
    String format = context.request().getParam("format", "text");
    if (id.isEmpty() || !format.matches("text|json")) {
      DeskAnswer.refuse(context, 400, "malformed", "format is text or json");
      return;
    }
    reading
        .files()
        .find(id.get())
        .compose(
            found -> {
              if (found.isEmpty()) {
                return Future.succeededFuture(
                    DeskReply.refused(404, "unknown", "there is no such conversation"));
              }
              return found.get().isFor(user)
                  ? exported(user, found.get()).map(DeskReply::done)
                  : Future.succeededFuture(otherTopic());
            })
        .onFailure(failure -> DeskAnswer.unavailable(context, failure))
        .onSuccess(
            reply -> {
              if (!reply.isDone()) {
                reply.give(context);
              } else if (format.equals("json")) {
                named(context.response(), id.get() + ".json");
                reply.give(context);
              } else {
                named(context.response(), id.get() + ".txt");
                context
                    .response()
                    .putHeader("Content-Type", "text/plain; charset=utf-8")
                    .end(text(reply.body()));
              }
            });
  }

  private static void named(HttpServerResponse response, String file) {
    response.putHeader("Content-Disposition", "attachment; filename=\"" + file + "\"");
  }

  /// The whole of a conversation, once that it leaves is on record.
  private Future<JsonObject> exported(DeskUser user, DeskCase on) {
    return names
        .ready()
        .compose(_ -> audit.record(user, "export", Optional.of(on.id()), new JsonObject()))
        .compose(_ -> read(on, 0, new ArrayList<>()))
        .compose(
            items ->
                reading
                    .notes()
                    .between(on.id(), 0, Integer.MAX_VALUE)
                    .map(
                        notes -> {
                          JsonArray json = new JsonArray();
                          DeskThreadRoutes.merged(items, notes)
                              .forEach(item -> json.add(item.json(names::of)));
                          return on.row(names).put("items", json);
                        }));
  }

  private Future<List<DeskItem>> read(DeskCase on, int after, List<DeskItem> sofar) {
    return reading
        .thread()
        .after(on.id(), after, TURNS_AT_ONCE)
        .compose(
            page -> {
              sofar.addAll(DeskItems.of(on.thread(), page));
              return page.more() ? read(on, page.last(), sofar) : Future.succeededFuture(sofar);
            });
  }

  private static String text(JsonObject transcript) {
    StringBuilder text = new StringBuilder();
    JsonObject contact = transcript.getJsonObject("contact");
    text.append(
        "Conversation %s with %s%n%n"
            .formatted(transcript.getString("id"), contact.getString("address")));
    for (Object each : transcript.getJsonArray("items")) {
      JsonObject item = (JsonObject) each;
      JsonObject agent = item.getJsonObject("agent");
      String by = agent == null ? item.getString("by") : agent.getString("name");
      String kind = item.getString("kind").equals("note") ? " (note)" : "";
      String status = item.getString("status");
      text.append(
          "%s  %s%s: %s%s%n"
              .formatted(
                  item.getString("at"),
                  by,
                  kind,
                  item.getString("text"),
                  status == null ? "" : " [" + status.toLowerCase(Locale.ROOT) + "]"));
    }
    return text.toString();
  }

  // ---- those of a time

  private void all(RoutingContext context) {
    Instant from;
    Instant until;
    try {
      from = Instant.parse(context.request().getParam("from", ""));
      until = Instant.parse(context.request().getParam("to", ""));
    } catch (DateTimeException _) {
      DeskAnswer.refuse(
          context, 400, "malformed", "from and to are times such as 2026-11-01T00:00:00Z");
      return;
    }
    HttpServerResponse response = context.response();
    response.setChunked(true).putHeader("Content-Type", "application/x-ndjson; charset=utf-8");
    named(response, "transcripts.ndjson");
    DeskUser user = DeskUser.of(context);
    next(user, from, until, Optional.empty(), new LinkedHashSet<>(), response)
        .onSuccess(_ -> response.end())
        .onFailure(
            failure -> {
              LOG.atWarn()
                  .addKeyValue("why", String.valueOf(failure.getMessage()))
                  .log("an export of transcripts was broken off");
              response.reset();
            });
  }

  /// A conversation that was handed over twice leaves once.
  private Future<Void> next(
      DeskUser user,
      Instant from,
      Instant until,
      Optional<EffectId> after,
      Set<String> told,
      HttpServerResponse response) {
    return reading
        .facts()
        .handedOver(from, until, after, HANDOFFS_AT_ONCE)
        .compose(
            handoffs -> {
              Future<Void> written = Future.succeededFuture();
              for (EffectId handoff : handoffs) {
                if (told.add(handoff.conversation().toString())) {
                  written = written.compose(_ -> line(user, handoff, response));
                }
              }
              return handoffs.size() < HANDOFFS_AT_ONCE
                  ? written
                  : written.compose(
                      _ ->
                          next(user, from, until, Optional.of(handoffs.getLast()), told, response));
            });
  }

  private Future<Void> line(DeskUser user, EffectId handoff, HttpServerResponse response) {
    return reading
        .files()
        .find(handoff.conversation())
        .compose(
            found ->
                found.filter(it -> it.isFor(user)).isEmpty()
                    ? Future.succeededFuture()
                    : exported(user, found.get())
                        .compose(json -> response.write(json.encode() + "\n")));
  }
}
