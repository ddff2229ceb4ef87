package io.parley.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.parley.engine.Handoff;

/// Turns what was stored in a format older than [#NONE_SINCE] into that one.
final class Upgrade {

  /// When a run of a flow began is not told in format 1; it has long cooled off.
  private static final String LONG_AGO = "1970-01-01T00:00:00Z";

  /// From this format on a text is read as it is.
  static final int NONE_SINCE = 4;

  private Upgrade() {}

  /// @param format of the text that the tree was read from; the tree itself is changed
  static JsonNode upgrade(int format, JsonNode tree) {
    if (format < 2) {
      toFormat2(tree);
    }
    if (format < 3) {
      toFormat3(tree);
    }
    if (format < 4) {
      toFormat4(tree);
    }
    return tree;
  }

  /// Handoffs of the conversation itself, and what follows them. One that a widget waits for was
  /// open; when it was opened is not told, and not before its execution began.
  private static void toFormat4(JsonNode tree) {
    if (tree.path("type").asText().equals("HandoffClosed")) {
      ((ObjectNode) tree).putObject("then").put("type", "Usual");
    } else if (tree.has("runs")) {
      JsonNode execution = tree.path("execution");
      JsonNode awaiting = execution.path("position").path("awaiting");
      if (awaiting.path("type").asText().equals("Closing")
          && !tree.path("owner").asText().equals("BOT")) {
        addHandoff((ObjectNode) tree, awaiting, execution.path("startedAt"));
      }
    }
  }

  private static void addHandoff(ObjectNode state, JsonNode awaiting, JsonNode at) {
    ObjectNode handoff = state.putObject("handoff");
    handoff.set("id", awaiting.path("handoff"));
    handoff.put("reason", Handoff.BY_WIDGET);
    handoff.set("openedAt", at);
    handoff.set("since", at);
    handoff.putArray("told");
    handoff.putArray("kept");
  }

  /// Subflows, cooling-off.
  private static void toFormat2(JsonNode tree) {
    if (tree.isArray()) {
      tree.forEach(Upgrade::hopToFormat2);
    } else if (tree.path("type").asText().equals("Triggered")) {
      ((ObjectNode) tree).put("coolingOff", "PT0S");
    } else if (tree.has("runs")) {
      tree.get("runs").forEach(run -> ((ObjectNode) run).put("startedAt", LONG_AGO));
      if (tree.path("execution") instanceof ObjectNode execution) {
        execution.putArray("callers");
        execution.putArray("subflows");
      }
    }
  }

  /// What a message is sent for, and what kind of failure kept one back.
  private static void toFormat3(JsonNode tree) {
    if (tree.isArray()) {
      tree.forEach(Upgrade::toFormat3);
    } else if (tree.path("type").asText().equals("Send")) {
      ((ObjectNode) tree).put("purpose", "FLOW");
    } else if (tree.path("type").asText().equals("SendFailed")) {
      ((ObjectNode) tree).put("failureClass", "UNKNOWN");
    } else if (tree.has("runs")) {
      addTraffic((ObjectNode) tree);
      addBargain((ObjectNode) tree);
      addEngagement((ObjectNode) tree);
    }
  }

  /// What a conversation means for other messages to its person. An order ended whatever ran.
  private static void addEngagement(ObjectNode state) {
    ObjectNode engagement = state.putObject("engagement");
    if (state.path("execution").has("startedAt")) {
      engagement.set("recoversSince", state.path("execution").get("startedAt"));
    }
    engagement.putArray("orders");
    engagement.putArray("names");
  }

  /// What went to and fro before was not kept.
  private static void addTraffic(ObjectNode state) {
    ObjectNode traffic = state.putObject("traffic");
    traffic.putObject("window");
    traffic.putArray("sends");
  }

  /// Friction and offers, of which nothing was known.
  private static void addBargain(ObjectNode state) {
    state.putObject("bargain").putObject("friction").putArray("signals");
  }

  private static void hopToFormat2(JsonNode item) {
    if (item instanceof ObjectNode hop && hop.has("widget")) {
      hop.put("subflow", "");
    }
  }
}
