package io.parley.loadtest.drive;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.Stream;

/// An agent's desk, by the requests that its pages make. Of one user.
final class DeskClient {

  private static final String PASSWORD = "cream-and-honey-7";
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final HttpClient client;
  private final URI desk;
  private String cookie = "";
  private String csrf = "";
  private String id = "";

  DeskClient(HttpClient client, URI parley) {
    this.client = client;
    this.desk = parley.resolve("/desk/api/");
  }

  /// @param status of HTTP
  record Answer(int status, JsonObject body) {

    boolean isDone() {
      return status / 100 == 2;
    }
  }

  String id() {
    return id;
  }

  /// Becomes who the link invites.
  void join(String invite, String name) throws IOException, InterruptedException {
    HttpResponse<String> joined =
        post(
            "invites/" + invite,
            new JsonObject()
                .put("name", name)
                .put("email", name + "@acme.example")
                .put("password", PASSWORD));
    if (joined.statusCode() / 100 != 2) {
      throw new IOException(
          "the desk does not let " + name + " in: " + joined.statusCode() + " " + joined.body());
    }
    cookie = joined.headers().firstValue("Set-Cookie").orElse("").split(";", 2)[0];
    JsonObject session = get("session").body();
    csrf = session.getString("csrf", "");
    id = session.getJsonObject("user", new JsonObject()).getString("id", "");
  }

  Answer get(String path) throws IOException, InterruptedException {
    return answer(client.send(request(path).GET().build(), text()));
  }

  Answer tell(String path, JsonObject body) throws IOException, InterruptedException {
    return answer(post(path, body));
  }

  /// The stream of what happens at the desk, line by line, until it breaks.
  Stream<String> events() throws IOException, InterruptedException {
    HttpResponse<Stream<String>> answer =
        client.send(
            HttpRequest.newBuilder(desk.resolve("events"))
                .header("Cookie", cookie)
                .header("Accept", "text/event-stream")
                .build(),
            BodyHandlers.ofLines());
    if (answer.statusCode() != 200) {
      answer.body().close();
      throw new IOException("the desk's events are answered " + answer.statusCode());
    }
    return answer.body();
  }

  private HttpResponse<String> post(String path, JsonObject body)
      throws IOException, InterruptedException {
    return client.send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body.encode()))
            .build(),
        text());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(desk.resolve(path))
        .timeout(TIMEOUT)
        .header("Cookie", cookie)
        .header("X-CSRF", csrf);
  }

  private static HttpResponse.BodyHandler<String> text() {
    return BodyHandlers.ofString(StandardCharsets.UTF_8);
  }

  private static Answer answer(HttpResponse<String> answer) {
    String body = answer.body();
    return new Answer(
        answer.statusCode(), body.startsWith("{") ? new JsonObject(body) : new JsonObject());
  }
}
