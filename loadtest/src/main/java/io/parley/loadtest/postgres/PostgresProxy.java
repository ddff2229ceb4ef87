package io.parley.loadtest.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// A TCP proxy on loopback before a Postgres, which counts the writes that pass and strikes at a
/// chosen [Boundary]: it runs what was asked for (a kill), and then cuts every connection.
///
/// Safe for any thread. What it strikes with runs on the thread of the connection concerned, which
/// relays nothing meanwhile.
public final class PostgresProxy implements AutoCloseable {

  private final ServerSocket server;
  private final int upstreamPort;
  private final Set<ProxiedConnection> connections = ConcurrentHashMap.newKeySet();
  private final AtomicInteger writes = new AtomicInteger();
  private Optional<Strike> armed = Optional.empty();
  private volatile boolean refusing;
  private volatile Duration delay = Duration.ZERO;

  private PostgresProxy(ServerSocket server, int upstreamPort) {
    this.server = server;
    this.upstreamPort = upstreamPort;
  }

  /// A strike at the last of `left` writes that match.
  record Strike(Boundary boundary, int left, Runnable blow) {}

  public static PostgresProxy start(int upstreamPort) throws IOException {
    PostgresProxy proxy =
        new PostgresProxy(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), upstreamPort);
    Thread.ofVirtual().name("postgres-proxy").start(proxy::accept);
    return proxy;
  }

  public int port() {
    return server.getLocalPort();
  }

  /// How many writes have been seen.
  public int writes() {
    return writes.get();
  }

  /// Strikes once at that boundary, counted from now; an earlier strike that has not come is
  /// forgotten.
  public synchronized void strikeAt(Boundary boundary, Runnable blow) {
    armed = Optional.of(new Strike(boundary, boundary.nth(), blow));
  }

  /// Breaks every connection that is open now.
  public void cutAll() {
    connections.forEach(ProxiedConnection::close);
  }

  /// Breaks every connection, and lets none through until [#letThrough].
  public void refuse() {
    refusing = true;
    cutAll();
  }

  public void letThrough() {
    refusing = false;
  }

  /// Has what Postgres answers come that much later, until it is zero again.
  public void delay(Duration by) {
    delay = by;
  }

  Duration delay() {
    return delay;
  }

  /// Counts a write; answers the strike whose boundary it is.
  synchronized Optional<Strike> written(String sql) {
    writes.incrementAndGet();
    if (armed.filter(strike -> strike.boundary().concerns(sql)).isEmpty()) {
      return Optional.empty();
    }
    Strike strike = armed.get();
    if (strike.left() > 1) {
      armed = Optional.of(new Strike(strike.boundary(), strike.left() - 1, strike.blow()));
      return Optional.empty();
    }
    armed = Optional.empty();
    return Optional.of(strike);
  }

  void strike(Strike strike) {
    strike.blow().run();
    cutAll();
  }

  void ended(ProxiedConnection connection) {
    connections.remove(connection);
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        if (refusing) {
          client.close();
        } else {
          relay(client);
        }
      } catch (IOException _) {
        // Closed, or nobody behind: the client sees its connection break.
      }
    }
  }

  private void relay(Socket client) throws IOException {
    try {
      Socket upstream = new Socket(InetAddress.getLoopbackAddress(), upstreamPort);
      // As both ends have it; else each statement would wait for an acknowledgement, some 40 ms.
      client.setTcpNoDelay(true);
      upstream.setTcpNoDelay(true);
      ProxiedConnection connection = new ProxiedConnection(this, client, upstream);
      connections.add(connection);
      connection.start();
    } catch (IOException refused) {
      client.close();
      throw refused;
    }
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    cutAll();
  }
}
