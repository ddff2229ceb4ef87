package io.parley.loadtest.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.parley.loadtest.postgres.Boundary.Side;
import io.parley.loadtest.postgres.PostgresProxy.Strike;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;

/// One connection through the proxy, relayed message by message, a thread each way.
///
/// Source of the format: Postgres' documentation, "Frontend/Backend Protocol" version 3. A message
/// is a type byte, a length that counts itself, and a body; the first of a client has no type byte.
final class ProxiedConnection {

  private static final int SSL_REQUEST = 80_877_103;
  private static final int GSS_REQUEST = 80_877_104;
  private static final Pattern WRITING =
      Pattern.compile("\\b(insert into|update|delete from)\\s", Pattern.CASE_INSENSITIVE);

  private final PostgresProxy proxy;
  private final Socket client;
  private final Socket upstream;

  /// The text of each prepared statement by its name; only the client's thread uses it.
  private final Map<String, String> statements = new HashMap<>();

  /// Requests that the server answers with ReadyForQuery; the start of the connection is the first.
  private int asked = 1;

  private int answered;
  private Optional<Strike> awaited = Optional.empty();

  /// The number of the request whose answer is not to be relayed.
  private int withheld;

  ProxiedConnection(PostgresProxy proxy, Socket client, Socket upstream) {
    this.proxy = proxy;
    this.client = client;
    this.upstream = upstream;
  }

  void start() {
    Thread.ofVirtual().name("postgres-proxy-up").start(() -> until(this::relayRequests));
    Thread.ofVirtual().name("postgres-proxy-down").start(() -> until(this::relayAnswers));
  }

  private void until(Relay relay) {
    try {
      relay.run();
    } catch (IOException _) {
      // One end is gone; so is the other.
    } finally {
      close();
      proxy.ended(this);
    }
  }

  void close() {
    for (Socket socket : new Socket[] {client, upstream}) {
      try {
        socket.close();
      } catch (IOException _) {
        // It is gone already.
      }
    }
  }

  private interface Relay {
    void run() throws IOException;
  }

  // ---- from Parley to Postgres

  private void relayRequests() throws IOException {
    DataInputStream in = new DataInputStream(new BufferedInputStream(client.getInputStream()));
    DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(upstream.getOutputStream()));
    relayOpening(in, out);
    while (true) {
      byte type = in.readByte();
      byte[] body = body(in);
      Optional<Strike> strike = writtenBy(type, body).flatMap(proxy::written);
      if (strike.isPresent() && strike.get().boundary().side() == Side.BEFORE) {
        proxy.strike(strike.get());
        return;
      }
      strike.ifPresent(this::withholdAnswer);
      if (type == 'S' || type == 'Q') {
        count();
      }
      send(out, type, body);
      if (in.available() == 0) {
        out.flush();
      }
    }
  }

  private synchronized void withholdAnswer(Strike strike) {
    awaited = Optional.of(strike);
    withheld = asked + 1;
  }

  private synchronized void count() {
    asked++;
  }

  /// Encryption is declined on the server's behalf, so that the rest can be read.
  private void relayOpening(DataInputStream in, DataOutputStream out) throws IOException {
    while (true) {
      byte[] body = body(in);
      int code = ByteBuffer.wrap(body).getInt();
      if (code == SSL_REQUEST || code == GSS_REQUEST) {
        client.getOutputStream().write('N');
        continue;
      }
      out.writeInt(body.length + Integer.BYTES);
      out.write(body);
      out.flush();
      return;
    }
  }

  /// The text of the statement that this message makes Postgres execute, where it writes.
  private Optional<String> writtenBy(byte type, byte[] body) {
    return switch (type) {
      case 'P' -> {
        String name = text(body, 0);
        statements.put(name, text(body, name.getBytes(UTF_8).length + 1));
        yield Optional.empty();
      }
      case 'B' -> {
        String portal = text(body, 0);
        String statement = text(body, portal.getBytes(UTF_8).length + 1);
        yield writing(statements.getOrDefault(statement, ""));
      }
      case 'Q' -> writing(text(body, 0));
      default -> Optional.empty();
    };
  }

  private static Optional<String> writing(String sql) {
    return WRITING.matcher(sql).find()
        ? Optional.of(sql.toLowerCase(Locale.ROOT))
        : Optional.empty();
  }

  // ---- from Postgres to Parley

  private void relayAnswers() throws IOException {
    DataInputStream in = new DataInputStream(new BufferedInputStream(upstream.getInputStream()));
    DataOutputStream out = new DataOutputStream(new BufferedOutputStream(client.getOutputStream()));
    while (true) {
      byte type = in.readByte();
      byte[] body = body(in);
      if (type == 'Z' && !proxy.delay().isZero()) {
        LockSupport.parkNanos(proxy.delay().toNanos());
      }
      if (!isWithheld()) {
        send(out, type, body);
      }
      if (type == 'Z') {
        Optional<Strike> due = ready();
        if (due.isPresent()) {
          proxy.strike(due.get());
          return;
        }
      }
      if (in.available() == 0) {
        out.flush();
      }
    }
  }

  private synchronized boolean isWithheld() {
    return awaited.isPresent() && answered + 1 == withheld;
  }

  private synchronized Optional<Strike> ready() {
    answered++;
    return answered == withheld ? awaited : Optional.empty();
  }

  private static byte[] body(DataInputStream in) throws IOException {
    byte[] body = new byte[in.readInt() - Integer.BYTES];
    in.readFully(body);
    return body;
  }

  private static void send(DataOutputStream out, byte type, byte[] body) throws IOException {
    out.writeByte(type);
    out.writeInt(body.length + Integer.BYTES);
    out.write(body);
  }

  private static String text(byte[] body, int start) {
    int end = start;
    while (body[end] != 0) {
      end++;
    }
    return new String(body, start, end - start, UTF_8);
  }
}
