package io.parley.verticles;

import io.parley.codec.Codec;
import io.parley.engine.Effect;
import io.parley.engine.EffectId;
import io.parley.engine.Hop;
import io.parley.store.Chronicle;
import io.parley.store.Chronicle.Fate;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/// Everything that happened to a conversation, for programs. Events and effects are as they are
/// stored; an effect that was to leave has `fates`, one a destination.
final class ChronicleJson {

  private ChronicleJson() {}

  static JsonObject conversation(Chronicle chronicle, SplitReasons reasons) {
    var now = chronicle.now();
    JsonObject json =
        new JsonObject()
            .put("id", now.id().toString())
            .put("ours", now.thread().ours().value())
            .put("theirs", now.thread().theirs().value())
            .put("begun", chronicle.begun().toString())
            .put("owner", word(now.owner()))
            .put("epoch", chronicle.epoch());
    now.person().externalId().ifPresent(id -> json.put("external_id", id));
    chronicle.contact().flatMap(it -> it.block()).ifPresent(it -> json.put("block", it.word()));
    now.execution()
        .ifPresent(
            it ->
                json.put(
                    "standing",
                    new JsonObject()
                        .put("flow", it.flow().name())
                        .put("widget", it.position().widget())
                        .put("awaiting", it.position().awaiting().getClass().getSimpleName())));
    return json.put("names", array(chronicle.names(), it -> it.value()))
        .put("executions", array(chronicle.executions(), ChronicleJson::executed))
        .put("earlier_turns", chronicle.earlier())
        .put("turns", array(chronicle.turns(), turn -> turn(chronicle, turn, reasons)))
        .put("timers", array(chronicle.timers(), ChronicleJson::timed))
        .put("handoffs", array(chronicle.handoffs(), ChronicleJson::handed))
        .put("suppression", chronicle.window().map(ChronicleJson::windowed).orElse(null))
        .put("inbox", array(chronicle.inbox(), ChronicleJson::kept));
  }

  private static JsonObject executed(Chronicle.Executed it) {
    JsonObject json =
        new JsonObject()
            .put("sid", it.id().value())
            .put("flow", it.flow().name())
            .put("flow_sid", it.flow().sid().value())
            .put("flow_revision", it.flow().revision())
            .put("first_turn", it.firstTurn())
            .put("started_at", it.startedAt().toString());
    it.lastTurn().ifPresent(turn -> json.put("last_turn", turn));
    put(json, "ended_at", it.endedAt());
    it.result().ifPresent(result -> json.put("result", result));
    return json;
  }

  private static JsonObject turn(Chronicle chronicle, Chronicle.Turn turn, SplitReasons reasons) {
    JsonObject json =
        new JsonObject()
            .put("number", turn.number())
            .put("at", turn.at().toString())
            .put("source", turn.source())
            .put("source_id", turn.sourceId());
    turn.event()
        .ifPresentOrElse(
            event -> json.put("event", new JsonObject(Codec.encodeEvent(event))),
            () -> json.put("erased", true));
    turn.refusal()
        .ifPresent(
            reason ->
                json.put(
                    "refusal",
                    new JsonObject()
                        .put("reason", reason.word())
                        .put("explanation", reason.sentence())));
    JsonArray path = new JsonArray();
    for (int i = 0; i < turn.path().size(); i++) {
      path.add(hop(turn.path().get(i), reasons.of(turn.number(), i)));
    }
    return json.put("path", path)
        .put("effects", array(turn.effects(), effect -> effect(chronicle, effect)));
  }

  private static JsonObject hop(Hop hop, List<String> reasons) {
    JsonObject json =
        new JsonObject()
            .put("widget", hop.widget())
            .put("event", hop.event())
            .put("next", hop.next());
    if (!hop.subflow().isEmpty()) {
      json.put("subflow", hop.subflow());
    }
    return reasons.isEmpty() ? json : json.put("reasons", new JsonArray(reasons));
  }

  private static JsonObject effect(Chronicle chronicle, Effect effect) {
    JsonObject json = new JsonObject(Codec.encodeEffect(effect));
    if (effect instanceof Effect.Outgoing outgoing) {
      json.put(
          "fates",
          array(chronicle.fates().getOrDefault(outgoing.id(), List.of()), ChronicleJson::fate));
    }
    if (effect instanceof Effect.ReserveOffer wish) {
      Optional.ofNullable(chronicle.offers().get(wish.id()))
          .ifPresent(offer -> json.put("grant", offer(offer)));
    }
    return json;
  }

  private static JsonObject fate(Fate fate) {
    JsonObject json = new JsonObject().put("destination", fate.destination());
    switch (fate) {
      case Fate.Settled it -> {
        json.put("state", "settled").put("outcome", it.outcome()).put("at", it.at().toString());
        it.providerId().ifPresent(id -> json.put("provider_id", id));
      }
      case Fate.Waiting it -> {
        json.put("state", "waiting")
            .put("due_at", it.dueAt().toString())
            .put("attempts", it.attempts());
        put(json, "in_doubt_since", it.inDoubtSince());
        it.behind().map(EffectId::toString).ifPresent(id -> json.put("behind", id));
        it.lastError().ifPresent(error -> json.put("last_error", error));
      }
      case Fate.Dead it ->
          json.put("state", "dead")
              .put("reason", it.reason())
              .put("attempts", it.attempts())
              .put("at", it.at().toString());
    }
    return json;
  }

  private static JsonObject offer(Chronicle.Offered it) {
    JsonObject json =
        new JsonObject()
            .put("offer", it.offer())
            .put("state", word(it.state()))
            .put("expires_at", it.expiresAt().toString())
            .put("changed_at", it.changedAt().toString());
    it.code().ifPresent(code -> json.put("code", code));
    it.reason().ifPresent(reason -> json.put("reason", reason));
    it.order().ifPresent(order -> json.put("order_id", order));
    return json;
  }

  private static JsonObject timed(Chronicle.Timed it) {
    return new JsonObject()
        .put("id", it.id().toString())
        .put("purpose", it.purpose().toLowerCase(Locale.ROOT))
        .put("due_at", it.dueAt().toString());
  }

  private static JsonObject handed(Chronicle.Handed it) {
    JsonObject json =
        new JsonObject()
            .put("id", it.id().toString())
            .put("state", it.state().toLowerCase(Locale.ROOT))
            .put("opened_at", it.openedAt().toString());
    put(json, "closed_at", it.closedAt());
    it.disposition().ifPresent(words -> json.put("disposition", words));
    it.why().ifPresent(why -> json.put("why", why));
    return json;
  }

  private static JsonObject windowed(Chronicle.Windowed it) {
    JsonObject json =
        new JsonObject()
            .put("reason", it.reason().toLowerCase(Locale.ROOT))
            .put("from", it.from().toString())
            .put("until", it.until().toString());
    it.endedReason().ifPresent(why -> json.put("ended", why));
    return json;
  }

  private static JsonObject kept(io.parley.store.Inbox.Parked it) {
    return new JsonObject()
        .put("source", it.source())
        .put("source_id", it.sourceId())
        .put("received_at", it.receivedAt().toString())
        .put("parked", it.parked())
        .put("attempts", it.attempts())
        .put("error", it.error());
  }

  private static void put(JsonObject json, String name, Optional<Instant> at) {
    at.ifPresent(it -> json.put(name, it.toString()));
  }

  private static String word(Enum<?> name) {
    return name.name().toLowerCase(Locale.ROOT);
  }

  private static <T> JsonArray array(List<T> items, Function<T, Object> json) {
    JsonArray array = new JsonArray();
    items.forEach(item -> array.add(json.apply(item)));
    return array;
  }
}
