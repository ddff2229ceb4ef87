package io.parley.verticles;

import io.parley.engine.ConversationId;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/// Who looks at which conversation, and who is typing in it, at this node. It lives in memory
/// alone: what is not renewed is over within seconds. Confined to its context.
final class DeskViewers {

  /// After which somebody types no more who does not say so again.
  static final Duration TYPING = Duration.ofSeconds(6);

  /// After which somebody looks no more who has no stream and asks for nothing.
  static final Duration LOOKING = Duration.ofSeconds(30);

  private static final Instant LONG_AGO = Instant.EPOCH;

  private final Map<ConversationId, Map<String, Seen>> seen = new HashMap<>();

  /// @param streams how many streams of theirs are open; while there is one they look
  private record Seen(String name, int streams, Instant lookedAt, Instant typedAt) {

    private boolean isLooking(Instant now) {
      return streams > 0 || now.isBefore(lookedAt.plus(LOOKING)) || isTyping(now);
    }

    private boolean isTyping(Instant now) {
      return now.isBefore(typedAt.plus(TYPING));
    }

    private Seen streaming(int more) {
      return new Seen(name, Math.max(0, streams + more), lookedAt, typedAt);
    }
  }

  /// Somebody who looks at a conversation.
  record Viewer(String id, String name, boolean typing) {
    JsonObject json() {
      return new JsonObject().put("id", id).put("name", name).put("typing", typing);
    }
  }

  void opened(ConversationId conversation, DeskUser user) {
    change(conversation, user, it -> it.streaming(1));
  }

  void closed(ConversationId conversation, DeskUser user) {
    change(conversation, user, it -> new Seen(it.name, it.streams - 1, LONG_AGO, LONG_AGO));
  }

  void looks(ConversationId conversation, DeskUser user, Instant now) {
    change(conversation, user, it -> new Seen(it.name, it.streams, now, it.typedAt));
  }

  void types(ConversationId conversation, DeskUser user, Instant now) {
    change(conversation, user, it -> new Seen(it.name, it.streams, now, now));
  }

  void pauses(ConversationId conversation, DeskUser user, Instant now) {
    change(conversation, user, it -> new Seen(it.name, it.streams, now, LONG_AGO));
  }

  private void change(ConversationId conversation, DeskUser user, UnaryOperator<Seen> change) {
    seen.computeIfAbsent(conversation, _ -> new LinkedHashMap<>())
        .compute(
            user.id(),
            (_, before) ->
                change.apply(
                    before == null ? new Seen(user.name(), 0, LONG_AGO, LONG_AGO) : before));
  }

  /// Those who look, who came first first.
  List<Viewer> of(ConversationId conversation, Instant now) {
    List<Viewer> viewers = new ArrayList<>();
    seen.getOrDefault(conversation, Map.of())
        .forEach(
            (id, it) -> {
              if (it.isLooking(now)) {
                viewers.add(new Viewer(id, it.name(), it.isTyping(now)));
              }
            });
    return viewers;
  }

  static JsonArray json(List<Viewer> viewers) {
    JsonArray json = new JsonArray();
    viewers.forEach(it -> json.add(it.json()));
    return json;
  }

  /// Forgets who is not there any more.
  ///
  /// @return the conversations that somebody is known to look at
  Set<ConversationId> expire(Instant now) {
    seen.values().forEach(those -> those.values().removeIf(it -> !it.isLooking(now)));
    seen.values().removeIf(Map::isEmpty);
    return Set.copyOf(seen.keySet());
  }
}
