package io.parley.verticles;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/// Stands before a Postgres and says to the first who connect what Postgres says while it replays
/// its log (57P03); the others are let through.
final class StartingPostgres implements AutoCloseable {

  private static final byte[] STARTING =
      "SFATAL\0VFATAL\0C57P03\0Mthe database system is starting up\0\0"
          .getBytes(StandardCharsets.US_ASCII);

  private final ServerSocket server;
  private final int port;
  private final AtomicInteger left;

  /// @param port the Postgres behind it
  /// @param refusals how many are sent away
  StartingPostgres(int port, int refusals) {
    this.port = port;
    this.left = new AtomicInteger(refusals);
    try {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.startVirtualThread(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        Thread.startVirtualThread(() -> serve(client));
      } catch (IOException _) {
        return; // closed
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      if (left.getAndDecrement() > 0) {
        refuse(client);
        return;
      }
      try (Socket postgres = new Socket(InetAddress.getLoopbackAddress(), port)) {
        Thread answers = Thread.startVirtualThread(() -> copy(postgres, client));
        copy(client, postgres);
        answers.join();
      }
    } catch (IOException _) {
      // The client has left.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void refuse(Socket client) throws IOException {
    DataInputStream in = new DataInputStream(client.getInputStream());
    in.skipNBytes(in.readInt() - Integer.BYTES);
    client
        .getOutputStream()
        .write(
            ByteBuffer.allocate(1 + Integer.BYTES + STARTING.length)
                .put((byte) 'E')
                .putInt(Integer.BYTES + STARTING.length)
                .put(STARTING)
                .array());
  }

  private static void copy(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
      to.shutdownOutput();
    } catch (IOException _) {
      // One of them has left.
    }
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
