package io.parley.verticles;

import io.parley.edge.WebhookSignature;
import io.parley.verticles.PeerServer.Answered;
import io.parley.verticles.PeerServer.Asked;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A brand's own desk, as `TARGETS.md` tells to write one: verifies what it is told, keeps each
/// thing once by its id, and signs what it tells.
final class SignedDesk {

  private static final WebhookSignature SIGNATURE = new WebhookSignature(List.of("desk-secret"));

  final PeerServer peer;
  private final Map<String, JsonObject> told = new LinkedHashMap<>();
  private int repeats;

  SignedDesk(Vertx vertx) {
    peer = new PeerServer(vertx, this::answer);
  }

  private synchronized Answered answer(Asked asked) {
    String header = asked.headers().getOrDefault("parley-signature", "");
    if (SIGNATURE.verify(header, asked.body(), Instant.now()) != WebhookSignature.Verdict.GENUINE) {
      return Answered.of(401, "");
    }
    JsonObject body = asked.json();
    if (!body.getString("type").equals("ping")
        && told.putIfAbsent(body.getString("id"), body) != null) {
      repeats++;
    }
    return body.getString("type").equals("handoff.opened")
        ? Answered.of(200, new JsonObject().put("reference", "r-" + body.getString("handoff")))
        : Answered.of(204, "");
  }

  synchronized List<JsonObject> told(String handoff, String type) {
    return told.values().stream()
        .filter(it -> it.getString("handoff").equals(handoff))
        .filter(it -> it.getString("type").equals(type))
        .toList();
  }

  /// What was said there, by whom, in the order in which it came first.
  List<String> said(String handoff) {
    return told(handoff, "handoff.message").stream()
        .map(it -> it.getJsonObject("message"))
        .map(it -> it.getString("by") + ": " + it.getString("text"))
        .toList();
  }

  synchronized int repeats() {
    return repeats;
  }

  static Map<String, String> signed(String body) {
    return Map.of(WebhookSignature.HEADER, SIGNATURE.of(Instant.now(), body));
  }
}
