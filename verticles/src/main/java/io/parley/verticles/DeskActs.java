package io.parley.verticles;

import io.parley.edge.Arrival;
import io.parley.edge.Arrival.Source;
import io.parley.engine.After;
import io.parley.engine.Effect;
import io.parley.engine.EffectId;
import io.parley.engine.Event;
import io.parley.engine.Reason;
import io.parley.engine.Values;
import io.parley.engine.desk.DeskRules;
import io.parley.engine.desk.Topic;
import io.parley.store.HandoffQueue;
import io.parley.store.QueueEntry.Rank;
import io.parley.store.Role;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/// What somebody at the desk does to a conversation. Whatever moves it is an event of the
/// conversation, which says what came of it; two who do the same at once are two events, of which
/// one is first.
final class DeskActs {

  private final DeskCase.Files files;
  private final Dispatcher dispatcher;
  private final DeskNames names;
  private final Supplier<DeskRules> rules;
  private final InstantSource clock;

  DeskActs(
      DeskCase.Files files,
      Dispatcher dispatcher,
      DeskNames names,
      Supplier<DeskRules> rules,
      InstantSource clock) {
    this.files = files;
    this.dispatcher = dispatcher;
    this.names = names;
    this.rules = rules;
    this.clock = clock;
  }

  /// The event of a conversation, under a name of its own: what is told again counts once.
  Future<Decision> tell(DeskCase on, Event event, String name) {
    return dispatcher.dispatch(
        new Arrival(Source.AGENT, name, Optional.empty(), on.thread(), event, clock.instant()));
  }

  // ---- to take and to give

  /// The user takes it, whoever has it not.
  Future<DeskReply> take(DeskUser user, DeskCase on) {
    return take(on, user.id(), false);
  }

  /// @param over whether it is taken from another agent, too
  private Future<DeskReply> take(DeskCase on, String agent, boolean over) {
    String name =
        "%s:took:%s:%d%s".formatted(on.id(), agent, on.conversation().turn(), over ? ":over" : "");
    return tell(on, new Event.AgentTook(on.handoff(), agent, over), name)
        .compose(decision -> settled(on, decision, this::held));
  }

  /// Who has it now.
  private JsonObject held(DeskCase now) {
    return new JsonObject()
        .put("status", "ok")
        .put("state", DeskRows.word(now.conversation().owner()))
        .put("agent", now.holder().map(id -> DeskRows.agent(id, names)).orElse(null));
  }

  /// What came of an event, with the conversation as it is now.
  private Future<DeskReply> settled(
      DeskCase before, Decision decision, Function<DeskCase, JsonObject> answer) {
    return files
        .find(before.thread())
        .compose(now -> names.ready().map(now))
        .map(now -> refusal(decision, now).orElseGet(() -> DeskReply.done(answer.apply(now))));
  }

  /// Why an event was not taken; with who has the conversation, where somebody else does.
  Optional<DeskReply> refusal(Decision decision, DeskCase now) {
    return switch (decision) {
      case Decision.Taken taken when taken.refusal().isEmpty() -> Optional.empty();
      case Decision.Taken taken -> {
        Reason reason = Reason.valueOf(taken.refusal().orElseThrow().toUpperCase(Locale.ROOT));
        DeskReply refused = DeskReply.refused(reason.word(), words(reason), taken.notBefore());
        now.holder().ifPresent(id -> refused.body().put("agent", DeskRows.agent(id, names)));
        yield Optional.of(refused);
      }
      case Decision.Kept _ ->
          Optional.of(
              new DeskReply(
                  202,
                  new JsonObject()
                      .put("status", "accepted")
                      .put("message", "it is stored, and is done as soon as possible")));
      case Decision.Unavailable _ ->
          Optional.of(
              DeskReply.refused(503, "unavailable", "nothing was done; try again in a moment"));
    };
  }

  /// A refusal for whoever answers customers.
  static String words(Reason reason) {
    return switch (reason) {
      case ALREADY_TAKEN -> "Another agent has this conversation.";
      case NOT_TAKEN -> "Take the conversation first.";
      case LATE_ANSWER, NO_EXECUTION -> "This handoff is over.";
      case UNKNOWN_WIDGET -> "The flow that runs here has no such widget.";
      default -> DeskWords.error(0, reason.word(), reason.sentence());
    };
  }

  /// Back to the queue, by who holds it or by a lead.
  Future<DeskReply> release(DeskUser user, DeskCase on, String why) {
    Optional<DeskReply> obstacle = notTheirs(user, on);
    if (obstacle.isPresent()) {
      return Future.succeededFuture(obstacle.get());
    }
    return giveBack(on, why, asHolder(user, on))
        .compose(decision -> settled(on, decision, this::held));
  }

  /// Who holds it does so no more where another has taken it over meanwhile; a lead may end what
  /// anybody holds.
  private static Optional<String> asHolder(DeskUser user, DeskCase on) {
    return on.isHeldBy(user) ? Optional.of(user.id()) : Optional.empty();
  }

  private Future<Decision> giveBack(DeskCase on, String why, Optional<String> by) {
    EffectId handoff = on.handoff().orElseThrow();
    return tell(
        on,
        new Event.HandoffReturned(handoff, why.isBlank() ? "released" : why, by),
        "%s:returned:%d".formatted(handoff, on.conversation().turn()));
  }

  /// Why somebody may not do what is for who holds a conversation and for leads.
  private Optional<DeskReply> notTheirs(DeskUser user, DeskCase on) {
    if (on.open().isEmpty()) {
      return Optional.of(DeskReply.refused(409, "late_answer", "This handoff is over."));
    }
    if (on.isHeldBy(user) || user.role().mayDo(Role.LEAD)) {
      return Optional.empty();
    }
    DeskReply refused =
        on.holder().isPresent()
            ? DeskReply.refused(409, "already_taken", "Another agent has this conversation.")
            : DeskReply.refused(409, "not_taken", "Take the conversation first.");
    on.holder().ifPresent(id -> refused.body().put("agent", DeskRows.agent(id, names)));
    return Optional.of(refused);
  }

  /// To a colleague: what one holds, and what nobody has; a lead also what others hold.
  Future<DeskReply> assign(DeskUser user, DeskCase on, String agent) {
    boolean free = on.holder().isEmpty();
    boolean over = on.isHeldBy(user) || user.role().mayDo(Role.LEAD);
    if (!free && !over) {
      return Future.succeededFuture(notTheirs(user, on).orElseThrow());
    }
    return names
        .mayAnswer(agent)
        .compose(
            may ->
                may
                    ? take(on, agent, over && !free)
                    : Future.succeededFuture(
                        DeskReply.refused(
                            400, "unknown_agent", "There is nobody of this id who may answer.")));
  }

  /// To another topic, whose agents are asked next.
  Future<DeskReply> move(DeskUser user, DeskCase on, String topicName) {
    Topic topic = rules.get().topics().get(topicName);
    if (topic == null) {
      return Future.succeededFuture(
          DeskReply.refused(
              400,
              "unknown_topic",
              "There is no topic %s; topics are %s."
                  .formatted(topicName, String.join(", ", rules.get().topics().keySet()))));
    }
    if (on.open().isEmpty()) {
      return Future.succeededFuture(DeskReply.refused(409, "late_answer", "This handoff is over."));
    }
    if (on.holder().isPresent() && notTheirs(user, on).isPresent()) {
      return Future.succeededFuture(notTheirs(user, on).get());
    }
    EffectId handoff = on.handoff().orElseThrow();
    Rank rank =
        new Rank(
            topic.name(),
            topic.target(),
            List.copyOf(topic.skills()),
            topic.priority(),
            topic.weight());
    return files
        .queue()
        .move(handoff, rank)
        .compose(
            _ ->
                on.holder().isEmpty()
                    ? Future.succeededFuture(Optional.<Decision>empty())
                    : giveBack(on, "moved to " + topicName, asHolder(user, on)).map(Optional::of))
        .compose(
            decision ->
                files
                    .find(on.thread())
                    .map(
                        now ->
                            decision
                                .flatMap(it -> refusal(it, now))
                                .orElseGet(() -> DeskReply.done(held(now)))));
  }

  /// It sleeps; empty wakes it.
  Future<DeskReply> snooze(DeskUser user, DeskCase on, Optional<Instant> until) {
    if (on.open().isEmpty() || (on.holder().isPresent() && notTheirs(user, on).isPresent())) {
      return Future.succeededFuture(notTheirs(user, on).orElseThrow());
    }
    return files
        .queue()
        .snooze(on.handoff().orElseThrow(), until)
        .map(
            _ ->
                DeskReply.done(
                    new JsonObject()
                        .put("status", "ok")
                        .put("snoozed_until", DeskRows.text(until))));
  }

  /// It waits for the contact, and is on nobody's hands until they write.
  Future<DeskReply> await(DeskUser user, DeskCase on, boolean waits) {
    if (on.open().isEmpty() || notTheirs(user, on).isPresent()) {
      return Future.succeededFuture(notTheirs(user, on).orElseThrow());
    }
    return files
        .queue()
        .waitForCustomer(on.handoff().orElseThrow(), waits)
        .map(
            _ ->
                DeskReply.done(
                    new JsonObject().put("status", "ok").put("waiting_for_customer", waits)));
  }

  // ---- to close

  /// How a conversation is closed.
  record Closing(String disposition, Values outputs, After then) {}

  /// By who holds it, by a lead, and where nobody has it by anybody.
  Future<DeskReply> close(DeskUser user, DeskCase on, Closing closing) {
    if (on.open().isEmpty() || (on.holder().isPresent() && notTheirs(user, on).isPresent())) {
      return Future.succeededFuture(notTheirs(user, on).orElseThrow());
    }
    List<String> known = rules.get().dispositions();
    if (!known.isEmpty() && !known.contains(closing.disposition())) {
      return Future.succeededFuture(
          DeskReply.refused(
              400,
              "unknown_disposition",
              "Say what came of it: " + String.join(", ", known) + "."));
    }
    EffectId handoff = on.handoff().orElseThrow();
    Values outputs = Values.of("agent", user.name()).with(closing.outputs());
    return tell(
            on,
            new Event.HandoffClosed(
                handoff, closing.disposition(), outputs, closing.then(), asHolder(user, on)),
            "%s:closed:%d".formatted(handoff, on.conversation().turn()))
        .compose(
            decision ->
                settled(
                    on,
                    decision,
                    now ->
                        held(now)
                            .put(
                                "state",
                                now.conversation().execution().isPresent() ? "bot" : "closed")));
  }

  // ---- to write

  /// Something that is to be said.
  ///
  /// @param name the writer's own name for it
  /// @param whenOpen whether it waits for the end of quiet hours, and is not refused in them
  record Draft(String name, Effect.Content content, boolean whenOpen) {}

  /// The name by which a conversation knows a draft: however often it is told, it is said once.
  static String name(DeskUser user, DeskCase on, Draft draft) {
    return "%s:wrote:%s:%s".formatted(on.id(), user.id(), draft.name());
  }

  /// Writes, for who holds the conversation.
  Future<Decision> write(DeskUser user, DeskCase on, Draft draft) {
    return tell(
        on,
        new Event.AgentWrote(
            on.handoff().orElseThrow(), user.id(), draft.name(), draft.content(), draft.whenOpen()),
        name(user, on, draft));
  }

  HandoffQueue queue() {
    return files.queue();
  }
}
