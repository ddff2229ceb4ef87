package io.parley.targets;

import io.parley.edge.Cut;
import io.parley.edge.HandoffTarget;
import io.parley.edge.OutcomeSink.Response;
import io.parley.engine.Json;
import io.parley.engine.Values;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Request Tracker by REST 2.0: a handoff is a ticket, a customer's message is correspondence by
/// our user, and what others correspond goes to the customer. It tells nobody by itself, so that a
/// ticket's history is asked for.
///
/// Source: RT 5's REST2 documentation, and a server of 5.0.3.
public final class RequestTracker implements HandoffTarget {

  private static final Set<String> OVER = Set.of("resolved", "rejected", "deleted");
  private static final int MAX_TEXT_BYTES = 60_000;
  private static final int PAGE = 100;

  /// The last transaction that was read.
  private static final String CURSOR = "transaction";

  /// The page of the history that it was on, from 1.
  private static final String CURSOR_PAGE = "page";

  /// The transaction whose text is asked for, and who wrote it.
  private static final String READING = "reading";

  private static final String WRITER = "writer";

  private final String name;
  private final Settings settings;

  /// @param url of RT itself: `https://rt.example.com`
  /// @param queue in which tickets are made
  /// @param user whose token or password it is, and whose correspondence is ours
  /// @param authorization the value of the header: [#token] or [#password]
  /// @param pollEvery how often each open ticket's history is asked for
  public record Settings(
      URI url, String queue, String user, String authorization, Duration pollEvery) {
    @Override
    public String toString() {
      return "Settings[url=" + url + ", queue=" + queue + ", user=" + user + "]";
    }
  }

  public RequestTracker(String name, Settings settings) {
    this.name = name;
    this.settings = settings;
  }

  /// The header's value by a token of RT's own.
  public static String token(String token) {
    return "token " + token;
  }

  /// The header's value by a password.
  public static String password(String user, String password) {
    return "Basic "
        + Base64.getEncoder()
            .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Optional<Duration> pollEvery() {
    return Optional.of(settings.pollEvery());
  }

  @Override
  public Next begin(Placement placement, Task task) {
    String ticket = "/ticket/" + placement.reference();
    return switch (task) {
      case Task.Open _ ->
          placement.reference().isEmpty()
              ? get(
                  "find",
                  placement.known(),
                  "/tickets?fields=Subject&query=" + encoded(query(placement)))
              : new Next.Done(placement.known());
      case Task.Say(var line) ->
          post(
              "say",
              placement.known(),
              ticket + (line.by() == Speaker.CUSTOMER ? "/correspond" : "/comment"),
              line.whole());
      case Task.Close(var why, var here) ->
          here
              ? post("why", placement.known(), ticket + "/comment", why)
              : new Next.Done(placement.known());
      case Task.Poll _ -> history(placement.known(), placement);
      case Task.Probe _ -> get("probe", placement.known(), "/queue/" + encoded(settings.queue()));
    };
  }

  /// Finds the ticket again whose making was not answered.
  private String query(Placement placement) {
    return "Queue = '%s' AND Subject LIKE '%s'"
        .formatted(settings.queue().replace("'", "\\'"), mark(placement));
  }

  private static String mark(Placement placement) {
    return "[parley:" + placement.name() + "]";
  }

  private Next history(Values known, Placement placement) {
    String page = known.text(CURSOR_PAGE).orElse("1");
    return get(
        "history",
        known,
        "/ticket/%s/history?per_page=%d&page=%s&fields=Type,Creator,Field,NewValue"
            .formatted(placement.reference(), PAGE, page));
  }

  @Override
  public Next read(Placement placement, Task task, Next.Ask asked, Response response) {
    Optional<Next> trouble = Judgement.trouble(response);
    if (trouble.isPresent()) {
      return trouble.get();
    }
    Values body = Fields.object(response.body());
    return switch (asked.step()) {
      case "find" ->
          Fields.objects(body, "items").stream()
              .filter(it -> Fields.literal(it, "Subject").contains(mark(placement)))
              .findFirst()
              .map(it -> placed(placement, Fields.literal(it, "id")))
              .orElseGet(() -> make(placement, task));
      case "make" -> placed(placement, Fields.literal(body, "id"));
      case "why" ->
          new Next.Ask(
              "resolve",
              placement.known(),
              request(
                  "PUT",
                  "/ticket/" + placement.reference(),
                  Json.print(Map.of("Status", "resolved"))));
      case "history" -> next(placement, body);
      case "text" -> wrote(placement, body);
      default -> new Next.Done(placement.known());
    };
  }

  private static Next placed(Placement placement, String ticket) {
    return ticket.isEmpty()
        ? new Next.Later("the answer names no ticket")
        : new Next.Done(placement.with(REFERENCE, ticket));
  }

  private Next make(Placement placement, Task task) {
    if (!(task instanceof Task.Open(var opening))) {
      return new Next.Refused("only an opening makes a ticket");
    }
    Map<String, Object> ticket = new LinkedHashMap<>();
    ticket.put("Queue", settings.queue());
    ticket.put(
        "Subject",
        "%s: %s %s".formatted(opening.topic(), opening.customer().called(), mark(placement)));
    opening.customer().email().ifPresent(email -> ticket.put("Requestor", email));
    ticket.put("Content", Briefing.text(opening, MAX_TEXT_BYTES));
    ticket.put("ContentType", "text/plain");
    return new Next.Ask("make", placement.known(), request("POST", "/ticket", Json.print(ticket)));
  }

  // ---- the history

  /// The first transaction after the one read last that says something to the customer, or that
  /// the ticket is over.
  private Next next(Placement placement, Values body) {
    long cursor = number(placement.known(CURSOR));
    List<Values> items = Fields.objects(body, "items");
    for (Values item : items) {
      long id = number(Fields.literal(item, "id"));
      String type = Fields.literal(item, "Type");
      String creator = Fields.literal(item.object("Creator"), "id");
      if (id <= cursor) {
        continue;
      }
      if (type.equals("Correspond") && !creator.equals(settings.user())) {
        Values reading = placement.with(READING, String.valueOf(id)).with(WRITER, creator);
        return get(
            "text",
            reading,
            "/transaction/" + id + "/attachments?per_page=100&fields=ContentType,Content,Filename");
      }
      if (type.equals("Status")
          && OVER.contains(Fields.literal(item, "NewValue"))
          && !creator.equals(settings.user())) {
        return new Next.Done(
            placement.with(CURSOR, String.valueOf(id)),
            List.of(
                new Incoming.Closed(
                    String.valueOf(id), creator, Fields.literal(item, "NewValue"), Values.EMPTY)));
      }
    }
    return turned(placement, body, items);
  }

  /// Nothing on this page: its last transaction is where the next look begins, on this page while
  /// it has room.
  private Next turned(Placement placement, Values body, List<Values> items) {
    long last =
        items.stream()
            .mapToLong(item -> number(Fields.literal(item, "id")))
            .max()
            .orElse(number(placement.known(CURSOR)));
    long page = Math.max(1, number(placement.known(CURSOR_PAGE)));
    Values known = placement.with(CURSOR, String.valueOf(last));
    return number(Fields.literal(body, "pages")) > page
        ? history(known.with(CURSOR_PAGE, String.valueOf(page + 1)), placement)
        : new Next.Done(known);
  }

  private static Next wrote(Placement placement, Values body) {
    String id = placement.known(READING);
    String text =
        Fields.objects(body, "items").stream()
            .filter(it -> Fields.literal(it, "Filename").isEmpty())
            .filter(it -> Fields.literal(it, "ContentType").startsWith("text/"))
            .findFirst()
            .map(RequestTracker::plain)
            .orElse("");
    Values known = placement.with(CURSOR, id);
    return text.isBlank()
        ? new Next.Done(known)
        : new Next.Done(
            known, List.of(new Incoming.Wrote(id, placement.known(WRITER), text, List.of())));
  }

  /// What the customer reads: without marks of HTML, and without what was quoted below.
  private static String plain(Values attachment) {
    String content = Fields.literal(attachment, "Content");
    boolean marked = Fields.literal(attachment, "ContentType").startsWith("text/html");
    return (marked ? PlainText.of(content) : content).strip();
  }

  private static long number(String text) {
    return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0;
  }

  // ---- requests

  private Next get(String step, Values known, String path) {
    return new Next.Ask(step, known, request("GET", path, ""));
  }

  private Next post(String step, Values known, String path, String text) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("Content", Cut.text(text, MAX_TEXT_BYTES));
    body.put("ContentType", "text/plain");
    return new Next.Ask(step, known, request("POST", path, Json.print(body)));
  }

  private Request request(String method, String path, String body) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Authorization", settings.authorization());
    headers.put("Accept", "application/json");
    if (!body.isEmpty()) {
      headers.put("Content-Type", "application/json; charset=utf-8");
    }
    String base = settings.url().toString().replaceAll("/+$", "");
    return new Request(method, base + "/REST/2.0" + path, headers, body);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /// RT has no webhooks of its own.
  @Override
  public Hearing hear(Webhook webhook, Instant now) {
    return new Hearing.NotHeard(404, "polled", "this target is asked; it tells nothing by itself");
  }
}
