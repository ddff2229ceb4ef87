package io.parley.targets;

import io.parley.edge.Cut;
import io.parley.edge.HandoffTarget;
import io.parley.edge.OutcomeSink.Response;
import io.parley.edge.WebhookSignature;
import io.parley.engine.Json;
import io.parley.engine.Values;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// A server of the brand's own that puts conversations before people: told by signed POSTs, and
/// telling by signed POSTs; `TARGETS.md` tells how to write one.
public final class SignedTarget implements HandoffTarget {

  private static final int MAX_TEXT_BYTES = 16_000;
  private static final int MAX_LINE_BYTES = 1_500;

  private final String name;
  private final URI url;
  private final WebhookSignature signature;
  private final InstantSource clock;

  /// @param secrets one, or two while one takes the place of the other; both sides sign by them
  public SignedTarget(String name, URI url, List<String> secrets, InstantSource clock) {
    this.name = name;
    this.url = url;
    this.signature = new WebhookSignature(secrets);
    this.clock = clock;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Next begin(Placement placement, Task task) {
    return switch (task) {
      case Task.Open(var opening) -> ask(placement, opened(placement, opening));
      case Task.Say(var line) -> {
        Map<String, Object> body = body("handoff.message", line.id(), placement);
        body.put("message", json(line, MAX_TEXT_BYTES));
        yield ask(placement, body);
      }
      case Task.Close(var why, var here) -> {
        Map<String, Object> body = body("handoff.closed", placement.name() + ":closed", placement);
        body.put("why", why);
        yield here ? ask(placement, body) : new Next.Done(placement.known());
      }
      case Task.Poll _ -> new Next.Done(placement.known());
      case Task.Probe _ -> ask(placement, body("ping", "ping", placement));
    };
  }

  private static Map<String, Object> body(String type, String id, Placement placement) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("type", type);
    body.put("id", id);
    body.put("handoff", placement.handoff().toString());
    if (!placement.reference().isEmpty()) {
      body.put("reference", placement.reference());
    }
    return body;
  }

  private static Map<String, Object> opened(Placement placement, Opening opening) {
    Map<String, Object> customer = new LinkedHashMap<>();
    customer.put("id", opening.customer().id());
    customer.put("address", opening.customer().address());
    customer.put("channel", opening.customer().channel());
    customer.put("name", opening.customer().name());
    opening.customer().email().ifPresent(email -> customer.put("email", email));
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("type", "handoff.opened");
    body.put("id", placement.name() + ":opened");
    body.put("handoff", placement.handoff().toString());
    body.put("topic", opening.topic());
    body.put("customer", customer);
    body.put("context", opening.context().entries());
    body.put("link", opening.link());
    body.put(
        "messages", opening.transcript().stream().map(line -> json(line, MAX_LINE_BYTES)).toList());
    return body;
  }

  private static Map<String, Object> json(Line line, int maxBytes) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", line.id());
    json.put("at", line.at().toString());
    json.put("by", line.by().name().toLowerCase(Locale.ROOT));
    json.put("text", Cut.text(line.text(), maxBytes));
    json.put("media", line.media());
    return json;
  }

  private Next ask(Placement placement, Map<String, Object> content) {
    String body = Json.print(content);
    return new Next.Ask(
        String.valueOf(content.get("type")),
        placement.known(),
        new Request(
            "POST",
            url.toString(),
            Map.of(
                "Content-Type",
                "application/json; charset=utf-8",
                "Idempotency-Key",
                String.valueOf(content.get("id")),
                WebhookSignature.HEADER,
                signature.of(clock.instant(), body)),
            body));
  }

  @Override
  public Next read(Placement placement, Task task, Next.Ask asked, Response response) {
    return Judgement.trouble(response)
        .orElseGet(
            () -> {
              if (!(task instanceof Task.Open)) {
                return new Next.Done(placement.known());
              }
              String told = Fields.literal(Fields.object(response.body()), REFERENCE);
              String reference = told.isEmpty() ? placement.handoff().toString() : told;
              return new Next.Done(placement.with(REFERENCE, reference));
            });
  }

  // ---- what is told

  @Override
  public Hearing hear(Webhook webhook, Instant now) {
    String header = webhook.header(WebhookSignature.HEADER.toLowerCase(Locale.ROOT));
    return switch (signature.verify(header, webhook.body(), now)) {
      case GENUINE -> read(Fields.object(webhook.body()));
      case MISSING ->
          new Hearing.NotHeard(401, "unsigned", "the request has no " + WebhookSignature.HEADER);
      case FORGED ->
          new Hearing.NotHeard(
              401,
              "wrong_signature",
              WebhookSignature.HEADER + " is not by the secret that is configured");
      case STALE ->
          new Hearing.NotHeard(
              401,
              "stale",
              "the request left more than %d minutes from now: compare the clocks"
                  .formatted(WebhookSignature.FRESHNESS.toMinutes()));
    };
  }

  private static Hearing read(Values body) {
    String handoff = Fields.literal(body, "handoff");
    String reference = handoff.isEmpty() ? Fields.literal(body, REFERENCE) : handoff;
    String id = Fields.literal(body, "id");
    if (reference.isBlank()) {
      return wrong("/handoff", "names the handoff, by the id that it was opened with");
    }
    if (id.isBlank() || id.length() > 200) {
      return wrong("/id", "tells this from a repeat: 1 to 200 characters");
    }
    String agent = Fields.literal(body, "agent");
    return switch (Fields.literal(body, "type")) {
      case "message" -> {
        String text = Fields.literal(body, "text");
        List<String> media = media(body);
        yield text.isBlank() && media.isEmpty()
            ? wrong("/text", "is what the customer is to read, unless there is media")
            : heard(reference, new Incoming.Wrote(id, agent, text, media));
      }
      case "close" -> {
        String disposition = Fields.literal(body, "disposition");
        yield disposition.isBlank()
            ? wrong("/disposition", "says in a few words what came of it")
            : heard(reference, new Incoming.Closed(id, agent, disposition, body.object("outputs")));
      }
      case "return" -> {
        String why = Fields.literal(body, "why");
        yield heard(reference, new Incoming.GaveBack(id, why.isBlank() ? "given back" : why));
      }
      default -> wrong("/type", "is message, close or return");
    };
  }

  private static List<String> media(Values body) {
    List<String> media = new ArrayList<>();
    if (body.entries().get("media") instanceof List<?> list) {
      list.forEach(item -> media.add(String.valueOf(item)));
    }
    return media;
  }

  private static Hearing heard(String reference, Incoming incoming) {
    return new Hearing.Heard(List.of(new News(reference, incoming)));
  }

  private static Hearing wrong(String pointer, String sentence) {
    return new Hearing.NotHeard(400, "malformed", pointer + " " + sentence);
  }
}
