package io.parley.targets;

import io.parley.edge.Cut;
import io.parley.edge.HandoffTarget;
import io.parley.edge.OutcomeSink.Response;
import io.parley.engine.Json;
import io.parley.engine.Values;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Twilio Flex: a handoff is an interaction, which is a conversation of Twilio's with a task of
/// TaskRouter's that says who answers it. What the customer says is put into the conversation, and
/// what others say there goes to the customer. A task that ends without anybody's doing gives the
/// handoff back, and its conversation is closed, which Flex leaves open.
///
/// Source: Twilio's documentation of the Interactions API, Conversations' webhooks and TaskRouter's
/// events.
public final class Flex implements HandoffTarget {

  private static final int MAX_TEXT_BYTES = 1_600;

  private static final String INTERACTION = "interaction";
  private static final String CHANNEL = "channel";
  private static final String CUSTOMER = "customer";
  private static final String STAGE = "stage";

  /// A task of these is nobody's any more, and no agent was done with it.
  private static final Set<String> LOST =
      Set.of("task.canceled", "task.deleted", "task.system-deleted", "workflow.timeout");

  private final String name;
  private final Settings settings;
  private final Genuine genuine;

  /// Whether a form was signed by Twilio for this account.
  @FunctionalInterface
  public interface Genuine {
    boolean test(Webhook webhook, String signature);
  }

  /// @param places where Twilio is asked
  /// @param account its sid, and the auth token
  /// @param workspace the sid of TaskRouter's workspace
  /// @param workflow the sid of the workflow that routes the tasks
  /// @param taskChannel the unique name of the channel that tasks are of: `chat`
  /// @param told where the conversation's webhook leads: `https://.../handoff-targets/flex`
  public record Settings(
      Places places,
      Account account,
      String workspace,
      String workflow,
      String taskChannel,
      URI told) {}

  /// @param flex `https://flex-api.twilio.com`
  /// @param conversations `https://conversations.twilio.com`
  /// @param taskRouter `https://taskrouter.twilio.com`
  public record Places(URI flex, URI conversations, URI taskRouter) {
    public static final Places TWILIO =
        new Places(
            URI.create("https://flex-api.twilio.com"),
            URI.create("https://conversations.twilio.com"),
            URI.create("https://taskrouter.twilio.com"));
  }

  public record Account(String sid, String token) {
    private String header() {
      return "Basic "
          + Base64.getEncoder()
              .encodeToString((sid + ":" + token).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
      return "Account[sid=" + sid + "]";
    }
  }

  public Flex(String name, Settings settings, Genuine genuine) {
    this.name = name;
    this.settings = settings;
    this.genuine = genuine;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Next begin(Placement placement, Task task) {
    return switch (task) {
      case Task.Open(var opening) -> open(placement, opening);
      case Task.Say(var line) -> say(placement, line, "say");
      case Task.Close(var why, var here) ->
          here ? say(placement, note(why, placement.name() + ":closed"), "why") : shut(placement);
      case Task.Poll _ -> new Next.Done(placement.known());
      case Task.Probe _ ->
          get(
              "probe",
              placement.known(),
              settings.places().taskRouter() + workspace() + "/Workflows/" + settings.workflow());
    };
  }

  private String workspace() {
    return "/v1/Workspaces/" + settings.workspace();
  }

  private static Line note(String text, String id) {
    return new Line(id, Instant.EPOCH, Speaker.PARLEY, text, List.of());
  }

  // ---- opening: a conversation, its webhook, its customer, what was said, the interaction

  private Next open(Placement placement, Opening opening) {
    return switch (placement.known(STAGE)) {
      case "" ->
          post(
              "conversation",
              placement.with(CUSTOMER, opening.customer().id()),
              conversations(""),
              form(
                  "UniqueName", unique(placement),
                  "FriendlyName", opening.customer().called(),
                  "Attributes",
                      Json.print(Map.of("parley_handoff", placement.handoff().toString()))));
      case "conversation" -> webhook(placement);
      case "webhook" -> participant(placement);
      case "participant" -> say(placement, briefing(placement, opening), "brief");
      case "brief" -> find(placement);
      default -> new Next.Done(placement.known());
    };
  }

  private static String unique(Placement placement) {
    return "parley-" + placement.name();
  }

  private static Line briefing(Placement placement, Opening opening) {
    return note(Briefing.text(opening, MAX_TEXT_BYTES), placement.name() + ":opened");
  }

  private Next webhook(Placement placement) {
    return post(
        "webhook",
        placement.known(),
        conversations("/" + placement.reference() + "/Webhooks"),
        form(
            "Target", "webhook",
            "Configuration.Method", "POST",
            "Configuration.Url", settings.told().toString(),
            "Configuration.Filters", "onMessageAdded",
            "Configuration.Filters", "onConversationStateUpdated"));
  }

  private Next participant(Placement placement) {
    return post(
        "participant",
        placement.known(),
        conversations("/" + placement.reference() + "/Participants"),
        form("Identity", placement.known(CUSTOMER)));
  }

  /// The task of an interaction whose making was not answered.
  private Next find(Placement placement) {
    String expression = "parley_name == '" + placement.name() + "'";
    return get(
        "find",
        placement.known(),
        settings.places().taskRouter()
            + workspace()
            + "/Tasks?EvaluateTaskAttributes="
            + encoded(expression));
  }

  private Next interact(Placement placement, Opening opening) {
    Map<String, Object> attributes = new LinkedHashMap<>();
    attributes.put("parley_handoff", placement.handoff().toString());
    attributes.put("parley_name", placement.name());
    attributes.put("parley_topic", opening.topic());
    attributes.put("parley_link", opening.link());
    attributes.put("customerName", opening.customer().called());
    attributes.put("customerAddress", opening.customer().address());
    attributes.put("parley", opening.context().entries());
    Map<String, Object> routing = new LinkedHashMap<>();
    routing.put("workspace_sid", settings.workspace());
    routing.put("workflow_sid", settings.workflow());
    routing.put("task_channel_unique_name", settings.taskChannel());
    routing.put("attributes", attributes);
    Map<String, Object> channel = new LinkedHashMap<>();
    channel.put("type", "web");
    channel.put("initiated_by", "api");
    channel.put("properties", Map.of("media_channel_sid", placement.reference()));
    return post(
        "interaction",
        placement.known(),
        settings.places().flex() + "/v1/Interactions",
        form(
            "Channel", Json.print(channel),
            "Routing", Json.print(Map.of("properties", routing))));
  }

  @Override
  public Next read(Placement placement, Task task, Next.Ask asked, Response response) {
    String step = asked.step();
    if (response.status() == 409 && step.equals("conversation")) {
      return get("known", placement.known(), conversations("/" + encoded(unique(placement))));
    }
    boolean isDoneAlready =
        (response.status() == 409 && step.equals("participant"))
            || (response.status() == 404 && step.equals("shut"));
    Optional<Next> trouble = isDoneAlready ? Optional.empty() : Judgement.trouble(response);
    if (trouble.isPresent()) {
      return trouble.get();
    }
    Values body = Fields.object(response.body());
    return task instanceof Task.Open(var opening)
        ? opening(placement, opening, step, body)
        : step.equals("why") ? end(placement) : closing(placement, step);
  }

  private Next opening(Placement placement, Opening opening, String step, Values body) {
    return switch (step) {
      case "conversation", "known" -> {
        String sid = Fields.literal(body, "sid");
        yield sid.isEmpty()
            ? new Next.Later("the answer names no conversation")
            : open(staged(placement.with(REFERENCE, sid), placement, "conversation"), opening);
      }
      case "find" ->
          Fields.objects(body, "tasks").stream()
              .map(it -> Fields.object(Fields.literal(it, "attributes")))
              .filter(it -> Fields.literal(it, "parley_name").equals(placement.name()))
              .filter(it -> !Fields.literal(it, "flexInteractionSid").isEmpty())
              .findFirst()
              .<Next>map(
                  it ->
                      interacts(
                          placement,
                          Fields.literal(it, "flexInteractionSid"),
                          Fields.literal(it, "flexInteractionChannelSid")))
              .orElseGet(() -> interact(placement, opening));
      case "interaction" ->
          interacts(
              placement,
              Fields.literal(body, "sid"),
              Fields.literal(body.object("channel"), "sid"));
      default -> open(staged(placement.known(), placement, step), opening);
    };
  }

  private static Placement staged(Values known, Placement placement, String stage) {
    return new Placement(placement.handoff(), known.with(STAGE, stage));
  }

  private static Next interacts(Placement placement, String interaction, String channel) {
    return interaction.isEmpty()
        ? new Next.Later("the answer names no interaction")
        : new Next.Done(
            placement
                .known()
                .with(INTERACTION, interaction)
                .with(CHANNEL, channel)
                .with(STAGE, "open"));
  }

  // ---- speaking and closing

  private Next say(Placement placement, Line line, String step) {
    boolean isCustomers = line.by() == Speaker.CUSTOMER;
    return post(
        step,
        placement.known(),
        conversations("/" + placement.reference() + "/Messages"),
        form(
            "Author", isCustomers ? placement.known(CUSTOMER) : "parley",
            "Body", Cut.text(line.whole(), MAX_TEXT_BYTES),
            "Attributes", Json.print(Map.of("parley_id", line.id()))));
  }

  /// Closes the interaction, and its task with it.
  private Next end(Placement placement) {
    return placement.known(INTERACTION).isEmpty() || placement.known(CHANNEL).isEmpty()
        ? shut(placement)
        : post(
            "end",
            placement.known(),
            settings.places().flex()
                + "/v1/Interactions/"
                + placement.known(INTERACTION)
                + "/Channels/"
                + placement.known(CHANNEL),
            form("Status", "closed", "Routing", Json.print(Map.of("status", "closed"))));
  }

  private Next closing(Placement placement, String step) {
    return step.equals("end") ? shut(placement) : new Next.Done(placement.known());
  }

  /// Flex leaves conversations open whose task was lost.
  private Next shut(Placement placement) {
    return post(
        "shut",
        placement.known(),
        conversations("/" + placement.reference()),
        form("State", "closed"));
  }

  private String conversations(String rest) {
    return settings.places().conversations() + "/v1/Conversations" + rest;
  }

  private static List<String> form(String... pairs) {
    List<String> form = new ArrayList<>();
    for (int i = 0; i < pairs.length; i += 2) {
      form.add(encoded(pairs[i]) + "=" + encoded(pairs[i + 1]));
    }
    return form;
  }

  private Next get(String step, Values known, String url) {
    return new Next.Ask(
        step,
        known,
        new Request("GET", url, Map.of("Authorization", settings.account().header()), ""));
  }

  private Next post(String step, Values known, String url, List<String> form) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Authorization", settings.account().header());
    headers.put("Content-Type", "application/x-www-form-urlencoded");
    return new Next.Ask(step, known, new Request("POST", url, headers, String.join("&", form)));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  // ---- what is told

  @Override
  public Hearing hear(Webhook webhook, Instant now) {
    if (!genuine.test(webhook, webhook.header("x-twilio-signature"))) {
      return new Hearing.NotHeard(
          401,
          "wrong_signature",
          "X-Twilio-Signature is not Twilio's: check PARLEY_PUBLIC_URL and the account's token");
    }
    Map<String, String> form = decoded(webhook.body());
    return form.getOrDefault("EventType", "").isEmpty()
        ? new Hearing.Heard(List.of())
        : new Hearing.Heard(news(form));
  }

  private static List<News> news(Map<String, String> form) {
    String type = form.getOrDefault("EventType", "");
    if (type.equals("onMessageAdded")) {
      return message(form);
    }
    Values attributes = Fields.object(form.getOrDefault("TaskAttributes", "{}"));
    String handoff = Fields.literal(attributes, "parley_handoff");
    String id = form.getOrDefault("Sid", form.getOrDefault("TaskSid", "") + ":" + type);
    if (handoff.isEmpty()) {
      return List.of();
    }
    if (type.equals("task.completed") || type.equals("task.wrapup")) {
      return List.of(
          new News(
              handoff,
              new Incoming.Closed(
                  form.getOrDefault("TaskSid", "") + ":done",
                  form.getOrDefault("WorkerName", ""),
                  disposition(form, attributes),
                  Values.EMPTY)));
    }
    return LOST.contains(type)
        ? List.of(
            new News(
                handoff,
                new Incoming.GaveBack(
                    id,
                    type
                        + Optional.of(form.getOrDefault("TaskCanceledReason", ""))
                            .filter(it -> !it.isBlank())
                            .map(it -> ": " + it)
                            .orElse(""))))
        : List.of();
  }

  /// What Flex Insights calls the outcome, where somebody has said it.
  private static String disposition(Map<String, String> form, Values attributes) {
    String outcome = Fields.literal(attributes.object("conversations"), "outcome");
    String reason = form.getOrDefault("TaskCompletedReason", "");
    return !outcome.isBlank() ? outcome : reason.isBlank() ? "completed" : reason;
  }

  /// What others than we and the customer say in the conversation.
  private static List<News> message(Map<String, String> form) {
    Values attributes = Fields.object(form.getOrDefault("Attributes", "{}"));
    String author = form.getOrDefault("Author", "");
    String text = form.getOrDefault("Body", "").strip();
    String id = form.getOrDefault("MessageSid", "");
    boolean isOurs = attributes.entries().containsKey("parley_id");
    return isOurs || author.equals("system") || text.isEmpty() || id.isEmpty()
        ? List.of()
        : List.of(
            new News(
                form.getOrDefault("ConversationSid", ""),
                new Incoming.Wrote(id, author, text, List.of())));
  }

  private static Map<String, String> decoded(String body) {
    return List.of(body.split("&", -1)).stream()
        .filter(pair -> !pair.isEmpty())
        .map(pair -> pair.split("=", 2))
        .collect(
            Collectors.toMap(
                pair -> plain(pair[0]),
                pair -> pair.length > 1 ? plain(pair[1]) : "",
                (first, _) -> first,
                LinkedHashMap::new));
  }

  private static String plain(String encoded) {
    try {
      return URLDecoder.decode(encoded, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException _) {
      return encoded;
    }
  }
}
