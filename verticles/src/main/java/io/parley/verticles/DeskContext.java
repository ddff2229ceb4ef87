package io.parley.verticles;

import io.parley.engine.Conversation;
import io.parley.engine.EffectId;
import io.parley.engine.Event;
import io.parley.engine.Hop;
import io.parley.engine.Values;
import io.parley.engine.hours.Window;
import io.parley.engine.offers.Friction;
import io.parley.engine.policy.Policy;
import io.parley.store.DeskFacts;
import io.parley.store.DeskFacts.Ran;
import io.parley.store.DeskThread;
import io.parley.store.Journal;
import io.parley.store.QueueEntry;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What whoever answers a contact wants to know beside what was said: the person, the cart, what
/// kept them from buying and what was offered, consents, clocks and hours, and the flow with the
/// way that it went.
final class DeskContext {

  private final DeskFacts facts;
  private final DeskThread thread;
  private final Journal journal;
  private final Supplier<Policy> policy;

  DeskContext(DeskFacts facts, DeskThread thread, Journal journal, Supplier<Policy> policy) {
    this.facts = facts;
    this.thread = thread;
    this.journal = journal;
    this.policy = policy;
  }

  /// The flow that ran last: what began it, and the way that it went.
  private record Course(Ran run, Values began, List<Journal.Passage> path) {}

  Future<JsonObject> of(Conversation conversation, Optional<QueueEntry> entry, Instant now) {
    Future<List<DeskFacts.Offered>> offers = facts.offers(conversation.id());
    Future<List<DeskFacts.Consented>> consents =
        facts.consents(conversation.contact().number(), conversation.person().externalId());
    Future<List<Ran>> runs = facts.flows(conversation.id());
    Future<Optional<Course>> course = runs.compose(it -> course(conversation, it));
    Future<Optional<Instant>> replied =
        entry
            .flatMap(QueueEntry::handoff)
            .map((EffectId handoff) -> facts.firstReply(handoff))
            .orElse(Future.succeededFuture(Optional.empty()));
    Future<Optional<String>> frozen =
        entry
            .flatMap(QueueEntry::handoff)
            .map(facts::handedOver)
            .orElse(Future.succeededFuture(Optional.empty()));
    return Future.all(offers, consents, course, replied, frozen)
        .map(
            _ ->
                new JsonObject()
                    .put("person", new JsonObject(plain(conversation.person().attributes())))
                    .put("external_id", conversation.person().externalId().orElse(null))
                    .put("cart", course.result().flatMap(it -> cart(it.began())).orElse(null))
                    .put("friction", friction(conversation, now))
                    .put("offers", array(offers.result(), DeskContext::offer))
                    .put("consent", array(consents.result(), DeskContext::consent))
                    .put("sla", entry.map(it -> sla(it, replied.result())).orElse(null))
                    .put("hours", hours(conversation, now))
                    .put("history", array(runs.result(), DeskContext::ran))
                    .put("flow", course.result().map(it -> flow(it, conversation)).orElse(null))
                    .put("handed_over", frozen.result().map(JsonObject::new).orElse(null)));
  }

  private static Map<String, Object> plain(Values values) {
    return new JsonObject(io.vertx.core.json.Json.encode(values.entries())).getMap();
  }

  private static <T> JsonArray array(
      List<T> list, java.util.function.Function<T, JsonObject> each) {
    JsonArray array = new JsonArray();
    list.forEach(it -> array.add(each.apply(it)));
    return array;
  }

  private Future<Optional<Course>> course(Conversation conversation, List<Ran> runs) {
    if (runs.isEmpty()) {
      return Future.succeededFuture(Optional.empty());
    }
    Ran run = runs.getFirst();
    Future<Values> began =
        thread
            .of(conversation.id(), List.of(run.firstTurn()))
            .map(
                page ->
                    page.spoken().stream()
                        .flatMap(turn -> turn.event().stream())
                        .filter(Event.Triggered.class::isInstance)
                        .map(it -> ((Event.Triggered) it).parameters())
                        .findFirst()
                        .orElse(Values.EMPTY));
    Future<List<Journal.Passage>> path =
        journal.passages(
            conversation.id(), run.firstTurn(), run.lastTurn().orElse(Integer.MAX_VALUE));
    return Future.all(began, path)
        .map(_ -> Optional.of(new Course(run, began.result(), path.result())));
  }

  // ---- the cart

  /// As the trigger described it; of items the names that shops use.
  private static Optional<JsonObject> cart(Values began) {
    Values commerce = began.object("commerce");
    if (commerce.isEmpty()) {
      return Optional.empty();
    }
    JsonArray items = new JsonArray();
    if (commerce.entries().get("items") instanceof List<?> list) {
      for (Object each : list) {
        if (each instanceof Map<?, ?> item) {
          items.add(item(item));
        }
      }
    }
    return Optional.of(
        new JsonObject()
            .put("items", items)
            .put("total", first(commerce.entries(), "value", "total"))
            .put("currency", first(commerce.entries(), "currency"))
            .put("url", first(commerce.entries(), "cart_url", "url"))
            .put("at", first(commerce.entries(), "cart_snapshot_at")));
  }

  private static JsonObject item(Map<?, ?> item) {
    Object quantity = first(item, "quantity", "qty");
    return new JsonObject()
        .put("name", String.valueOf(first(item, "name", "title", "product_name", "sku")))
        .put("quantity", quantity == null ? 1 : quantity)
        .put("price", first(item, "price", "unit_price", "value"))
        .put("image_url", first(item, "image_url", "image", "imageUrl"))
        .put("url", first(item, "url", "product_url", "link"));
  }

  private static @Nullable Object first(Map<?, ?> map, String... names) {
    for (String name : names) {
      Object value = map.get(name);
      if (value instanceof Number || (value instanceof String text && !text.isBlank())) {
        return value;
      }
    }
    return null;
  }

  // ---- the rest

  private JsonObject friction(Conversation conversation, Instant now) {
    Friction friction = conversation.bargain().friction();
    JsonArray tags = new JsonArray();
    friction.signals().stream().map(Friction.Signal::name).distinct().forEach(tags::add);
    return new JsonObject()
        .put("score", friction.score(now, policy.get().friction()))
        .put("count", friction.count(now, policy.get().friction()))
        .put("tags", tags);
  }

  private static JsonObject offer(DeskFacts.Offered it) {
    return new JsonObject()
        .put("offer", it.offer())
        .put("value", it.worth())
        .put("code", it.code().orElse(null))
        .put("state", it.state().toLowerCase(Locale.ROOT))
        .put("at", it.at().toString())
        .put("expires_at", it.expiresAt().toString());
  }

  private static JsonObject consent(DeskFacts.Consented it) {
    return new JsonObject()
        .put("channel", it.channel())
        .put("programme", it.programme())
        .put("granted", it.granted())
        .put("at", it.at().toString())
        .put("source", it.source());
  }

  private static JsonObject sla(QueueEntry entry, Optional<Instant> replied) {
    return new JsonObject()
        .put("first_due", DeskRows.text(entry.sla().firstDue()))
        .put("next_due", DeskRows.text(entry.sla().nextDue()))
        .put("resolution_due", DeskRows.text(entry.sla().resolutionDue()))
        .put("first_reply_at", DeskRows.text(replied))
        .put("state", entry.sla().now().map(QueueEntry.Clock::state).orElse("ok"));
  }

  private @Nullable JsonObject hours(Conversation conversation, Instant now) {
    return DeskGates.clues(conversation)
        .map(
            clues -> {
              Optional<Instant> until =
                  policy.get().hours().window(clues, now) instanceof Window.Shut shut
                      ? Optional.of(shut.until())
                      : Optional.empty();
              ZoneId zone = policy.get().hours().locate(clues).spots().getFirst().zone();
              return new JsonObject()
                  .put("quiet_until", DeskRows.text(until))
                  .put(
                      "local_time",
                      now.atZone(zone)
                          .toOffsetDateTime()
                          .truncatedTo(ChronoUnit.SECONDS)
                          .toString());
            })
        .orElse(null);
  }

  private static JsonObject ran(Ran it) {
    return new JsonObject()
        .put("flow", it.flow())
        .put("started_at", it.startedAt().toString())
        .put("ended_at", DeskRows.text(it.endedAt()))
        .put("result", it.result().map(word -> word.toLowerCase(Locale.ROOT)).orElse(null));
  }

  private static JsonObject flow(Course course, Conversation conversation) {
    JsonArray path = new JsonArray();
    for (Journal.Passage passage : course.path()) {
      Hop hop = passage.hop();
      if (hop.subflow().isEmpty()) {
        path.add(
            new JsonObject()
                .put("widget", hop.widget())
                .put("event", hop.event())
                .put("next", hop.next().isEmpty() ? null : hop.next()));
      }
    }
    boolean isAlive = course.run().endedAt().isEmpty();
    return new JsonObject()
        .put("name", course.run().flow())
        .put("revision", course.run().revision())
        .put(
            "at",
            isAlive
                ? conversation.execution().map(it -> it.position().widget()).orElse(null)
                : null)
        .put("path", path);
  }
}
