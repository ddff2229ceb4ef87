package io.parley.verticles;

import io.parley.engine.After;
import io.parley.engine.ConversationId;
import io.parley.engine.Effect;
import io.parley.engine.FlowRef;
import io.parley.engine.Owner;
import io.parley.engine.ThreadId;
import io.parley.engine.Values;
import io.parley.engine.desk.DeskRules;
import io.parley.engine.policy.Policy;
import io.parley.store.DeskNotes;
import io.parley.store.DeskNotes.Note;
import io.parley.store.DeskThread;
import io.parley.store.DeskThread.Page;
import io.parley.store.Role;
import io.parley.verticles.DeskActs.Closing;
import io.parley.verticles.DeskActs.Draft;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// One conversation at the desk: what was said, and what somebody does in it.
///
/// Whoever looks needs the conversation's topic; every look and every deed is in the audit before
/// it is answered.
final class DeskThreadRoutes implements Consumer<Router> {

  private static final String PATH = "/desk/api/conversations/:id";
  private static final int MAX_BODY_BYTES = 64 * 1024;
  private static final int MAX_TEXT = 10_000;
  private static final int MAX_WORDS = 500;
  private static final int MOST_MEDIA = 10;
  private static final int USUAL_TURNS = 50;
  private static final int MOST_TURNS = 500;
  private static final int PATIENCE_SECONDS = 10;

  private final DeskSessions sessions;
  private final Reading reading;
  private final Doing doing;
  private final DeskNames names;
  private final DeskViewers viewers;
  private final DeskEvents events;
  private final InstantSource clock;

  /// What is read.
  record Reading(
      DeskCase.Files files,
      DeskThread thread,
      DeskNotes notes,
      DeskContext context,
      Supplier<Policy> policy,
      Supplier<DeskRules> rules) {}

  /// What is done, and kept on record.
  record Doing(DeskActs acts, DeskAudit audit, FlowLibrary flows, Metrics metrics) {}

  DeskThreadRoutes(
      DeskSessions sessions,
      Reading reading,
      Doing doing,
      DeskNames names,
      DeskViewers viewers,
      DeskEvents events,
      InstantSource clock) {
    this.sessions = sessions;
    this.reading = reading;
    this.doing = doing;
    this.names = names;
    this.viewers = viewers;
    this.events = events;
    this.clock = clock;
  }

  @Override
  public void accept(Router router) {
    RawBody body = new RawBody("desk", MAX_BODY_BYTES, doing.metrics());
    router.get(PATH).handler(sessions.atLeast(Role.AGENT)).handler(with(this::show));
    router.get(PATH + "/items").handler(sessions.atLeast(Role.AGENT)).handler(with(this::items));
    post(router, "take", body, this::take);
    post(router, "release", body, this::release);
    post(router, "assign", body, this::assign);
    post(router, "snooze", body, this::snooze);
    post(router, "waiting", body, this::waiting);
    post(router, "typing", body, this::typing);
    post(router, "messages", body, this::write);
    post(router, "notes", body, this::note);
    post(router, "close", body, this::close);
  }

  private void post(Router router, String what, RawBody body, OnCase handler) {
    Route route = router.post(PATH + "/" + what);
    route.handler(sessions.atLeast(Role.AGENT)).handler(body).handler(with(handler));
  }

  private interface OnCase {
    void handle(RoutingContext context, DeskCase found);
  }

  static Optional<ConversationId> conversation(String text) {
    try {
      return Optional.of(ConversationId.parse(text));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private io.vertx.core.Handler<RoutingContext> with(OnCase handler) {
    return context -> {
      DeskUser user = DeskUser.of(context);
      names.learn(user);
      Optional<ConversationId> id = conversation(context.pathParam("id"));
      if (id.isEmpty()) {
        unknown(context);
        return;
      }
      names
          .ready()
          .compose(_ -> reading.files().find(id.get()))
          .timeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
          .onFailure(failure -> DeskAnswer.unavailable(context, failure))
          .onSuccess(
              found -> {
                if (found.isEmpty()) {
                  unknown(context);
                } else if (!found.get().isFor(user)) {
                  DeskAnswer.refuse(
                      context,
                      403,
                      "other_topic",
                      "this conversation is of a topic that is not yours");
                } else {
                  handler.handle(context, found.get());
                }
              });
    };
  }

  private static void unknown(RoutingContext context) {
    DeskAnswer.refuse(context, 404, "unknown", "there is no such conversation");
  }

  /// Answers once what was looked at, or done, is on record.
  private void answer(
      RoutingContext context,
      DeskCase on,
      String action,
      JsonObject detail,
      Future<DeskReply> reply) {
    DeskUser user = DeskUser.of(context);
    reply
        .compose(
            it ->
                doing
                    .audit()
                    .record(user, action, Optional.of(on.id()), outcome(detail, it))
                    .map(it))
        .timeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
        .onFailure(failure -> DeskAnswer.unavailable(context, failure))
        .onSuccess(it -> it.give(context));
  }

  /// A deed that was refused is on record, too, with the reason.
  private static JsonObject outcome(JsonObject detail, DeskReply reply) {
    return reply.isDone()
        ? detail
        : detail.copy().put("refused", reply.body().getString("reason", "unknown"));
  }

  // ---- to look

  private void show(RoutingContext context, DeskCase on) {
    DeskUser user = DeskUser.of(context);
    viewers.looks(on.id(), user, clock.instant());
    events.showViewers(on.id());
    Future<Page> page = reading.thread().latest(on.id(), USUAL_TURNS);
    Future<JsonArray> items = page.compose(it -> items(on, it, true));
    Future<JsonObject> beside =
        reading.context().of(on.conversation(), on.entry(), clock.instant());
    answer(
        context,
        on,
        "read",
        new JsonObject(),
        Future.all(items, beside)
            .map(
                _ ->
                    DeskReply.done(
                        new JsonObject()
                            .put("row", on.row(names))
                            .put("thread", thread(on.thread()))
                            .put("turn", page.result().last())
                            .put("items", items.result())
                            .put("more", page.result().more())
                            .put("gates", gates(on))
                            .put("context", beside.result())
                            .put(
                                "viewers",
                                DeskViewers.json(viewers.of(on.id(), clock.instant()))))));
  }

  private static JsonObject thread(ThreadId thread) {
    return new JsonObject()
        .put("ours", thread.ours().value())
        .put("theirs", thread.theirs().value())
        .put("channel", thread.theirs().channel().word());
  }

  private JsonObject gates(DeskCase on) {
    return DeskGates.of(
        on.conversation(), on.loaded().contact(), reading.policy().get(), clock.instant());
  }

  /// The items of a page, with the notes of its turns.
  ///
  /// @param latest whether notes after its last turn belong to it
  private Future<JsonArray> items(DeskCase on, Page page, boolean latest) {
    int first = page.more() && !page.spoken().isEmpty() ? page.spoken().getFirst().number() : 0;
    int last =
        latest || page.spoken().isEmpty()
            ? Integer.MAX_VALUE
            : page.spoken().getLast().number() + 1;
    return reading
        .notes()
        .between(on.id(), first, last)
        .map(notes -> json(merged(DeskItems.of(on.thread(), page), notes)));
  }

  /// Notes stand after what their turn shows.
  static List<DeskItem> merged(List<DeskItem> items, List<Note> notes) {
    List<DeskItem> all = new ArrayList<>(items);
    notes.forEach(note -> all.add(DeskItems.of(note)));
    all.sort(
        java.util.Comparator.comparingInt(DeskItem::turn)
            .thenComparingLong(item -> Long.parseLong(item.place())));
    return all;
  }

  private JsonArray json(List<DeskItem> items) {
    JsonArray json = new JsonArray();
    items.forEach(item -> json.add(item.json(names::of)));
    return json;
  }

  private void items(RoutingContext context, DeskCase on) {
    Optional<Integer> before = number(context, "before");
    Optional<Integer> after = number(context, "after");
    int limit = Math.clamp(number(context, "limit").orElse(USUAL_TURNS), 1, MOST_TURNS);
    if (before.isPresent() == after.isPresent()) {
      DeskAnswer.refuse(
          context, 400, "malformed", "say before=TURN or after=TURN, one of them, as a number");
      return;
    }
    Future<JsonObject> read =
        before.isPresent() ? older(on, before.get(), limit) : newer(on, after.orElseThrow(), limit);
    answer(
        context,
        on,
        "read",
        new JsonObject().put(before.isPresent() ? "before" : "after", before.or(() -> after).get()),
        read.map(DeskReply::done));
  }

  private static Optional<Integer> number(RoutingContext context, String name) {
    return Optional.of(context.request().getParam(name, ""))
        .filter(it -> it.matches("\\d{1,9}"))
        .map(Integer::parseInt);
  }

  private Future<JsonObject> older(DeskCase on, int before, int limit) {
    return reading
        .thread()
        .before(on.id(), before, limit)
        .compose(
            page ->
                items(on, page, false)
                    .map(items -> new JsonObject().put("items", items).put("more", page.more())));
  }

  /// Items of later turns, and earlier messages of which they tell.
  private Future<JsonObject> newer(DeskCase on, int after, int limit) {
    return reading
        .thread()
        .after(on.id(), after, limit)
        .compose(
            page -> {
              Set<Integer> earlier = new TreeSet<>();
              DeskItems.earlierSends(after, page).keySet().forEach(it -> earlier.add(it.turn()));
              Future<Page> changed =
                  earlier.isEmpty()
                      ? Future.succeededFuture(
                          new Page(List.of(), List.of(), java.util.Map.of(), after, false))
                      : reading.thread().of(on.id(), List.copyOf(earlier));
              Future<List<Note>> notes =
                  reading
                      .notes()
                      .between(on.id(), after, page.more() ? page.last() + 1 : Integer.MAX_VALUE);
              return Future.all(changed, notes)
                  .map(
                      _ -> {
                        List<DeskItem> items =
                            new ArrayList<>(
                                DeskItems.ofSends(
                                    DeskItems.of(on.thread(), changed.result()),
                                    DeskItems.earlierSends(after, page).keySet()));
                        items.addAll(DeskItems.of(on.thread(), page));
                        return new JsonObject()
                            .put("items", json(merged(items, notes.result())))
                            .put("turn", page.last())
                            .put("more", page.more());
                      });
            });
  }

  // ---- to do

  private void take(RoutingContext context, DeskCase on) {
    answer(context, on, "take", new JsonObject(), doing.acts().take(DeskUser.of(context), on));
  }

  private void release(RoutingContext context, DeskCase on) {
    DeskBody body = DeskBody.of(context);
    String why = body.optional("why", MAX_WORDS).orElse("");
    if (!body.isRefused(context)) {
      answer(
          context,
          on,
          "release",
          new JsonObject().put("why", why),
          doing.acts().release(DeskUser.of(context), on, why));
    }
  }

  private void assign(RoutingContext context, DeskCase on) {
    DeskBody body = DeskBody.of(context);
    Optional<String> agent = body.optional("agent", MAX_WORDS);
    Optional<String> topic = body.optional("topic", MAX_WORDS);
    if (agent.isPresent() == topic.isPresent()) {
      body.problem("say /agent or /topic, one of them");
    }
    if (!body.isRefused(context)) {
      DeskUser user = DeskUser.of(context);
      answer(
          context,
          on,
          "assign",
          new JsonObject()
              .put(agent.isPresent() ? "agent" : "topic", agent.or(() -> topic).orElseThrow()),
          agent.isPresent()
              ? doing.acts().assign(user, on, agent.get())
              : doing.acts().move(user, on, topic.orElseThrow()));
    }
  }

  private void snooze(RoutingContext context, DeskCase on) {
    DeskBody body = DeskBody.of(context);
    Optional<java.time.Instant> until = body.time("until");
    if (until.filter(it -> !it.isAfter(clock.instant())).isPresent()) {
      body.problem("/until is a time to come");
    }
    if (!body.isRefused(context)) {
      answer(
          context,
          on,
          "snooze",
          new JsonObject().put("until", DeskRows.text(until)),
          doing.acts().snooze(DeskUser.of(context), on, until));
    }
  }

  private void waiting(RoutingContext context, DeskCase on) {
    DeskBody body = DeskBody.of(context);
    boolean waits = body.flag("waiting");
    if (!body.isRefused(context)) {
      answer(
          context,
          on,
          "waiting",
          new JsonObject().put("waiting", waits),
          doing.acts().await(DeskUser.of(context), on, waits));
    }
  }

  /// Who types in a conversation that nobody holds takes it: the bot stops at once.
  private void typing(RoutingContext context, DeskCase on) {
    DeskUser user = DeskUser.of(context);
    DeskBody body = DeskBody.of(context);
    boolean types = body.flag("typing");
    if (body.isRefused(context)) {
      return;
    }
    if (types) {
      viewers.types(on.id(), user, clock.instant());
    } else {
      viewers.pauses(on.id(), user, clock.instant());
    }
    events.showViewers(on.id());
    if (types && isFree(on)) {
      answer(
          context,
          on,
          "take",
          new JsonObject().put("by", "typing"),
          doing.acts().take(user, on).map(reply -> seeing(on, reply)));
    } else {
      seeing(
              on,
              DeskReply.done(
                  new JsonObject()
                      .put("status", "ok")
                      .put("state", DeskRows.word(on.conversation().owner()))
                      .put("agent", on.holder().map(id -> DeskRows.agent(id, names)).orElse(null))))
          .give(context);
    }
  }

  private static boolean isFree(DeskCase on) {
    Owner owner = on.conversation().owner();
    return on.holder().isEmpty() && owner != Owner.EXTERNAL;
  }

  private DeskReply seeing(DeskCase on, DeskReply reply) {
    reply.body().put("viewers", DeskViewers.json(viewers.of(on.id(), clock.instant())));
    return reply;
  }

  private void write(RoutingContext context, DeskCase on) {
    DeskBody body = DeskBody.of(context);
    Optional<Draft> draft = draft(body);
    if (body.isRefused(context) || draft.isEmpty()) {
      return;
    }
    DeskUser user = DeskUser.of(context);
    viewers.pauses(on.id(), user, clock.instant());
    events.showViewers(on.id());
    answer(
        context,
        on,
        "write",
        new JsonObject().put("draft", draft.get().name()),
        write(user, on, draft.get()));
  }

  private Optional<Draft> draft(DeskBody body) {
    String name = body.text("draft", 100, "is the sender's own name for the message");
    Optional<String> text = body.optional("text", MAX_TEXT);
    List<String> media = body.texts("media", MOST_MEDIA, 2_000);
    Values template = body.object("template");
    Optional<String> sid = template.text("sid").filter(it -> !it.isBlank());
    if (sid.isPresent() == (text.isPresent() || !media.isEmpty())) {
      body.problem("say /text (with /media), or /template with its sid");
      return Optional.empty();
    }
    Effect.Content content =
        sid.<Effect.Content>map(it -> filled(it, template.object("variables")))
            .orElseGet(() -> new Effect.Content.Text(text.orElse(""), media));
    return Optional.of(new Draft(name, content, body.flag("when_open")));
  }

  /// A template that the desk's rules name may have its variables by the names that they have
  /// there.
  private Effect.Content.Template filled(String sid, Values variables) {
    return new Effect.Content.Template(
        sid,
        reading.rules().get().templates().stream()
            .filter(it -> it.sid().equals(sid))
            .findFirst()
            .map(it -> it.numbered(variables))
            .orElse(variables));
  }

  /// What was said under a draft's name before is answered as it was then, whoever holds the
  /// conversation now. Who writes where nobody else does takes the conversation first.
  private Future<DeskReply> write(DeskUser user, DeskCase on, Draft draft) {
    return reading
        .thread()
        .named("agent", DeskActs.name(user, on, draft))
        .compose(
            before -> {
              if (before.isPresent()) {
                return said(on, before.get(), draft);
              }
              if (on.isHeldBy(user)) {
                return said(user, on, draft);
              }
              return doing
                  .acts()
                  .take(user, on)
                  .compose(
                      taken ->
                          taken.status() == 200
                              ? reading
                                  .files()
                                  .find(on.thread())
                                  .compose(now -> said(user, now, draft))
                              : Future.succeededFuture(taken));
            });
  }

  private Future<DeskReply> said(DeskUser user, DeskCase on, Draft draft) {
    if (on.handoff().isEmpty()) {
      return Future.succeededFuture(DeskReply.refused(409, "late_answer", "This handoff is over."));
    }
    return doing
        .acts()
        .write(user, on, draft)
        .compose(
            decision ->
                decision instanceof Decision.Taken taken
                    ? said(on, taken.turn(), draft)
                    : Future.succeededFuture(doing.acts().refusal(decision, on).orElseThrow()));
  }

  /// What came of a draft, as its turn has it.
  private Future<DeskReply> said(DeskCase on, int turn, Draft draft) {
    return reading
        .thread()
        .of(on.id(), List.of(turn))
        .compose(page -> names.ready().map(page))
        .map(
            page -> {
              Optional<DeskItem> item =
                  DeskItems.of(on.thread(), page).stream()
                      .filter(it -> it.draft().equals(Optional.of(draft.name())))
                      .findFirst();
              return item.map(
                      it -> DeskReply.done(new JsonObject().put("item", it.json(names::of))))
                  .orElseGet(() -> refused(on, page));
            });
  }

  private DeskReply refused(DeskCase on, Page page) {
    return page.spoken().stream()
        .flatMap(it -> it.refusal().stream())
        .findFirst()
        .map(
            reason ->
                DeskReply.refused(
                    reason.word(),
                    DeskActs.words(reason),
                    DeskGates.until(gates(on), reason.word())))
        .orElseGet(() -> DeskReply.refused(409, "not_sent", "The message was not sent."));
  }

  private void note(RoutingContext context, DeskCase on) {
    DeskBody body = DeskBody.of(context);
    String text = body.text("text", MAX_TEXT, "is the note");
    if (body.isRefused(context)) {
      return;
    }
    DeskUser user = DeskUser.of(context);
    answer(
        context,
        on,
        "note",
        new JsonObject(),
        reading
            .notes()
            .add(on.id(), new DeskNotes.Author(user.id(), user.name()), text, clock.instant())
            .map(
                note -> {
                  events.noted(on.id());
                  return DeskReply.done(
                      new JsonObject().put("item", DeskItems.of(note).json(names::of)));
                }));
  }

  private void close(RoutingContext context, DeskCase on) {
    DeskBody body = DeskBody.of(context);
    String disposition =
        body.text("disposition", MAX_WORDS, "says in a few words what came of it").strip();
    Values outputs = body.object("outputs");
    Optional<After> then = then(body, on);
    if (body.isRefused(context) || then.isEmpty()) {
      return;
    }
    answer(
        context,
        on,
        "close",
        new JsonObject().put("disposition", disposition).put("then", then.get().word()),
        doing
            .acts()
            .close(DeskUser.of(context), on, new Closing(disposition, outputs, then.get())));
  }

  private Optional<After> then(DeskBody body, DeskCase on) {
    Values then = body.object("then");
    return switch (then.text("do").orElse("")) {
      case "" -> Optional.of(new After.Usual());
      case "goes_on" -> Optional.of(new After.GoesOn());
      case "ends" -> Optional.of(new After.Ends());
      case "at" -> {
        Optional<String> widget = then.text("widget").filter(it -> !it.isBlank());
        if (widget.isEmpty()) {
          body.problem("/then/widget names a widget of the flow");
        }
        yield widget.map(After.At::new);
      }
      case "begins" -> {
        Optional<FlowRef> flow = then.text("flow").flatMap(name -> flow(name, on));
        if (flow.isEmpty()) {
          body.problem("/then/flow names a flow that is published");
        }
        yield flow.map(it -> new After.Begins(it, then.object("parameters")));
      }
      default -> {
        body.problem("/then/do is goes_on, ends, at or begins");
        yield Optional.empty();
      }
    };
  }

  private Optional<FlowRef> flow(String name, DeskCase on) {
    return Stream.of(doing.flows().choose(name, on.thread().theirs()))
        .flatMap(choice -> choice.found().stream())
        .findFirst();
  }
}
