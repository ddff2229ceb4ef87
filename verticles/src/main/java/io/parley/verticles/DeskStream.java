package io.parley.verticles;

import io.parley.engine.ConversationId;
import io.parley.engine.ThreadId;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.impl.HttpServerConnection;
import io.vertx.core.json.JsonObject;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// A stream of events to one browser, as `text/event-stream` has it. One that cannot take what is
/// written is cut: the browser comes again and says where it stood. Confined to its context.
final class DeskStream {

  /// What may wait for a slow browser.
  private static final int MOST_UNSENT_BYTES = 512 * 1024;

  final DeskUser user;
  final Optional<Place> place;
  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final Set<String> offered = new HashSet<>();
  private final Set<ConversationId> left = new HashSet<>();
  private String gates = "";
  private String counts = "";
  private boolean over;

  /// Set while its conversation is being read, and whether there is more to read after.
  boolean reading;

  boolean again;

  DeskStream(DeskUser user, Optional<Place> place, HttpServerRequest request) {
    this.user = user;
    this.place = place;
    this.request = request;
    this.response = request.response();
  }

  /// How far a conversation has been told.
  static final class Place {
    final ConversationId conversation;
    final ThreadId thread;
    int turn;
    long note;

    Place(ConversationId conversation, ThreadId thread, int turn, long note) {
      this.conversation = conversation;
      this.thread = thread;
      this.turn = turn;
      this.note = note;
    }

    /// What the browser says when it comes again.
    String id(int told) {
      return "%s:%d:%d".formatted(conversation, told, note);
    }
  }

  void begin() {
    response
        .setStatusCode(200)
        .setChunked(true)
        .setWriteQueueMaxSize(MOST_UNSENT_BYTES)
        .putHeader("Content-Type", "text/event-stream; charset=utf-8")
        .putHeader("Cache-Control", "no-store")
        .putHeader("X-Accel-Buffering", "no");
    write("retry: 1000\n\n");
  }

  void send(String event, JsonObject content) {
    send(event, content.encode());
  }

  private void send(String event, String json) {
    write("event: %s\ndata: %s\n\n".formatted(event, json));
  }

  /// With the place from which the browser goes on.
  void send(String event, JsonObject content, String id) {
    write("id: %s\nevent: %s\ndata: %s\n\n".formatted(id, event, content.encode()));
  }

  /// Sent once.
  void offer(String name, JsonObject content) {
    if (offered.add(name)) {
      send("offer", content);
    }
  }

  /// A row of the list.
  ///
  /// @param json what several are told, printed once
  void row(ConversationId conversation, String json) {
    left.remove(conversation);
    send("row", json);
  }

  /// That a row has left the list: sent once, until it comes back.
  void left(ConversationId conversation) {
    if (left.add(conversation)) {
      send("gone", new JsonObject().put("id", conversation.toString()));
    }
  }

  /// Sent where it is not as it was.
  void gates(JsonObject content) {
    String text = content.encode();
    if (!text.equals(gates)) {
      gates = text;
      send("gates", content);
    }
  }

  /// Sent where they are not as they were.
  void counts(JsonObject content) {
    String text = content.encode();
    if (!text.equals(counts)) {
      counts = text;
      send("counts", content);
    }
  }

  boolean isOver() {
    return over;
  }

  /// The connection is gone.
  void gone() {
    over = true;
  }

  /// Ends it in good order.
  void end() {
    if (!over) {
      over = true;
      response.end();
    }
  }

  private void write(String text) {
    if (over) {
      return;
    }
    if (response.writeQueueFull()) {
      over = true;
      cut();
      return;
    }
    response.write(text);
  }

  /// At once, with what waits. A connection that is closed in good order is so only after the
  /// browser has read all, and so is one of HTTP/1.1 that is reset: one that reads nothing would
  /// keep what waits, and its place among those who look, for ever.
  private void cut() {
    if (request.version() != HttpVersion.HTTP_2
        && request.connection() instanceof HttpServerConnection connection) {
      var _ = connection.channelHandlerContext().close();
    } else {
      response.reset();
    }
  }
}
