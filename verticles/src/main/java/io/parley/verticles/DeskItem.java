package io.parley.verticles;

import io.parley.engine.EffectId;
import io.parley.engine.Tag;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// One line of a conversation as the desk shows it: a message, a note, or something that happened.
///
/// @param place its place in its turn, which stays the same: `0`, `1`; that of a note is beyond
/// @param agent who said or did it, by id, where an agent did
/// @param status of a message: `waiting`, `sent`, `delivered`, `read`, `failed`, `withdrawn`,
///     `refused`, `received`; empty text of anything else
/// @param template the sid of the template that was sent, if one was
/// @param send the effect, of a message of ours
/// @param draft what the sender named it by, of a message that an agent wrote
/// @param until when a message that waits may leave
record DeskItem(
    int turn,
    String place,
    Instant at,
    Kind kind,
    By by,
    Optional<String> agent,
    String text,
    List<Media> media,
    String status,
    Optional<Trouble> error,
    List<Tag> tags,
    Optional<String> template,
    Optional<EffectId> send,
    Optional<String> draft,
    Optional<Instant> until) {

  DeskItem {
    media = List.copyOf(media);
    tags = List.copyOf(tags);
  }

  enum Kind {
    MESSAGE,
    NOTE,
    EVENT
  }

  enum By {
    CONTACT,
    BOT,
    AGENT,
    QUEUE,
    SYSTEM
  }

  /// @param type of the content: `image/jpeg`; empty text where it is not known
  record Media(String url, String type) {}

  /// Why a message did not arrive.
  ///
  /// @param code Twilio's, 0 for a refusal of ours
  record Trouble(int code, String words) {}

  /// Something that happened.
  static DeskItem event(int turn, int place, Instant at, String text) {
    return new DeskItem(
        turn,
        String.valueOf(place),
        at,
        Kind.EVENT,
        By.SYSTEM,
        Optional.empty(),
        text,
        List.of(),
        "",
        Optional.empty(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /// The same, done by an agent.
  DeskItem doneBy(String agentId) {
    return new DeskItem(
        turn,
        place,
        at,
        kind,
        By.AGENT,
        Optional.of(agentId),
        text,
        media,
        status,
        error,
        tags,
        template,
        send,
        draft,
        until);
  }

  /// The same, as far as it has got.
  DeskItem standing(String next, Optional<Trouble> why) {
    return new DeskItem(
        turn, place, at, kind, by, agent, text, media, next, why, tags, template, send, draft,
        until);
  }

  String id() {
    return turn + ":" + place;
  }

  /// @param names the names of agents, by id
  JsonObject json(UnaryOperator<String> names) {
    JsonArray files = new JsonArray();
    media.forEach(it -> files.add(new JsonObject().put("url", it.url()).put("type", it.type())));
    JsonArray meanings = new JsonArray();
    tags.forEach(
        it -> meanings.add(new JsonObject().put("name", it.name()).put("score", it.score())));
    JsonObject json =
        new JsonObject()
            .put("id", id())
            .put("turn", turn)
            .put("at", at.toString())
            .put("kind", word(kind))
            .put("by", word(by))
            .put(
                "agent",
                agent
                    .map(it -> new JsonObject().put("id", it).put("name", names.apply(it)))
                    .orElse(null))
            .put("text", text)
            .put("media", files)
            .put("status", status.isEmpty() ? null : status)
            .put(
                "error",
                error
                    .map(it -> new JsonObject().put("code", it.code()).put("words", it.words()))
                    .orElse(null))
            .put("tags", meanings)
            .put("template", template.orElse(null));
    draft.ifPresent(it -> json.put("draft", it));
    until.filter(_ -> status.equals("waiting")).ifPresent(it -> json.put("until", it.toString()));
    return json;
  }

  private static String word(Enum<?> word) {
    return word.name().toLowerCase(Locale.ROOT);
  }
}
