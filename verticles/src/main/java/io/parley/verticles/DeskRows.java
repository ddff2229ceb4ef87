package io.parley.verticles;

import io.parley.engine.Owner;
import io.parley.store.HandoffQueue.Counts;
import io.parley.store.QueueEntry;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Rows of the desk's lists as JSON.
final class DeskRows {

  private DeskRows() {}

  static JsonObject row(QueueEntry entry, DeskNames names) {
    QueueEntry.Hold hold = entry.hold();
    return new JsonObject()
        .put("id", entry.conversation().toString())
        .put("handoff", entry.handoff().map(Object::toString).orElse(null))
        .put(
            "contact",
            new JsonObject()
                .put("address", entry.thread().theirs().value())
                .put("name", entry.contact().name().orElse(null))
                .put("external_id", entry.contact().externalId().orElse(null)))
        .put("channel", entry.thread().theirs().channel().word())
        .put("topic", entry.rank().topic())
        .put("skills", new JsonArray(entry.rank().skills()))
        .put("priority", entry.rank().priority())
        .put("state", word(hold.owner()))
        .put("agent", hold.holder().map(id -> agent(id, names)).orElse(null))
        .put("offered_to", hold.offer().map(QueueEntry.Offer::agent).orElse(null))
        .put("reason", entry.reason())
        .put("opened_at", entry.times().openedAt().toString())
        .put("last_at", entry.times().lastAt().toString())
        .put("snippet", entry.snippet())
        .put("sla", entry.sla().now().map(DeskRows::clock).orElse(null))
        .put("snoozed_until", text(hold.snoozedUntil()))
        .put("waiting_for_customer", hold.waitingForCustomer())
        .put("callback", entry.callback().map(DeskRows::callback).orElse(null))
        .put("tags", new JsonArray(entry.tags()))
        .put("flow", entry.flow());
  }

  static JsonObject agent(String id, DeskNames names) {
    return new JsonObject().put("id", id).put("name", names.of(id));
  }

  private static JsonObject callback(QueueEntry.CallRequest asked) {
    return new JsonObject().put("at", asked.at().toString()).put("words", asked.words());
  }

  private static JsonObject clock(QueueEntry.Clock clock) {
    return new JsonObject()
        .put("kind", clock.kind())
        .put("due_at", clock.dueAt().toString())
        .put("state", clock.state());
  }

  static JsonArray rows(List<QueueEntry> entries, DeskNames names) {
    JsonArray rows = new JsonArray();
    entries.forEach(entry -> rows.add(row(entry, names)));
    return rows;
  }

  static JsonObject counts(Counts counts) {
    JsonObject topics = new JsonObject();
    counts.topics().forEach(topics::put);
    return new JsonObject()
        .put("mine", counts.mine())
        .put("unassigned", counts.unassigned())
        .put("all", counts.all())
        .put("snoozed", counts.snoozed())
        .put("closed", counts.closed())
        .put("bot", counts.bot())
        .put("topics", topics);
  }

  static String word(Owner owner) {
    return owner.name().toLowerCase(Locale.ROOT);
  }

  static @Nullable String text(Optional<Instant> at) {
    return at.map(Instant::toString).orElse(null);
  }
}
