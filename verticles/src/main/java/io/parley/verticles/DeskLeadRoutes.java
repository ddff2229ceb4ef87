package io.parley.verticles;

import io.parley.engine.EffectId;
import io.parley.engine.desk.DeskRules;
import io.parley.engine.desk.Topic;
import io.parley.engine.policy.Policy;
import io.parley.store.Chronicle;
import io.parley.store.DeadLetters;
import io.parley.store.DeskFacts;
import io.parley.store.DeskFacts.Standing;
import io.parley.store.Presence;
import io.parley.store.Role;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.sqlclient.Pool;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// What leads look at: how the queue and its agents stand, everything that happened in a
/// conversation with its reasons, and reports that no destination took.
final class DeskLeadRoutes implements Consumer<Router> {

  private static final int MAX_BODY_BYTES = 4 * 1024;
  private static final int MOST_TURNS = 500;
  private static final int MOST_LETTERS = 200;
  private static final int PATIENCE_SECONDS = 10;

  private final DeskSessions sessions;
  private final Reading reading;
  private final Rules rules;
  private final DeskAudit audit;
  private final DeskNames names;
  private final InstantSource clock;
  private final Metrics metrics;

  /// What is read.
  record Reading(
      Pool pool,
      DeskCase.Files files,
      DeskFacts facts,
      Presence presence,
      DeadLetters letters,
      ExecutionSteps steps,
      FlowLibrary flows) {}

  /// What is in force.
  record Rules(Supplier<DeskRules> desk, Supplier<Policy> policy) {}

  DeskLeadRoutes(
      DeskSessions sessions,
      Reading reading,
      Rules rules,
      DeskAudit audit,
      DeskNames names,
      InstantSource clock,
      Metrics metrics) {
    this.sessions = sessions;
    this.reading = reading;
    this.rules = rules;
    this.audit = audit;
    this.names = names;
    this.clock = clock;
    this.metrics = metrics;
  }

  @Override
  public void accept(Router router) {
    RawBody body = new RawBody("desk", MAX_BODY_BYTES, metrics);
    router.get("/desk/api/board").handler(sessions.atLeast(Role.LEAD)).handler(this::board);
    router
        .get("/desk/api/conversations/:id/timeline")
        .handler(sessions.atLeast(Role.AGENT))
        .handler(this::timeline);
    router
        .get("/desk/api/dead-letters")
        .handler(sessions.atLeast(Role.LEAD))
        .handler(this::letters);
    router
        .post("/desk/api/dead-letters/:letter/replay")
        .handler(sessions.atLeast(Role.LEAD))
        .handler(body)
        .handler(context -> settle(context, "replay", this::replayed));
    router
        .post("/desk/api/dead-letters/:letter/discard")
        .handler(sessions.atLeast(Role.LEAD))
        .handler(body)
        .handler(context -> settle(context, "discard", this::discarded));
  }

  private void answer(RoutingContext context, Future<DeskReply> reply) {
    reply
        .timeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
        .onFailure(failure -> DeskAnswer.unavailable(context, failure))
        .onSuccess(it -> it.give(context));
  }

  // ---- the board

  private void board(RoutingContext context) {
    DeskUser user = DeskUser.of(context);
    Instant now = clock.instant();
    Future<List<Standing>> topics = reading.facts().topics(user.topics());
    Future<List<Presence.Agent>> agents = reading.presence().list();
    Future<DeskFacts.Day> day =
        reading
            .facts()
            .day(
                now.atOffset(ZoneOffset.UTC).truncatedTo(ChronoUnit.DAYS).toInstant(),
                user.topics());
    answer(
        context,
        Future.all(topics, agents, day, names.ready())
            .map(
                _ ->
                    DeskReply.done(
                        new JsonObject()
                            .put("queue", queue(topics.result(), user, now))
                            .put(
                                "agents",
                                DeskInboxRoutes.agents(
                                    agents.result(), rules.desk().get(), names, now))
                            .put("sla", sla(topics.result()))
                            .put("today", today(day.result())))));
  }

  /// A topic that nobody waits in stands there, too.
  private JsonArray queue(List<Standing> standings, DeskUser user, Instant now) {
    Map<String, Standing> byTopic = new LinkedHashMap<>();
    rules
        .desk()
        .get()
        .topics()
        .keySet()
        .forEach(
            name -> {
              if (user.sees(name)) {
                byTopic.put(name, new Standing(name, 0, Optional.empty(), 0, 0, 0));
              }
            });
    standings.forEach(standing -> byTopic.put(standing.topic(), standing));
    JsonArray queue = new JsonArray();
    byTopic
        .values()
        .forEach(
            it ->
                queue.add(
                    new JsonObject()
                        .put("topic", it.topic())
                        .put("waiting", it.waiting())
                        .put("oldest_at", DeskRows.text(it.oldestAt()))
                        .put("in_hours", isInHours(it.topic(), now))));
    return queue;
  }

  private boolean isInHours(String topicName, Instant now) {
    Topic topic = rules.desk().get().topic(topicName);
    return topic
        .calendar()
        .flatMap(name -> rules.policy().get().calendars().get(name))
        .map(calendar -> calendar.isOpen(now))
        .orElse(true);
  }

  private static JsonObject sla(List<Standing> standings) {
    return new JsonObject()
        .put("ok", standings.stream().mapToLong(Standing::ok).sum())
        .put("warned", standings.stream().mapToLong(Standing::warned).sum())
        .put("breached", standings.stream().mapToLong(Standing::breached).sum());
  }

  private static JsonObject today(DeskFacts.Day day) {
    return new JsonObject()
        .put("opened", day.opened())
        .put("closed", day.closed())
        .put("median_wait_seconds", day.medianWaitSeconds())
        .put("median_first_reply_seconds", day.medianFirstReplySeconds());
  }

  // ---- everything that happened

  private void timeline(RoutingContext context) {
    DeskUser user = DeskUser.of(context);
    var id = DeskThreadRoutes.conversation(context.pathParam("id"));
    if (id.isEmpty()) {
      answer(context, Future.succeededFuture(unknown()));
      return;
    }
    answer(
        context,
        reading
            .files()
            .find(id.get())
            .compose(
                found -> {
                  if (found.isEmpty()) {
                    return Future.succeededFuture(unknown());
                  }
                  return found.get().isFor(user)
                      ? timeline(user, found.get())
                      : Future.succeededFuture(DeskTranscripts.otherTopic());
                }));
  }

  private static DeskReply unknown() {
    return DeskReply.refused(404, "unknown", "there is no such conversation");
  }

  private Future<DeskReply> timeline(DeskUser user, DeskCase on) {
    return Chronicle.of(reading.pool(), on.id(), MOST_TURNS)
        .compose(
            chronicle ->
                chronicle.isEmpty()
                    ? Future.succeededFuture(unknown())
                    : SplitReasons.of(chronicle.get(), reading.steps(), reading.flows())
                        .map(reasons -> told(chronicle.get(), reasons)))
        .compose(
            reply ->
                audit
                    .record(
                        user,
                        "read",
                        Optional.of(on.id()),
                        new JsonObject().put("what", "timeline"))
                    .map(reply));
  }

  /// As programs read it, and each turn in words.
  private static DeskReply told(Chronicle chronicle, SplitReasons reasons) {
    JsonObject json = ChronicleJson.conversation(chronicle, reasons);
    JsonArray turns = json.getJsonArray("turns");
    for (int i = 0; i < chronicle.turns().size(); i++) {
      Chronicle.Turn turn = chronicle.turns().get(i);
      JsonArray done = new JsonArray();
      turn.effects().forEach(effect -> done.add(ChronicleWords.effect(effect)));
      turns
          .getJsonObject(i)
          .put("words", turn.event().map(ChronicleWords::event).orElse("erased"))
          .put("effect_words", done);
    }
    return DeskReply.done(json);
  }

  // ---- dead letters

  private void letters(RoutingContext context) {
    Future<List<DeadLetters.DeadLetter>> list =
        reading.letters().list(DeadLetters.Which.ALL, MOST_LETTERS);
    Future<Long> total = reading.letters().count();
    answer(
        context,
        Future.all(list, total)
            .map(
                _ -> {
                  JsonArray letters = new JsonArray();
                  list.result().forEach(letter -> letters.add(json(letter)));
                  return DeskReply.done(
                      new JsonObject().put("letters", letters).put("total", total.result()));
                }));
  }

  private static JsonObject json(DeadLetters.DeadLetter letter) {
    return new JsonObject()
        .put("id", letter.id().toString())
        .put("conversation", letter.id().conversation().toString())
        .put("kind", letter.destination())
        .put("at", letter.diedAt().toString())
        .put("created_at", letter.createdAt().toString())
        .put("reason", letter.reason())
        .put("tries", letter.attempts());
  }

  private interface OnLetter {
    Future<Integer> handle(DeadLetters.Which which);
  }

  private void settle(RoutingContext context, String action, OnLetter handler) {
    EffectId id;
    try {
      id = EffectId.parse(context.pathParam("letter"));
    } catch (IllegalArgumentException _) {
      DeskAnswer.refuse(context, 404, "unknown", "there is no such dead letter");
      return;
    }
    DeskUser user = DeskUser.of(context);
    answer(
        context,
        handler
            .handle(DeadLetters.Which.of(id))
            .onSuccess(_ -> Bus.on(context.vertx()).publish(Bus.REPORTS_WAIT, ""))
            .compose(
                letters ->
                    audit
                        .record(
                            user,
                            action,
                            Optional.of(id.conversation()),
                            new JsonObject()
                                .put("dead_letter", id.toString())
                                .put("letters", letters))
                        .map(
                            letters == 0
                                ? DeskReply.refused(
                                    404,
                                    "unknown",
                                    "there is no such dead letter, or its body cannot be opened"
                                        + " here")
                                : DeskReply.done(
                                    new JsonObject()
                                        .put("status", "ok")
                                        .put("letters", letters)))));
  }

  private Future<Integer> replayed(DeadLetters.Which which) {
    return reading
        .letters()
        .replay(which, DeadLetters.Done.NOTHING, MOST_LETTERS)
        .map(DeadLetters.Done::letters);
  }

  private Future<Integer> discarded(DeadLetters.Which which) {
    return reading.letters().discard(which);
  }
}
