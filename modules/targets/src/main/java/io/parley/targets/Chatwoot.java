package io.parley.targets;

import io.parley.edge.Cut;
import io.parley.edge.HandoffTarget;
import io.parley.edge.OutcomeSink.Response;
import io.parley.edge.WebhookSignature;
import io.parley.engine.Json;
import io.parley.engine.Values;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/// Chatwoot, by an inbox of an API channel: a handoff is a conversation there, what its customer
/// says comes in, and what agents send goes out. What was said before is a private note.
///
/// Told by the inbox's webhook, an account's webhook or an agent bot's; each says the same of a
/// message, and one that is told twice counts once. Whether a conversation is resolved is read from
/// whatever event tells its status, since some changes come as `conversation_updated` alone.
///
/// Source: Chatwoot's application API and webhooks, and its sources at 4.x.
public final class Chatwoot implements HandoffTarget {

  private static final int MAX_TEXT_BYTES = 50_000;

  /// What the conversation's own attributes call the handoff.
  private static final String MARK = "parley_handoff";

  private static final String CONTACT = "contact";
  private static final String OPENED = "opened";

  private final String name;
  private final Settings settings;

  /// @param url of Chatwoot itself: `https://app.chatwoot.com`
  /// @param account its number
  /// @param inbox the number of the API channel's inbox
  /// @param token of a user who may work in the inbox, or of an agent bot
  /// @param urlSecrets what the webhook's URL carries as `secret`; none where it carries none
  /// @param signingSecrets what webhooks are signed by; none where they are not
  public record Settings(
      URI url,
      int account,
      int inbox,
      String token,
      List<String> urlSecrets,
      List<String> signingSecrets) {
    public Settings {
      urlSecrets = List.copyOf(urlSecrets);
      signingSecrets = List.copyOf(signingSecrets);
      if (urlSecrets.isEmpty() && signingSecrets.isEmpty()) {
        throw new IllegalArgumentException(
            "what Chatwoot tells must be proven: say url_secret or signing_secret");
      }
    }

    @Override
    public String toString() {
      return "Settings[url=" + url + ", account=" + account + ", inbox=" + inbox + "]";
    }
  }

  public Chatwoot(String name, Settings settings) {
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
          ask("say", placement.known(), "POST", messages(placement), message(line));
      case Task.Close(var why, var here) ->
          here
              ? ask("why", placement.known(), "POST", messages(placement), note(why))
              : new Next.Done(placement.known());
      case Task.Poll _ -> new Next.Done(placement.known());
      case Task.Probe _ -> get("probe", placement.known(), "/inboxes/" + settings.inbox());
    };
  }

  /// An opening that was broken off goes on after what it has done.
  private Next open(Placement placement, Opening opening) {
    if (!placement.known(OPENED).isEmpty()) {
      return new Next.Done(placement.known());
    }
    if (!placement.reference().isEmpty()) {
      return attend(placement);
    }
    return placement.known(CONTACT).isEmpty()
        ? get("by id", placement.known(), search(opening.customer().id()))
        : conversations(placement.known());
  }

  private static String search(String what) {
    return "/contacts/search?q=" + URLEncoder.encode(what, StandardCharsets.UTF_8);
  }

  private Next conversations(Values known) {
    return get("find", known, "/contacts/" + Fields.literal(known, CONTACT) + "/conversations");
  }

  @Override
  public Next read(Placement placement, Task task, Next.Ask asked, Response response) {
    Optional<Next> trouble = Judgement.trouble(response);
    if (trouble.isPresent()) {
      return trouble.get();
    }
    Values body = Fields.object(response.body());
    if (task instanceof Task.Open(var opening)) {
      return opening(placement, opening, asked.step(), body);
    }
    return asked.step().equals("why")
        ? ask(
            "resolve",
            placement.known(),
            "POST",
            "/conversations/" + placement.reference() + "/toggle_status",
            Map.of("status", "resolved"))
        : new Next.Done(placement.known());
  }

  private Next opening(Placement placement, Opening opening, String step, Values body) {
    Customer customer = opening.customer();
    return switch (step) {
      case "by id" ->
          found(body, it -> Fields.literal(it, "identifier").equals(customer.id()))
              .map(id -> conversations(placement.with(CONTACT, id)))
              .orElseGet(() -> byPhone(placement, opening));
      case "by phone" ->
          found(
                  body,
                  it ->
                      customer
                          .phone()
                          .filter(Fields.literal(it, "phone_number")::equals)
                          .isPresent())
              .map(id -> conversations(placement.with(CONTACT, id)))
              .orElseGet(() -> make(placement, customer));
      case "contact" -> {
        String id = Fields.literal(body.object("payload").object("contact"), "id");
        yield id.isEmpty()
            ? new Next.Later("the answer names no contact")
            : conversations(placement.with(CONTACT, id));
      }
      case "find" ->
          found(
                  body,
                  it ->
                      it.object("custom_attributes")
                          .text(MARK)
                          .filter(placement.name()::equals)
                          .isPresent())
              .map(id -> attend(new Placement(placement.handoff(), placement.with(REFERENCE, id))))
              .orElseGet(() -> converse(placement, opening));
      case "conversation" -> {
        String id = Fields.literal(body, "id");
        yield id.isEmpty()
            ? new Next.Later("the answer names no conversation")
            : attend(new Placement(placement.handoff(), placement.with(REFERENCE, id)));
      }
      case "attend" ->
          ask(
              "brief",
              placement.known(),
              "POST",
              messages(placement),
              note(Briefing.text(opening, MAX_TEXT_BYTES)));
      default -> new Next.Done(placement.with(OPENED, "yes"));
    };
  }

  private static Optional<String> found(Values body, Predicate<Values> wanted) {
    return Fields.objects(body, "payload").stream()
        .filter(wanted)
        .map(it -> Fields.literal(it, "id"))
        .filter(id -> !id.isEmpty())
        .findFirst();
  }

  private Next byPhone(Placement placement, Opening opening) {
    return opening
        .customer()
        .phone()
        .map(phone -> get("by phone", placement.known(), search(phone)))
        .orElseGet(() -> make(placement, opening.customer()));
  }

  private Next make(Placement placement, Customer customer) {
    Map<String, Object> contact = new LinkedHashMap<>();
    contact.put("inbox_id", settings.inbox());
    contact.put("identifier", customer.id());
    contact.put("name", customer.called());
    customer.phone().ifPresent(phone -> contact.put("phone_number", phone));
    customer.email().ifPresent(email -> contact.put("email", email));
    return ask("contact", placement.known(), "POST", "/contacts", contact);
  }

  private Next converse(Placement placement, Opening opening) {
    Map<String, Object> attributes = new LinkedHashMap<>();
    attributes.put(MARK, placement.name());
    attributes.put("parley_topic", opening.topic());
    attributes.put("parley_link", opening.link());
    attributes.putAll(opening.context().entries());
    Map<String, Object> conversation = new LinkedHashMap<>();
    conversation.put("inbox_id", settings.inbox());
    conversation.put("contact_id", Long.valueOf(placement.known(CONTACT)));
    conversation.put("source_id", opening.customer().id());
    conversation.put("status", "open");
    conversation.put("custom_attributes", attributes);
    return ask("conversation", placement.known(), "POST", "/conversations", conversation);
  }

  /// Where an agent bot is connected a conversation begins as the bot's, and no agent sees it.
  private Next attend(Placement placement) {
    return ask(
        "attend",
        placement.known(),
        "POST",
        "/conversations/" + placement.reference() + "/toggle_status",
        Map.of("status", "open"));
  }

  private static String messages(Placement placement) {
    return "/conversations/" + placement.reference() + "/messages";
  }

  private static Map<String, Object> message(Line line) {
    if (line.by() == Speaker.PARLEY) {
      return note(line.whole());
    }
    Map<String, Object> message = new LinkedHashMap<>();
    message.put("content", Cut.text(line.whole(), MAX_TEXT_BYTES));
    message.put("message_type", "incoming");
    message.put("private", false);
    message.put("echo_id", line.id());
    return message;
  }

  private static Map<String, Object> note(String text) {
    Map<String, Object> note = new LinkedHashMap<>();
    note.put("content", text);
    note.put("message_type", "outgoing");
    note.put("private", true);
    return note;
  }

  private Next get(String step, Values known, String path) {
    return new Next.Ask(step, known, request("GET", path, ""));
  }

  private Next ask(
      String step, Values known, String method, String path, Map<String, Object> body) {
    return new Next.Ask(step, known, request(method, path, Json.print(body)));
  }

  private Request request(String method, String path, String body) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("api_access_token", settings.token());
    if (!body.isEmpty()) {
      headers.put("Content-Type", "application/json; charset=utf-8");
    }
    String base = settings.url().toString().replaceAll("/+$", "");
    return new Request(
        method, base + "/api/v1/accounts/" + settings.account() + path, headers, body);
  }

  // ---- what is told

  @Override
  public Hearing hear(Webhook webhook, Instant now) {
    Optional<Hearing.NotHeard> doubt = doubt(webhook, now);
    if (doubt.isPresent()) {
      return doubt.get();
    }
    Values event = Fields.object(webhook.body());
    return switch (Fields.literal(event, "event")) {
      case "message_created" -> new Hearing.Heard(message(event));
      case "conversation_status_changed",
          "conversation_updated",
          "conversation_resolved",
          "conversation_opened" ->
          new Hearing.Heard(status(event));
      case "" -> new Hearing.NotHeard(400, "malformed", "the body names no event");
      default -> Hearing.Heard.nothing();
    };
  }

  private Optional<Hearing.NotHeard> doubt(Webhook webhook, Instant now) {
    if (!settings.urlSecrets().isEmpty()
        && !UrlSecret.isCarried(webhook.target(), settings.urlSecrets())) {
      return Optional.of(
          new Hearing.NotHeard(
              401, "wrong_secret", "the URL does not carry ?secret= as it is configured"));
    }
    if (settings.signingSecrets().isEmpty()) {
      return Optional.empty();
    }
    String at = webhook.header("x-chatwoot-timestamp");
    String given = webhook.header("x-chatwoot-signature").replaceFirst("^sha256=", "");
    if (!at.matches("[0-9]{1,15}") || given.isEmpty()) {
      return Optional.of(
          new Hearing.NotHeard(
              401, "unsigned", "the request lacks X-Chatwoot-Signature and its timestamp"));
    }
    List<String> expected =
        settings.signingSecrets().stream()
            .map(secret -> WebhookSignature.hmac(secret, at + "." + webhook.body()))
            .toList();
    if (!UrlSecret.isOne(given, expected)) {
      return Optional.of(
          new Hearing.NotHeard(
              401, "wrong_signature", "X-Chatwoot-Signature is not by the configured secret"));
    }
    Duration apart = Duration.between(Instant.ofEpochSecond(Long.parseLong(at)), now).abs();
    return apart.compareTo(WebhookSignature.FRESHNESS) <= 0
        ? Optional.empty()
        : Optional.of(
            new Hearing.NotHeard(401, "stale", "the request is too old: compare the clocks"));
  }

  /// What an agent sent to the customer. Our own messages are incoming or private there; those of
  /// bots are nobody's who was handed anything.
  private List<News> message(Values event) {
    String type = Fields.literal(event, "message_type");
    boolean isOurs = isOurInbox(event.object("inbox"));
    boolean isByAgent = !event.object("sender").text("type").equals(Optional.of("agent_bot"));
    if (!isOurs
        || event.flag("private")
        || !isByAgent
        || !(type.equals("outgoing") || type.equals("1"))) {
      return List.of();
    }
    List<String> media = new ArrayList<>();
    Fields.objects(event, "attachments")
        .forEach(item -> item.text("data_url").filter(it -> !it.isBlank()).ifPresent(media::add));
    String text = event.text("content").orElse("").strip();
    String id = Fields.literal(event, "id");
    if (id.isEmpty() || (text.isEmpty() && media.isEmpty())) {
      return List.of();
    }
    return List.of(
        new News(
            Fields.literal(event.object("conversation"), "id"),
            new Incoming.Wrote(id, event.object("sender").text("name").orElse(""), text, media)));
  }

  /// An account's webhook tells of all its inboxes.
  private boolean isOurInbox(Values inbox) {
    String id = Fields.literal(inbox, "id");
    return id.isEmpty() || id.equals(String.valueOf(settings.inbox()));
  }

  private List<News> status(Values event) {
    String inbox = Fields.literal(event, "inbox_id");
    if (!inbox.isEmpty() && !inbox.equals(String.valueOf(settings.inbox()))) {
      return List.of();
    }
    String reference = Fields.literal(event, "id");
    String status = Fields.literal(event, "status");
    String agent = event.object("meta").object("assignee").text("name").orElse("");
    if (status.equals("resolved")) {
      return List.of(
          new News(reference, new Incoming.Closed("resolved", agent, "resolved", Values.EMPTY)));
    }
    return status.equals("pending") && wasOpen(event)
        ? List.of(
            new News(
                reference, new Incoming.Closed("pending", agent, "given_to_bot", Values.EMPTY)))
        : List.of();
  }

  /// A conversation is pending, too, before we have opened it.
  private static boolean wasOpen(Values event) {
    return Fields.objects(event, "changed_attributes").stream()
        .map(it -> it.object("status"))
        .anyMatch(it -> it.text("previous_value").filter("open"::equals).isPresent());
  }
}
