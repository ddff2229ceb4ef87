package io.parley.verticles;

import io.parley.engine.Conversation;
import io.parley.engine.ConversationId;
import io.parley.engine.EffectId;
import io.parley.engine.Owner;
import io.parley.engine.ThreadId;
import io.parley.store.HandoffQueue;
import io.parley.store.Journal;
import io.parley.store.QueueEntry;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/// A conversation as somebody at the desk finds it.
///
/// @param entry its latest handoff, open or not; empty where it never was handed over
record DeskCase(Journal.Loaded loaded, Optional<QueueEntry> entry) {

  /// The topic of what was never handed over.
  private static final String NO_TOPIC = "general";

  /// Where cases are found.
  record Files(Journal journal, HandoffQueue queue) {

    /// Empty where there has been no such conversation.
    Future<Optional<DeskCase>> find(ConversationId id) {
      return journal
          .thread(id)
          .compose(
              thread ->
                  thread.isEmpty()
                      ? Future.succeededFuture(Optional.empty())
                      : find(thread.get()).map(Optional::of));
    }

    Future<DeskCase> find(ThreadId thread) {
      Future<Journal.Loaded> loaded = journal.load(thread);
      Future<Optional<QueueEntry>> entry = queue.find(ConversationId.of(thread));
      return Future.all(loaded, entry).map(_ -> new DeskCase(loaded.result(), entry.result()));
    }
  }

  Conversation conversation() {
    return loaded.conversation();
  }

  ConversationId id() {
    return conversation().id();
  }

  ThreadId thread() {
    return conversation().thread();
  }

  /// The handoff that is open.
  Optional<QueueEntry> open() {
    return entry.filter(it -> it.hold().owner() != Owner.CLOSED);
  }

  Optional<EffectId> handoff() {
    return open().flatMap(QueueEntry::handoff);
  }

  /// Who speaks for us: an agent's id, or `target:reference`.
  Optional<String> holder() {
    return open().flatMap(it -> it.hold().holder());
  }

  boolean isHeldBy(DeskUser user) {
    return holder().equals(Optional.of(user.id()));
  }

  String topic() {
    return entry.map(it -> it.rank().topic()).orElse(NO_TOPIC);
  }

  /// Whether it is the user's to see. What a flow holds belongs to no topic.
  boolean isFor(DeskUser user) {
    return entry.filter(it -> !isFor(user, it)).isEmpty();
  }

  /// Whether a handoff is the user's to see: of their topics, or in their hands.
  static boolean isFor(DeskUser user, QueueEntry entry) {
    boolean holds =
        entry.hold().owner() != Owner.CLOSED
            && entry.hold().holder().equals(Optional.of(user.id()));
    return holds || user.sees(entry.rank().topic());
  }

  /// Whether a handoff that is not the user's to see was: of the topic that it was of before this
  /// one, or in the hands of the latest two who had it. It stays so at later changes.
  static boolean hasLeft(DeskUser user, QueueEntry entry) {
    Optional<String> they = Optional.of(user.id());
    return entry.before().topic().filter(user::sees).isPresent()
        || entry.before().holder().equals(they)
        || entry.hold().holder().equals(they);
  }

  JsonObject row(DeskNames names) {
    boolean runs = conversation().execution().isPresent();
    if (open().isPresent() || (entry.isPresent() && !runs)) {
      return DeskRows.row(entry.orElseThrow(), names);
    }
    return new JsonObject()
        .put("id", id().toString())
        .put("handoff", null)
        .put(
            "contact",
            new JsonObject()
                .put("address", thread().theirs().value())
                .put("name", conversation().person().attributes().text("first_name").orElse(null))
                .put("external_id", conversation().person().externalId().orElse(null)))
        .put("channel", thread().theirs().channel().word())
        .put("topic", topic())
        .put("skills", new JsonArray())
        .put("priority", 0)
        .put("state", runs ? "bot" : "closed")
        .put("agent", null)
        .put("offered_to", null)
        .put("reason", "")
        .put(
            "opened_at",
            conversation().execution().map(it -> it.startedAt().toString()).orElse(null))
        .put(
            "last_at",
            DeskRows.text(
                conversation()
                    .traffic()
                    .window()
                    .lastInboundAt()
                    .or(() -> conversation().bargain().spokeAt())
                    .or(() -> conversation().execution().map(it -> it.startedAt()))))
        .put("snippet", "")
        .put("sla", null)
        .put("snoozed_until", null)
        .put("waiting_for_customer", false)
        .put("callback", null)
        .put("tags", new JsonArray())
        .put("flow", conversation().execution().map(it -> it.root().name()).orElse(""));
  }
}
