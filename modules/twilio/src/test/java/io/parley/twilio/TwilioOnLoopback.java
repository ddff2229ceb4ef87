package io.parley.twilio;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// The Messages API as far as the channel calls it: gives the answers that it was told, in order,
/// and remembers what it was asked.
final class TwilioOnLoopback implements AutoCloseable {

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
  private final List<Asked> asked = new CopyOnWriteArrayList<>();
  private final CountDownLatch closed = new CountDownLatch(1);

  TwilioOnLoopback() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  /// @param promised how many bytes more than the body the header promises; they never come
  record Answer(int status, String body, Map<String, String> headers, int promised) {
    Answer {
      headers = Map.copyOf(headers);
    }
  }

  record Asked(String method, String target, Optional<String> authorization, Form form) {}

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  List<Asked> asked() {
    return asked;
  }

  void answers(int status, String body) {
    answers.add(new Answer(status, body, Map.of(), 0));
  }

  void answers(int status, String body, Map<String, String> headers) {
    answers.add(new Answer(status, body, headers, 0));
  }

  /// Begins an answer and never ends it.
  void stalls(String body) {
    answers.add(new Answer(201, body, Map.of(), 10));
  }

  private void handle(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    asked.add(
        new Asked(
            exchange.getRequestMethod(),
            exchange.getRequestURI().toString(),
            Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization")),
            Form.parse(body)));
    Answer answer = answers.poll();
    if (answer == null) {
      hang();
      exchange.close();
      return;
    }
    byte[] bytes = answer.body().getBytes(UTF_8);
    answer.headers().forEach(exchange.getResponseHeaders()::set);
    exchange.sendResponseHeaders(answer.status(), bytes.length + (long) answer.promised());
    exchange.getResponseBody().write(bytes);
    exchange.getResponseBody().flush();
    if (answer.promised() > 0) {
      hang();
    }
    exchange.close();
  }

  private void hang() {
    try {
      closed.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
