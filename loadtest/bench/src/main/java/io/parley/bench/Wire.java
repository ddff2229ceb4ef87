package io.parley.bench;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import java.util.Locale;
import java.util.function.IntConsumer;

/// A connection that is kept, with one request under way at a time: so little that it takes little
/// from what it measures. Confined to its context.
final class Wire {

  private static final String LENGTH = "content-length:";
  private static final String END_OF_HEAD = "\r\n\r\n";
  private static final int BROKEN = 0;

  private final NetSocket socket;
  private Buffer heard = Buffer.buffer();
  private IntConsumer listener = _ -> {};
  private boolean open = true;

  private Wire(NetSocket socket) {
    this.socket = socket;
    socket.handler(this::read);
    socket.closeHandler(
        _ -> {
          open = false;
          answered(BROKEN);
        });
    socket.exceptionHandler(_ -> {});
  }

  static Future<Wire> open(NetClient client, int port) {
    return client.connect(port, "127.0.0.1").map(Wire::new);
  }

  /// Whether another request may go by it.
  boolean isOpen() {
    return open;
  }

  /// @param answered told the status; 0 where the connection ended first
  void send(Buffer request, IntConsumer answered) {
    listener = answered;
    socket.write(request);
  }

  private void read(Buffer more) {
    heard = heard.length() == 0 ? more : heard.appendBuffer(more);
    String text = heard.toString("ISO-8859-1");
    int head = text.indexOf(END_OF_HEAD);
    if (head < 0 || text.length() < head + END_OF_HEAD.length() + length(text, head)) {
      return;
    }
    heard = Buffer.buffer();
    answered(Integer.parseInt(text.substring(9, 12)));
  }

  private static int length(String text, int head) {
    String fields = text.substring(0, head).toLowerCase(Locale.ROOT);
    int at = fields.indexOf(LENGTH);
    if (at < 0) {
      return 0;
    }
    int end = fields.indexOf('\r', at);
    return Integer.parseInt(
        fields.substring(at + LENGTH.length(), end < 0 ? fields.length() : end).strip());
  }

  private void answered(int status) {
    IntConsumer told = listener;
    listener = _ -> {};
    told.accept(status);
  }

  Future<Void> close() {
    return socket.close();
  }
}
