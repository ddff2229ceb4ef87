package io.parley.verticles;

import static java.util.Objects.requireNonNull;

import io.parley.verticles.PeerServer.Answered;
import io.parley.verticles.PeerServer.Asked;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The parts of Twilio that Flex is made of: conversations with unique names, five webhooks at most
/// and participants that join once; interactions, and the tasks that come of them.
final class FlexServer {

  static final String TOKEN = "flex-token";
  private static final String CREDENTIALS =
      "Basic "
          + Base64.getEncoder()
              .encodeToString((Service.ACCOUNT_SID + ":" + TOKEN).getBytes(StandardCharsets.UTF_8));

  final PeerServer peer;
  private final Map<String, Talk> talks = new LinkedHashMap<>();
  private final Map<String, JsonObject> tasks = new LinkedHashMap<>();
  private final List<String> closedChannels = new ArrayList<>();
  private int lastSid;

  private static final class Talk {
    private final String sid;
    private final String uniqueName;
    private final List<String> participants = new ArrayList<>();
    private final List<String> messages = new ArrayList<>();
    private int webhooks;
    private String state = "active";

    private Talk(String sid, String uniqueName) {
      this.sid = sid;
      this.uniqueName = uniqueName;
    }
  }

  FlexServer(Vertx vertx) {
    peer = new PeerServer(vertx, this::answer);
  }

  private String sid(String prefix) {
    return prefix + "%032d".formatted(++lastSid);
  }

  private synchronized Answered answer(Asked asked) {
    if (!CREDENTIALS.equals(asked.headers().get("authorization"))) {
      return Answered.of(401, "{\"code\":20003}");
    }
    String[] parts = asked.path().split("/", -1);
    if (asked.path().startsWith("/v1/Workspaces/")) {
      return parts[4].equals("Tasks")
          ? tasks(asked.parameter("EvaluateTaskAttributes"))
          : Answered.of(200, "{}");
    }
    if (asked.path().equals("/v1/Interactions")) {
      return interaction(asked);
    }
    if (asked.path().startsWith("/v1/Interactions/")) {
      closedChannels.add(parts[5]);
      return Answered.of(200, "{}");
    }
    return parts.length == 3
        ? conversation(field(asked, "UniqueName"))
        : talk(parts[3])
            .map(talk -> inside(talk, parts.length > 4 ? parts[4] : "", asked))
            .orElse(Answered.of(404, "{\"code\":20404}"));
  }

  private static String field(Asked asked, String name) {
    return asked.form().getOrDefault(name, List.of("")).getFirst();
  }

  private Optional<Talk> talk(String name) {
    String plain = URLDecoder.decode(name, StandardCharsets.UTF_8);
    return talks.values().stream()
        .filter(it -> it.sid.equals(plain) || it.uniqueName.equals(plain))
        .findFirst();
  }

  private Answered conversation(String uniqueName) {
    if (talk(uniqueName).isPresent()) {
      return Answered.of(409, "{\"code\":50353}");
    }
    Talk talk = new Talk(sid("CH"), uniqueName);
    talks.put(talk.sid, talk);
    return Answered.of(201, new JsonObject().put("sid", talk.sid));
  }

  private Answered inside(Talk talk, String what, Asked asked) {
    return switch (what) {
      case "Webhooks" ->
          ++talk.webhooks > 5 ? Answered.of(400, "{\"code\":50070}") : Answered.of(201, "{}");
      case "Participants" -> {
        String identity = field(asked, "Identity");
        boolean isThere = talk.participants.contains(identity);
        talk.participants.add(identity);
        yield isThere ? Answered.of(409, "{\"code\":50433}") : Answered.of(201, "{}");
      }
      case "Messages" -> {
        String body = field(asked, "Body");
        if (body.getBytes(StandardCharsets.UTF_8).length > 1600 || talk.state.equals("closed")) {
          yield Answered.of(400, "{\"code\":50511}");
        }
        talk.messages.add(field(asked, "Author") + ": " + body);
        yield Answered.of(201, new JsonObject().put("sid", sid("IM")));
      }
      default -> {
        if (asked.method().equals("POST")) {
          talk.state = field(asked, "State");
        }
        yield Answered.of(200, new JsonObject().put("sid", talk.sid));
      }
    };
  }

  /// Knows one kind of expression: `name == 'value'`.
  private Answered tasks(String expression) {
    String[] parts = expression.split(" == ", 2);
    List<JsonObject> found =
        tasks.values().stream()
            .filter(
                it ->
                    ("'" + new JsonObject(it.getString("attributes")).getString(parts[0]) + "'")
                        .equals(parts[1]))
            .toList();
    return Answered.of(200, new JsonObject().put("tasks", new JsonArray(found)));
  }

  /// Its task has the attributes that were asked for, and what binds it to the conversation.
  private Answered interaction(Asked asked) {
    JsonObject channel = new JsonObject(field(asked, "Channel"));
    JsonObject routing = new JsonObject(field(asked, "Routing")).getJsonObject("properties");
    String talk = channel.getJsonObject("properties").getString("media_channel_sid");
    if (!talks.containsKey(talk) || !routing.getString("workflow_sid").startsWith("WW")) {
      return Answered.of(400, "{\"code\":45014}");
    }
    String interaction = sid("KD");
    String channelSid = sid("UO");
    JsonObject attributes =
        routing
            .getJsonObject("attributes")
            .copy()
            .put("conversationSid", talk)
            .put("flexInteractionSid", interaction)
            .put("flexInteractionChannelSid", channelSid);
    String task = sid("WT");
    tasks.put(talk, new JsonObject().put("sid", task).put("attributes", attributes.encode()));
    return Answered.of(
        201,
        new JsonObject()
            .put("sid", interaction)
            .put("channel", new JsonObject().put("sid", channelSid)));
  }

  // ---- what a test looks at

  /// The only conversation about a handoff.
  synchronized Optional<String> conversation(String handoff, boolean withTask) {
    return talks.values().stream()
        .filter(it -> it.uniqueName.equals("parley-" + handoff))
        .map(it -> it.sid)
        .filter(it -> !withTask || tasks.containsKey(it))
        .findFirst();
  }

  synchronized List<String> said(String conversation) {
    return List.copyOf(requireNonNull(talks.get(conversation)).messages);
  }

  synchronized String state(String conversation) {
    return requireNonNull(talks.get(conversation)).state;
  }

  synchronized int interactions() {
    return tasks.size();
  }

  /// The parameters of an event about the task of a conversation.
  synchronized Map<String, String> taskEvent(String conversation, String type, String reason) {
    JsonObject task = requireNonNull(tasks.get(conversation));
    Map<String, String> form = new LinkedHashMap<>();
    form.put("EventType", type);
    form.put("Sid", sid("EV"));
    form.put("TaskSid", task.getString("sid"));
    form.put("TaskAttributes", task.getString("attributes"));
    form.put("TaskCanceledReason", type.equals("task.canceled") ? reason : "");
    form.put("TaskCompletedReason", type.equals("task.completed") ? reason : "");
    form.put("WorkerName", "mia");
    return form;
  }
}
