package io.parley.verticles;

import io.parley.engine.After;
import io.parley.engine.ConversationId;
import io.parley.engine.EffectId;
import io.parley.engine.Values;
import io.parley.engine.desk.CannedTemplate;
import io.parley.engine.desk.DeskRules;
import io.parley.engine.desk.Staffing;
import io.parley.store.DeskViews;
import io.parley.store.HandoffQueue;
import io.parley.store.Presence;
import io.parley.store.Presence.Abilities;
import io.parley.store.Presence.Status;
import io.parley.store.QueueQuery;
import io.parley.store.QueueQuery.Filters;
import io.parley.store.QueueQuery.Folder;
import io.parley.store.Role;
import io.parley.verticles.DeskActs.Closing;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/// The desk's lists: folders with their counts, what is offered, what several conversations are
/// done at once, and what an agent keeps for themselves.
final class DeskInboxRoutes implements Consumer<Router> {

  private static final int MAX_BODY_BYTES = 64 * 1024;
  private static final int USUAL_ROWS = 100;
  private static final int MOST_ROWS = 500;
  private static final int MOST_OFFSET = 10_000_000;
  private static final int MOST_AT_ONCE = 200;
  private static final int MAX_WORDS = 500;
  private static final int MAX_SEARCH = 200;
  private static final int PATIENCE_SECONDS = 10;

  private final DeskSessions sessions;
  private final Reading reading;
  private final DeskActs acts;
  private final DeskAudit audit;
  private final DeskNames names;
  private final InstantSource clock;
  private final Metrics metrics;

  /// What is read, and who is there.
  record Reading(
      DeskCase.Files files,
      DeskViews views,
      Presence presence,
      FlowLibrary flows,
      Supplier<DeskRules> rules) {

    HandoffQueue queue() {
      return files.queue();
    }
  }

  DeskInboxRoutes(
      DeskSessions sessions,
      Reading reading,
      DeskActs acts,
      DeskAudit audit,
      DeskNames names,
      InstantSource clock,
      Metrics metrics) {
    this.sessions = sessions;
    this.reading = reading;
    this.acts = acts;
    this.audit = audit;
    this.names = names;
    this.clock = clock;
    this.metrics = metrics;
  }

  @Override
  public void accept(Router router) {
    RawBody body = new RawBody("desk", MAX_BODY_BYTES, metrics);
    router.get("/desk/api/conversations").handler(sessions.atLeast(Role.AGENT)).handler(this::list);
    router.get("/desk/api/counts").handler(sessions.atLeast(Role.AGENT)).handler(this::counts);
    router.get("/desk/api/canned").handler(sessions.atLeast(Role.AGENT)).handler(this::canned);
    router
        .post("/desk/api/bulk")
        .handler(sessions.atLeast(Role.AGENT))
        .handler(body)
        .handler(this::bulk);
    router
        .post("/desk/api/me/status")
        .handler(sessions.atLeast(Role.AGENT))
        .handler(body)
        .handler(this::status);
    router
        .post("/desk/api/offers/:handoff/accept")
        .handler(sessions.atLeast(Role.AGENT))
        .handler(body)
        .handler(context -> offer(context, this::accept));
    router
        .post("/desk/api/offers/:handoff/decline")
        .handler(sessions.atLeast(Role.AGENT))
        .handler(body)
        .handler(context -> offer(context, this::decline));
    router.get("/desk/api/views").handler(sessions.signedIn()).handler(this::views);
    router
        .put("/desk/api/views/:name")
        .handler(sessions.signedIn())
        .handler(body)
        .handler(this::keepView);
    router.delete("/desk/api/views/:name").handler(sessions.signedIn()).handler(this::forgetView);
  }

  private <T> void answer(
      RoutingContext context, Future<T> question, Function<T, DeskReply> reply) {
    question
        .compose(asked -> names.ready().map(asked))
        .timeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
        .onFailure(failure -> DeskAnswer.unavailable(context, failure))
        .onSuccess(asked -> reply.apply(asked).give(context));
  }

  // ---- lists

  private void list(RoutingContext context) {
    DeskUser user = DeskUser.of(context);
    names.learn(user);
    Optional<Folder> folder = folder(context.request().getParam("folder", "all"), user);
    Optional<Integer> offset = number(context, "offset", 0, MOST_OFFSET);
    Optional<Integer> limit = number(context, "limit", USUAL_ROWS, MOST_ROWS);
    if (folder.isEmpty() || offset.isEmpty() || limit.isEmpty()) {
      DeskAnswer.refuse(
          context,
          400,
          "malformed",
          "folder is mine, unassigned, all, snoozed, closed, bot or topic:NAME; offset and limit"
              + " are numbers");
      return;
    }
    QueueQuery query =
        new QueueQuery(
            folder.get(),
            user.topics(),
            new Filters(
                word(context, "channel"),
                word(context, "agent").map(it -> it.equals("me") ? user.id() : it),
                word(context, "tag"),
                word(context, "sla")),
            cut(context.request().getParam("q", "")),
            offset.get(),
            limit.get());
    answer(
        context,
        reading.queue().list(query),
        page ->
            DeskReply.done(
                new JsonObject()
                    .put("rows", DeskRows.rows(page.rows(), names))
                    .put("total", page.total())
                    .put("offset", offset.get())));
  }

  private static Optional<Folder> folder(String word, DeskUser user) {
    return switch (word) {
      case "mine" -> Optional.of(new Folder.Mine(user.id()));
      case "unassigned" -> Optional.of(new Folder.Unassigned());
      case "all" -> Optional.of(new Folder.All());
      case "snoozed" -> Optional.of(new Folder.Snoozed());
      case "closed" -> Optional.of(new Folder.Closed());
      case "bot" -> Optional.of(new Folder.Bot());
      default ->
          word.startsWith("topic:")
              ? Optional.of(new Folder.Topic(word.substring("topic:".length())))
              : Optional.empty();
    };
  }

  private static Optional<Integer> number(
      RoutingContext context, String name, int usual, int most) {
    String text = context.request().getParam(name, String.valueOf(usual));
    return text.matches("\\d{1,8}")
        ? Optional.of(Math.min(most, Integer.parseInt(text)))
        : Optional.empty();
  }

  private static Optional<String> word(RoutingContext context, String name) {
    return Optional.of(context.request().getParam(name, ""))
        .map(String::strip)
        .filter(it -> !it.isEmpty());
  }

  private static String cut(String text) {
    return text.length() <= MAX_SEARCH ? text : text.substring(0, MAX_SEARCH);
  }

  private void counts(RoutingContext context) {
    DeskUser user = DeskUser.of(context);
    answer(
        context,
        reading.queue().counts(user.id(), user.topics()),
        counts -> DeskReply.done(DeskRows.counts(counts)));
  }

  // ---- what the desk's rules and this installation offer

  private void canned(RoutingContext context) {
    answer(
        context,
        reading.presence().list(),
        agents -> DeskReply.done(catalogue(reading.rules().get(), agents)));
  }

  private JsonObject catalogue(DeskRules rules, List<Presence.Agent> agents) {
    JsonArray canned = new JsonArray();
    rules
        .canned()
        .forEach((name, text) -> canned.add(new JsonObject().put("name", name).put("text", text)));
    JsonArray templates = new JsonArray();
    rules.templates().forEach(template -> templates.add(json(template)));
    return new JsonObject()
        .put("canned", canned)
        .put("dispositions", new JsonArray(rules.dispositions()))
        .put("templates", templates)
        .put("topics", new JsonArray(List.copyOf(rules.topics().keySet())))
        .put("agents", agents(agents, rules, names, clock.instant()))
        .put("flows", new JsonArray(reading.flows().names()));
  }

  private static JsonObject json(CannedTemplate template) {
    return new JsonObject()
        .put("sid", template.sid())
        .put("name", template.name())
        .put("text", template.named())
        .put("language", template.language())
        .put("variables", new JsonArray(template.variables()));
  }

  /// As they are: whose desk was not heard of for long is not there, whatever they said last.
  static JsonArray agents(
      List<Presence.Agent> agents, DeskRules rules, DeskNames names, Instant now) {
    Instant unheard = now.minus(rules.agents().present());
    JsonArray json = new JsonArray();
    for (Presence.Agent agent : agents) {
      json.add(
          new JsonObject()
              .put("id", agent.id())
              .put("name", names.of(agent.id()))
              .put(
                  "status",
                  agent.seenAt().isBefore(unheard) ? Status.OFFLINE.word() : agent.status().word())
              .put("load", agent.load())
              .put("capacity", agent.abilities().capacity().orElse(rules.agents().capacity()))
              .put("open", agent.open()));
    }
    return json;
  }

  // ---- being there

  private void status(RoutingContext context) {
    DeskBody body = DeskBody.of(context);
    Optional<Status> status = status(body.optional("status", MAX_WORDS).orElse(""));
    if (status.isEmpty()) {
      body.problem("/status is online, away or offline");
    }
    if (body.isRefused(context)) {
      return;
    }
    DeskUser user = DeskUser.of(context);
    Staffing.Member member = reading.rules().get().agents().member(user.email());
    Abilities abilities =
        new Abilities(member.capacity(), List.copyOf(member.skills()), user.topics());
    answer(
        context,
        reading
            .presence()
            .set(user.id(), status.orElseThrow(), abilities, clock.instant())
            .compose(
                _ ->
                    audit.record(
                        user,
                        "status",
                        Optional.empty(),
                        new JsonObject().put("status", status.orElseThrow().word())))
            .onSuccess(_ -> Bus.on(context.vertx()).publish(Bus.HANDOFFS_MOVED, "")),
        _ -> DeskReply.done(new JsonObject().put("status", status.orElseThrow().word())));
  }

  private static Optional<Status> status(String word) {
    for (Status status : Status.values()) {
      if (status.word().equals(word)) {
        return Optional.of(status);
      }
    }
    return Optional.empty();
  }

  // ---- offers

  private interface OnOffer {
    Future<DeskReply> handle(DeskUser user, EffectId handoff);
  }

  private void offer(RoutingContext context, OnOffer handler) {
    EffectId handoff;
    try {
      handoff = EffectId.parse(context.pathParam("handoff"));
    } catch (IllegalArgumentException _) {
      DeskAnswer.refuse(context, 404, "unknown", "there is no such handoff");
      return;
    }
    DeskUser user = DeskUser.of(context);
    String action = context.normalizedPath().endsWith("accept") ? "accept" : "decline";
    answer(
        context,
        handler
            .handle(user, handoff)
            .compose(
                reply ->
                    audit
                        .record(
                            user,
                            action,
                            Optional.of(handoff.conversation()),
                            reply.isDone()
                                ? new JsonObject()
                                : new JsonObject().put("refused", reply.body().getString("reason")))
                        .map(reply)),
        Function.identity());
  }

  private Future<DeskReply> accept(DeskUser user, EffectId handoff) {
    return reading
        .queue()
        .isOffered(handoff, user.id(), clock.instant())
        .compose(
            offered ->
                offered
                    ? reading
                        .files()
                        .find(handoff.conversation())
                        .compose(found -> acts.take(user, found.orElseThrow()))
                    : Future.succeededFuture(
                        DeskReply.refused(
                            409,
                            "offer_over",
                            "It is offered to you no more; others may have it.")));
  }

  private Future<DeskReply> decline(DeskUser user, EffectId handoff) {
    return reading
        .queue()
        .decline(handoff, user.id())
        .map(
            declined ->
                declined
                    ? DeskReply.done(new JsonObject().put("status", "ok"))
                    : DeskReply.refused(409, "offer_over", "It is offered to you no more."));
  }

  // ---- several at once

  private interface OnEach {
    Future<DeskReply> handle(DeskUser user, DeskCase on);
  }

  private void bulk(RoutingContext context) {
    DeskBody body = DeskBody.of(context);
    List<String> ids = body.texts("ids", MOST_AT_ONCE, 100);
    String action = body.text("action", MAX_WORDS, "is assign, close, snooze or waiting");
    Optional<OnEach> each = each(body, action);
    if (ids.isEmpty()) {
      body.problem("/ids names conversations");
    }
    if (body.isRefused(context) || each.isEmpty()) {
      return;
    }
    DeskUser user = DeskUser.of(context);
    JsonArray results = new JsonArray();
    Future<Void> done = names.ready();
    for (String id : ids) {
      done =
          done.compose(_ -> one(user, id, action, each.get()))
              .map(
                  reply -> {
                    results.add(reply.body().put("id", id).put("done", reply.isDone()));
                    return null;
                  });
    }
    done.onFailure(failure -> DeskAnswer.unavailable(context, failure))
        .onSuccess(_ -> DeskReply.done(new JsonObject().put("results", results)).give(context));
  }

  private Optional<OnEach> each(DeskBody body, String action) {
    return switch (action) {
      case "assign" -> assigning(body);
      case "close" -> {
        String disposition =
            body.text("disposition", MAX_WORDS, "says in a few words what came of them");
        yield Optional.of(
            (user, on) ->
                acts.close(
                    user, on, new Closing(disposition.strip(), Values.EMPTY, new After.Usual())));
      }
      case "snooze" -> {
        Optional<Instant> until = body.time("until");
        yield Optional.of((user, on) -> acts.snooze(user, on, until));
      }
      case "waiting" -> {
        boolean waits = body.flag("waiting");
        yield Optional.of((user, on) -> acts.await(user, on, waits));
      }
      default -> {
        body.problem("/action is assign, close, snooze or waiting");
        yield Optional.empty();
      }
    };
  }

  private Optional<OnEach> assigning(DeskBody body) {
    Optional<String> agent = body.optional("agent", MAX_WORDS);
    Optional<String> topic = body.optional("topic", MAX_WORDS);
    if (agent.isPresent() == topic.isPresent()) {
      body.problem("say /agent or /topic, one of them");
    }
    return agent
        .<OnEach>map(id -> (user, on) -> acts.assign(user, on, id))
        .or(() -> topic.map(name -> (user, on) -> acts.move(user, on, name)));
  }

  private Future<DeskReply> one(DeskUser user, String id, String action, OnEach each) {
    Optional<ConversationId> conversation = DeskThreadRoutes.conversation(id);
    if (conversation.isEmpty()) {
      return Future.succeededFuture(unknown());
    }
    return reading
        .files()
        .find(conversation.get())
        .compose(
            found -> {
              if (found.isEmpty()) {
                return Future.succeededFuture(unknown());
              }
              if (!found.get().isFor(user)) {
                return Future.succeededFuture(
                    DeskReply.refused(
                        403, "other_topic", "this conversation is of a topic that is not yours"));
              }
              return each.handle(user, found.get());
            })
        .compose(
            reply ->
                audit
                    .record(
                        user,
                        action,
                        conversation,
                        reply.isDone()
                            ? new JsonObject().put("bulk", true)
                            : new JsonObject()
                                .put("bulk", true)
                                .put("refused", reply.body().getString("reason")))
                    .map(reply));
  }

  private static DeskReply unknown() {
    return DeskReply.refused(404, "unknown", "there is no such conversation");
  }

  // ---- views of one's own

  private void views(RoutingContext context) {
    answer(
        context,
        reading.views().of(DeskUser.of(context).id()),
        views -> {
          JsonArray json = new JsonArray();
          views.forEach(view -> json.add(new JsonObject(view.filter()).put("name", view.name())));
          return DeskReply.done(new JsonObject().put("views", json));
        });
  }

  private void keepView(RoutingContext context) {
    DeskBody body = DeskBody.of(context);
    String name = context.pathParam("name");
    String folder = body.text("folder", MAX_WORDS, "is a folder of the inbox");
    Values filters = body.object("filters");
    if (name.isBlank() || name.length() > 100) {
      body.problem("a view's name has 1 to 100 characters");
    }
    if (body.isRefused(context)) {
      return;
    }
    String filter =
        new JsonObject()
            .put("folder", folder)
            .put("filters", new JsonObject(io.vertx.core.json.Json.encode(filters.entries())))
            .encode();
    answer(
        context,
        reading
            .views()
            .keep(DeskUser.of(context).id(), new DeskViews.View(name, filter), clock.instant()),
        _ -> DeskReply.done(new JsonObject(filter).put("name", name)));
  }

  private void forgetView(RoutingContext context) {
    answer(
        context,
        reading.views().forget(DeskUser.of(context).id(), context.pathParam("name")),
        known ->
            known
                ? DeskReply.done(new JsonObject().put("status", "ok"))
                : DeskReply.refused(404, "unknown", "there is no such view"));
  }
}
