package io.parley.targets;

import io.parley.edge.Cut;
import io.parley.edge.HandoffTarget;
import io.parley.edge.OutcomeSink.Response;
import io.parley.engine.Json;
import io.parley.engine.Values;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Zendesk messaging by its Conversations API: a handoff is a conversation there whose control is
/// passed to the agents' workspace, with what is known as metadata of at most 4 KB. Control that
/// comes back, or a conversation that is removed, ends it.
///
/// Source: Zendesk's documentation of the switchboard and its API at version 2.
public final class Zendesk implements HandoffTarget {

  /// A text may have 4,096 characters.
  private static final int MAX_TEXT_BYTES = 4_000;

  /// Metadata is flat and has at most 4 KB.
  private static final int MAX_METADATA_BYTES = 4_096;

  private static final String MARK = "parley_handoff";
  private static final String USER = "user";
  private static final String OPENED = "opened";

  private final String name;
  private final Settings settings;

  /// @param url of the API: `https://acme.zendesk.com/sc`
  /// @param app the id of the app
  /// @param key by which requests are let through
  /// @param integration who gets control, by the name that the switchboard has for it
  /// @param offers whether control is offered, to be accepted there, and not passed at once
  /// @param webhookSecrets what the webhook carries as `X-API-Key`
  public record Settings(
      URI url,
      String app,
      Key key,
      String integration,
      boolean offers,
      List<String> webhookSecrets) {

    /// What the agents' workspace is called unless somebody has named it otherwise.
    public static final String WORKSPACE = "zd-agentWorkspace";

    public Settings {
      webhookSecrets = List.copyOf(webhookSecrets);
    }
  }

  /// By what requests are let through.
  public record Key(String id, String secret) {
    private String header() {
      return "Basic "
          + Base64.getEncoder()
              .encodeToString((id + ":" + secret).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
      return "Key[id=" + id + "]";
    }
  }

  public Zendesk(String name, Settings settings) {
    this.name = name;
    this.settings = settings;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Next begin(Placement placement, Task task) {
    return switch (task) {
      case Task.Open(var opening) -> open(placement, opening);
      case Task.Say(var line) ->
          ask(
              "say",
              placement.known(),
              conversation(placement, "/messages"),
              message(placement, line));
      case Task.Close(var why, var here) ->
          here
              ? ask(
                  "why",
                  placement.known(),
                  conversation(placement, "/messages"),
                  business(why, placement.name() + ":closed"))
              : new Next.Done(placement.known());
      case Task.Poll _ -> new Next.Done(placement.known());
      case Task.Probe _ -> get("probe", placement.known(), "/integrations?page[size]=1");
    };
  }

  private Next open(Placement placement, Opening opening) {
    if (!placement.known(OPENED).isEmpty()) {
      return new Next.Done(placement.known());
    }
    if (!placement.reference().isEmpty()) {
      return brief(placement, opening);
    }
    Map<String, Object> profile = new LinkedHashMap<>();
    profile.put("givenName", opening.customer().called());
    opening.customer().email().ifPresent(email -> profile.put("email", email));
    Map<String, Object> user = new LinkedHashMap<>();
    user.put("externalId", opening.customer().id());
    user.put("profile", profile);
    return ask("user", placement.with(USER, opening.customer().id()), "/users", user);
  }

  @Override
  public Next read(Placement placement, Task task, Next.Ask asked, Response response) {
    boolean isKnownUser = asked.step().equals("user") && response.status() == 409;
    Optional<Next> trouble = isKnownUser ? Optional.empty() : Judgement.trouble(response);
    if (trouble.isPresent()) {
      return trouble.get();
    }
    Values body = Fields.object(response.body());
    if (task instanceof Task.Open(var opening)) {
      return opening(placement, opening, asked.step(), body);
    }
    return asked.step().equals("why")
        ? ask("release", placement.known(), conversation(placement, "/releaseControl"), Map.of())
        : new Next.Done(placement.known());
  }

  private Next opening(Placement placement, Opening opening, String step, Values body) {
    return switch (step) {
      case "user" ->
          get(
              "find",
              placement.known(),
              "/conversations?filter[userExternalId]=" + encoded(opening.customer().id()));
      case "find" ->
          Fields.objects(body, "conversations").stream()
              .filter(
                  it ->
                      it.object("metadata").text(MARK).filter(placement.name()::equals).isPresent())
              .findFirst()
              .map(it -> placed(placement, opening, it))
              .orElseGet(() -> converse(placement, opening));
      case "conversation" -> placed(placement, opening, body.object("conversation"));
      case "brief" -> pass(placement, opening);
      default -> new Next.Done(placement.with(OPENED, "yes"));
    };
  }

  private Next converse(Placement placement, Opening opening) {
    Map<String, Object> participant = new LinkedHashMap<>();
    participant.put("userExternalId", opening.customer().id());
    participant.put("subscribeSDKClient", false);
    Map<String, Object> conversation = new LinkedHashMap<>();
    conversation.put("type", "personal");
    conversation.put("displayName", Cut.text(opening.topic(), 100));
    conversation.put("participants", List.of(participant));
    conversation.put("metadata", Map.of(MARK, placement.name()));
    return ask("conversation", placement.known(), "/conversations", conversation);
  }

  private Next placed(Placement placement, Opening opening, Values conversation) {
    String id = Fields.literal(conversation, "id");
    return id.isEmpty()
        ? new Next.Later("the answer names no conversation")
        : brief(new Placement(placement.handoff(), placement.with(REFERENCE, id)), opening);
  }

  /// What was said before control is passed is there when an agent looks.
  private Next brief(Placement placement, Opening opening) {
    return ask(
        "brief",
        placement.known(),
        conversation(placement, "/messages"),
        business(Briefing.text(opening, MAX_TEXT_BYTES), placement.name() + ":opened"));
  }

  private Next pass(Placement placement, Opening opening) {
    Map<String, Object> control = new LinkedHashMap<>();
    control.put("switchboardIntegration", settings.integration());
    control.put("metadata", metadata(placement, opening));
    return ask(
        "pass",
        placement.known(),
        conversation(placement, settings.offers() ? "/offerControl" : "/passControl"),
        control);
  }

  /// As many of the leading entries as fit; what is no text, number or flag as its text.
  private static Map<String, Object> metadata(Placement placement, Opening opening) {
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put(MARK, placement.name());
    metadata.put("parley_topic", opening.topic());
    metadata.put("parley_link", opening.link());
    for (Map.Entry<String, Object> entry : opening.context().entries().entrySet()) {
      Object value = entry.getValue();
      boolean isFlat =
          value instanceof String || value instanceof Number || value instanceof Boolean;
      metadata.put(entry.getKey(), isFlat ? value : Json.print(value));
      if (Cut.bytes(Json.print(metadata)) > MAX_METADATA_BYTES) {
        metadata.remove(entry.getKey());
        break;
      }
    }
    return metadata;
  }

  private static Map<String, Object> message(Placement placement, Line line) {
    if (line.by() != Speaker.CUSTOMER) {
      return business(line.whole(), line.id());
    }
    Map<String, Object> author = new LinkedHashMap<>();
    author.put("type", "user");
    author.put("userExternalId", placement.known(USER));
    return said(author, line.whole(), line.id());
  }

  private static Map<String, Object> business(String text, String id) {
    Map<String, Object> author = new LinkedHashMap<>();
    author.put("type", "business");
    author.put("displayName", "Parley");
    return said(author, text, id);
  }

  private static Map<String, Object> said(Map<String, Object> author, String text, String id) {
    Map<String, Object> content = new LinkedHashMap<>();
    content.put("type", "text");
    content.put("text", Cut.text(text, MAX_TEXT_BYTES));
    Map<String, Object> message = new LinkedHashMap<>();
    message.put("author", author);
    message.put("content", content);
    message.put("metadata", Map.of("parley_id", id));
    return message;
  }

  private static String conversation(Placement placement, String rest) {
    return "/conversations/" + encoded(placement.reference()) + rest;
  }

  private Next get(String step, Values known, String path) {
    return new Next.Ask(step, known, request("GET", path, ""));
  }

  private Next ask(String step, Values known, String path, Map<String, Object> body) {
    return new Next.Ask(step, known, request("POST", path, Json.print(body)));
  }

  private Request request(String method, String path, String body) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Authorization", settings.key().header());
    if (!body.isEmpty()) {
      headers.put("Content-Type", "application/json; charset=utf-8");
    }
    String base = settings.url().toString().replaceAll("/+$", "");
    return new Request(method, base + "/v2/apps/" + settings.app() + path, headers, body);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  // ---- what is told

  @Override
  public Hearing hear(Webhook webhook, Instant now) {
    if (!UrlSecret.isOne(webhook.header("x-api-key"), settings.webhookSecrets())) {
      return new Hearing.NotHeard(
          401, "wrong_secret", "X-API-Key is not the secret of the webhook that is configured");
    }
    Values body = Fields.object(webhook.body());
    if (!(body.entries().get("events") instanceof List<?>)) {
      return new Hearing.NotHeard(400, "malformed", "the body has no list of events");
    }
    List<News> news = new ArrayList<>();
    Fields.objects(body, "events").forEach(event -> news(event).ifPresent(news::add));
    return new Hearing.Heard(news);
  }

  private static Optional<News> news(Values event) {
    Values payload = event.object("payload");
    String reference = Fields.literal(payload.object("conversation"), "id");
    String id = Fields.literal(event, "id");
    String reason = payload.text("reason").orElse("released");
    return switch (Fields.literal(event, "type")) {
      case "conversation:message" ->
          message(payload.object("message")).map(it -> new News(reference, it));
      case "switchboard:releaseControl" ->
          Optional.of(
              new News(reference, new Incoming.Closed(id, "", plain(reason), Values.EMPTY)));
      case "switchboard:offerControl:failure", "switchboard:passControl:failure" ->
          Optional.of(new News(reference, new Incoming.GaveBack(id, "control was not taken")));
      case "conversation:remove" ->
          Optional.of(
              new News(reference, new Incoming.GaveBack(id, "the conversation was removed")));
      default -> Optional.empty();
    };
  }

  /// `ticketClosed` as other dispositions are written: `ticket_closed`.
  private static String plain(String reason) {
    return reason.replaceAll("([a-z])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
  }

  /// What an agent sent: the customer's own messages are a user's, and ours carry our mark.
  private static Optional<Incoming> message(Values message) {
    boolean isBusiness = message.object("author").text("type").equals(Optional.of("business"));
    boolean isOurs = message.object("metadata").entries().containsKey("parley_id");
    Values content = message.object("content");
    String text = content.text("text").orElse("").strip();
    List<String> media =
        content.text("mediaUrl").filter(it -> !it.isBlank()).map(List::of).orElse(List.of());
    String id = Fields.literal(message, "id");
    if (!isBusiness || isOurs || id.isEmpty() || (text.isEmpty() && media.isEmpty())) {
      return Optional.empty();
    }
    String agent = message.object("author").text("displayName").orElse("");
    return Optional.of(new Incoming.Wrote(id, agent, text, media));
  }
}
