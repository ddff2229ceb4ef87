package io.parley.verticles;

import static java.util.Objects.requireNonNull;

import io.parley.edge.WebhookSignature;
import io.parley.verticles.PeerServer.Answered;
import io.parley.verticles.PeerServer.Asked;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// A Chatwoot with one inbox of an API channel that a bot is connected to: keeps contacts by their
/// identifiers and phone numbers, conversations with their status, and messages.
final class ChatwootServer {

  private static final String BASE = "/api/v1/accounts/1";
  private static final int INBOX = 3;

  final PeerServer peer;
  private final Map<Long, JsonObject> contacts = new LinkedHashMap<>();
  private final Map<Long, JsonObject> conversations = new LinkedHashMap<>();
  private final List<JsonObject> messages = new ArrayList<>();
  private long lastId;

  ChatwootServer(Vertx vertx) {
    peer = new PeerServer(vertx, this::answer);
  }

  private synchronized Answered answer(Asked asked) {
    if (!"chatwoot-token".equals(asked.headers().get("api_access_token"))) {
      return Answered.of(401, "{\"errors\":[\"Invalid token\"]}");
    }
    String path = asked.path();
    if (!path.startsWith(BASE)) {
      return Answered.of(404, "");
    }
    String[] parts = path.substring(BASE.length() + 1).split("/", -1);
    String what = asked.method() + " " + path.substring(BASE.length()).replaceAll("[0-9]+", "N");
    return switch (what) {
      case "GET /inboxes/N" -> Answered.of(200, new JsonObject().put("id", INBOX));
      case "GET /contacts/search" -> listed(found(asked.parameter("q")));
      case "POST /contacts" -> contact(asked.json());
      case "GET /contacts/N/conversations" -> listed(conversationsOf(Long.parseLong(parts[1])));
      case "POST /conversations" -> conversation(asked.json());
      case "POST /conversations/N/toggle_status" ->
          status(Long.parseLong(parts[1]), asked.json().getString("status"));
      case "POST /conversations/N/messages" -> message(Long.parseLong(parts[1]), asked.json());
      default -> Answered.of(404, "");
    };
  }

  private static Answered listed(List<JsonObject> items) {
    return Answered.of(200, new JsonObject().put("payload", new JsonArray(items)));
  }

  private List<JsonObject> found(String text) {
    return contacts.values().stream()
        .filter(
            it ->
                Stream.of("identifier", "phone_number", "name", "email")
                    .anyMatch(key -> it.getString(key, "").contains(text)))
        .toList();
  }

  private Answered contact(JsonObject asked) {
    boolean isTaken =
        contacts.values().stream()
            .anyMatch(
                it ->
                    it.getString("identifier").equals(asked.getString("identifier"))
                        || it.getString("phone_number", "-")
                            .equals(asked.getString("phone_number")));
    if (isTaken) {
      return Answered.of(422, "{\"message\":\"Phone number has already been taken\"}");
    }
    JsonObject contact = asked.copy().put("id", ++lastId);
    contacts.put(lastId, contact);
    return Answered.of(
        200, new JsonObject().put("payload", new JsonObject().put("contact", contact)));
  }

  private List<JsonObject> conversationsOf(long contact) {
    return conversations.values().stream()
        .filter(it -> it.getLong("contact_id") == contact)
        .toList();
  }

  /// With a bot connected, what begins is the bot's.
  private Answered conversation(JsonObject asked) {
    if (asked.getInteger("inbox_id") != INBOX
        || !contacts.containsKey(asked.getLong("contact_id"))) {
      return Answered.of(404, "{\"error\":\"Resource could not be found\"}");
    }
    JsonObject conversation = asked.copy().put("id", ++lastId).put("status", "pending");
    conversations.put(lastId, conversation);
    return Answered.of(200, conversation);
  }

  private Answered status(long id, String status) {
    if (!conversations.containsKey(id)) {
      return Answered.of(404, "");
    }
    conversations.get(id).put("status", status);
    return Answered.of(200, new JsonObject().put("payload", new JsonObject().put("success", true)));
  }

  private Answered message(long conversation, JsonObject asked) {
    if (!conversations.containsKey(conversation)) {
      return Answered.of(404, "");
    }
    if (asked.getString("content", "").isBlank()) {
      return Answered.of(422, "{\"message\":\"Content can't be blank\"}");
    }
    messages.add(asked.copy().put("conversation", conversation).put("id", ++lastId));
    return Answered.of(200, messages.getLast());
  }

  // ---- what a test looks at

  synchronized List<JsonObject> conversations(String name) {
    return conversations.values().stream()
        .filter(
            it ->
                requireNonNull(contacts.get(it.getLong("contact_id")))
                    .getString("identifier")
                    .equals(name))
        .map(JsonObject::copy)
        .toList();
  }

  /// The texts of a conversation of one kind: `incoming`, `outgoing`.
  synchronized List<String> said(long conversation, String type) {
    return messages.stream()
        .filter(it -> it.getLong("conversation") == conversation)
        .filter(it -> it.getString("message_type").equals(type))
        .map(it -> it.getString("content"))
        .toList();
  }

  // ---- what it tells

  JsonObject agentSays(long conversation, long id, String text) {
    return new JsonObject()
        .put("event", "message_created")
        .put("id", id)
        .put("content", text)
        .put("message_type", "outgoing")
        .put("private", false)
        .put("inbox", new JsonObject().put("id", INBOX))
        .put("conversation", new JsonObject().put("id", conversation))
        .put("sender", new JsonObject().put("name", "Mia").put("type", "user"));
  }

  /// The change of a status as `conversation_updated` tells of it.
  JsonObject updated(long conversation, String status) {
    synchronized (this) {
      Optional.ofNullable(conversations.get(conversation))
          .ifPresent(it -> it.put("status", status));
    }
    return new JsonObject()
        .put("event", "conversation_updated")
        .put("id", conversation)
        .put("inbox_id", INBOX)
        .put("status", status)
        .put("meta", new JsonObject().put("assignee", new JsonObject().put("name", "Mia")));
  }

  static Map<String, String> signed(String body) {
    long now = Instant.now().getEpochSecond();
    return Map.of(
        "X-Chatwoot-Timestamp",
        String.valueOf(now),
        "X-Chatwoot-Signature",
        "sha256=" + WebhookSignature.hmac("chatwoot-signing", now + "." + body));
  }
}
