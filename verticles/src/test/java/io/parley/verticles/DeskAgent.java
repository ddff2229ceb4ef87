package io.parley.verticles;

import io.parley.verticles.Service.Answer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/// Somebody who is signed in at the desk of a service, and asks as a browser does.
final class DeskAgent {

  private final Service service;
  private final String token = DeskToken.draw();
  final String id = UUID.randomUUID().toString();
  final String name;

  /// @param topics those that the user sees; none for all
  DeskAgent(Service service, String name, String role, String... topics) {
    this.service = service;
    this.name = name;
    service.execute(
        """
        insert into desk_user (id, name, email, role, topics, password, created_at)
        values ('%s', '%s', '%s', '%s', '{%s}', 'none', now());
        """
            .formatted(id, name, id + "@example.com", role, String.join(",", topics)));
    service.execute(
        """
        insert into desk_session (id, user_id, created_at, seen_at, ends_at)
        values ('%s', '%s', now(), now(), now() + interval '12 hours')
        """
            .formatted(DeskToken.hash(token), id));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(service.uri("/desk/api" + path))
        .header("Cookie", "__Host-parley_desk=" + token)
        .header("X-CSRF", DeskToken.derived("csrf", token));
  }

  Answer get(String path) {
    return service.send(request(path).GET()).join();
  }

  CompletableFuture<Answer> posting(String path, JsonObject body) {
    return service.send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body.encode())));
  }

  Answer post(String path, JsonObject body) {
    return posting(path, body).join();
  }

  Answer post(String path) {
    return post(path, new JsonObject());
  }

  Answer put(String path, JsonObject body) {
    return service
        .send(request(path).PUT(HttpRequest.BodyPublishers.ofString(body.encode())))
        .join();
  }

  Answer delete(String path) {
    return service.send(request(path).DELETE()).join();
  }

  Answer write(String conversation, String draft, String text) {
    return post(
        "/conversations/" + conversation + "/messages",
        new JsonObject().put("draft", draft).put("text", text));
  }

  Answer take(String conversation) {
    return post("/conversations/" + conversation + "/take");
  }

  /// The texts of the messages and notes of a conversation, each with who said it.
  List<String> said(String conversation) {
    return items(get("/conversations/" + conversation).json().getJsonArray("items"))
        .filter(item -> !item.getString("kind").equals("event"))
        .map(item -> item.getString("by") + ": " + item.getString("text"))
        .toList();
  }

  static Stream<JsonObject> items(JsonArray array) {
    return array.stream().map(JsonObject.class::cast);
  }

  /// Listens until it is closed, or the service ends it.
  Listening listen(String query, String lastEventId) {
    HttpRequest.Builder request = request("/events" + query).GET();
    request.header("Accept", "text/event-stream");
    if (!lastEventId.isEmpty()) {
      request.header("Last-Event-ID", lastEventId);
    }
    return new Listening(request.build());
  }

  /// Asks, and reads nothing of the answer.
  Socket reach(String path) throws IOException {
    URI uri = service.uri("/desk/api" + path);
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4096);
    socket.connect(new InetSocketAddress(uri.getHost(), uri.getPort()));
    String request =
        "GET %s?%s HTTP/1.1\r\nHost: %s\r\nCookie: __Host-parley_desk=%s\r\n\r\n"
            .formatted(uri.getPath(), uri.getQuery(), uri.getAuthority(), token);
    socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
    return socket;
  }

  Listening listen(String conversation) {
    return listen("?conversation=" + conversation, "");
  }

  /// A stream as a browser reads it.
  static final class Listening implements AutoCloseable {

    /// @param id where the stream stands after it; empty where that was not said
    record Told(String event, JsonObject data, String id) {}

    final List<Told> told = new CopyOnWriteArrayList<>();
    final int status;
    private final HttpClient http = HttpClient.newHttpClient();
    private final InputStream body;
    private final Thread reader;

    private Listening(HttpRequest request) {
      try {
        HttpResponse<InputStream> response =
            http.send(request, HttpResponse.BodyHandlers.ofInputStream());
        status = response.statusCode();
        body = response.body();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      reader = Thread.ofVirtual().start(this::read);
    }

    private void read() {
      String event = "";
      String id = "";
      try (BufferedReader lines =
          new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          if (line.startsWith("event: ")) {
            event = line.substring(7);
          } else if (line.startsWith("id: ")) {
            id = line.substring(4);
          } else if (line.startsWith("data: ")) {
            told.add(new Told(event, new JsonObject(line.substring(6)), id));
          } else if (line.isEmpty()) {
            event = "";
            id = "";
          }
        }
      } catch (IOException e) {
        told.add(new Told("cut", new JsonObject().put("why", String.valueOf(e.getMessage())), ""));
      }
    }

    boolean isOver() {
      return !reader.isAlive();
    }

    Stream<JsonObject> of(String event) {
      return told.stream().filter(it -> it.event().equals(event)).map(Told::data);
    }

    /// The texts of the items that were told, in order, each as often as it was told.
    List<String> texts() {
      return of("item").map(it -> it.getString("text")).toList();
    }

    /// What a browser that comes again says.
    String lastId() {
      return told.stream().map(Told::id).filter(it -> !it.isEmpty()).reduce("", (_, last) -> last);
    }

    @Override
    public void close() {
      http.shutdownNow();
      try {
        body.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
