package io.parley.verticles;

import static java.util.Objects.requireNonNull;

import io.parley.verticles.PeerServer.Answered;
import io.parley.verticles.PeerServer.Asked;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Zendesk's Conversations API: users by external id, conversations whose control one integration
/// has, metadata of 4 KB that is flat, texts of 4,096 characters.
final class ZendeskServer {

  private static final String BASE = "/v2/apps/app1";
  private static final String CREDENTIALS =
      "Basic "
          + Base64.getEncoder()
              .encodeToString("app_1:zendesk-secret".getBytes(StandardCharsets.UTF_8));

  final PeerServer peer;
  private final Set<String> users = new LinkedHashSet<>();
  private final Map<String, JsonObject> conversations = new LinkedHashMap<>();
  private final Map<String, List<String>> messages = new LinkedHashMap<>();
  private final Map<String, JsonObject> control = new LinkedHashMap<>();

  ZendeskServer(Vertx vertx) {
    peer = new PeerServer(vertx, this::answer);
  }

  private synchronized Answered answer(Asked asked) {
    if (!CREDENTIALS.equals(asked.headers().get("authorization"))) {
      return Answered.of(401, "{\"errors\":[{\"code\":\"unauthorized\"}]}");
    }
    String path = asked.path().substring(BASE.length());
    String[] parts = path.split("/", -1);
    if (path.equals("/users")) {
      return users.add(asked.json().getString("externalId"))
          ? Answered.of(201, "{}")
          : Answered.of(409, "{\"errors\":[{\"code\":\"conflict\"}]}");
    }
    if (path.equals("/conversations")) {
      return asked.method().equals("GET") ? listed() : conversation(asked.json());
    }
    if (parts.length < 4) {
      return Answered.of(200, "{}");
    }
    if (!conversations.containsKey(parts[2])) {
      return Answered.of(404, "{\"errors\":[{\"code\":\"conversation_not_found\"}]}");
    }
    return parts[3].equals("messages")
        ? message(parts[2], asked.json())
        : control(parts[2], parts[3], asked.json());
  }

  private Answered listed() {
    return Answered.of(
        200,
        new JsonObject().put("conversations", new JsonArray(List.copyOf(conversations.values()))));
  }

  private Answered conversation(JsonObject asked) {
    String id = "c" + (conversations.size() + 1);
    conversations.put(id, asked.copy().put("id", id));
    messages.put(id, new ArrayList<>());
    return Answered.of(201, new JsonObject().put("conversation", new JsonObject().put("id", id)));
  }

  private Answered message(String conversation, JsonObject asked) {
    JsonObject author = asked.getJsonObject("author");
    String text = asked.getJsonObject("content").getString("text");
    boolean isKnown =
        author.getString("type").equals("business")
            || users.contains(author.getString("userExternalId"));
    if (!isKnown || text.isEmpty() || text.length() > 4096) {
      return Answered.of(400, "{\"errors\":[{\"code\":\"bad_request\"}]}");
    }
    requireNonNull(messages.get(conversation)).add(author.getString("type") + ": " + text);
    return Answered.of(201, "{\"messages\":[{}]}");
  }

  private Answered control(String conversation, String action, JsonObject asked) {
    JsonObject metadata = asked.getJsonObject("metadata", new JsonObject());
    boolean isFlat =
        metadata.stream()
            .allMatch(
                it -> !(it.getValue() instanceof JsonObject || it.getValue() instanceof JsonArray));
    if (!isFlat || metadata.encode().getBytes(StandardCharsets.UTF_8).length > 4096) {
      return Answered.of(400, "{\"errors\":[{\"code\":\"metadata_size_exceeded\"}]}");
    }
    control.put(
        conversation,
        new JsonObject()
            .put("action", action)
            .put("to", asked.getString("switchboardIntegration", ""))
            .put("metadata", metadata));
    return Answered.of(200, "{}");
  }

  // ---- what a test looks at

  synchronized List<String> conversations(String handoff) {
    return conversations.values().stream()
        .filter(it -> handoff.equals(it.getJsonObject("metadata").getString("parley_handoff")))
        .map(it -> it.getString("id"))
        .toList();
  }

  synchronized List<String> said(String conversation) {
    return List.copyOf(requireNonNull(messages.get(conversation)));
  }

  /// Who was last given control; empty where nobody was.
  synchronized JsonObject control(String conversation) {
    return control.getOrDefault(conversation, new JsonObject());
  }

  static String event(String id, String type, JsonObject payload) {
    return new JsonObject()
        .put("app", new JsonObject().put("id", "app1"))
        .put(
            "events",
            new JsonArray()
                .add(new JsonObject().put("id", id).put("type", type).put("payload", payload)))
        .encode();
  }
}
