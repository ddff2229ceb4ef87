package io.parley.loadtest;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// Somebody of the shop who answers customers, by the requests that the desk's pages make.
final class Colleague implements AutoCloseable {

  private static final Pattern INVITE = Pattern.compile("/desk/invite/([A-Za-z0-9_-]+)");
  private static final String PASSWORD = "cream-and-honey-7";

  private final URI parley;
  private final String name;
  private final HttpClient client = HttpClient.newHttpClient();
  private String cookie = "";
  private String csrf = "";
  private int drafts;

  /// @param status of HTTP
  record Answer(int status, JsonObject body) {
    boolean isDone() {
      return status == 200;
    }
  }

  Colleague(URI parley, String name) {
    this.parley = parley;
    this.name = name;
  }

  String name() {
    return name;
  }

  /// Takes the link by which the first admin signs in, which Parley writes to its log; whether it
  /// was there and could be taken.
  boolean signsInBy(Path log) throws IOException, InterruptedException {
    Matcher invite = INVITE.matcher(Files.readString(log));
    if (!invite.find()) {
      return false;
    }
    JsonObject person =
        new JsonObject()
            .put("name", name)
            .put("email", name.toLowerCase(java.util.Locale.ROOT) + "@acme.example")
            .put("password", PASSWORD);
    HttpResponse<String> answer = send("/invites/" + invite.group(1), person);
    cookie = answer.headers().firstValue("Set-Cookie").orElse("").split(";", 2)[0];
    csrf = get("/session").getString("csrf", "");
    return answer.statusCode() / 100 == 2 && !csrf.isEmpty();
  }

  /// The conversation that waits for a person, with a customer of that phone number.
  Optional<JsonObject> waiting(String phone) throws IOException, InterruptedException {
    JsonArray rows = get("/conversations?folder=unassigned").getJsonArray("rows", new JsonArray());
    return IntStream.range(0, rows.size())
        .mapToObj(rows::getJsonObject)
        .filter(row -> row.getJsonObject("contact").getString("address").equals(phone))
        .findFirst();
  }

  /// What the desk shows of a conversation.
  JsonObject conversation(String id) throws IOException, InterruptedException {
    return get("/conversations/" + id);
  }

  Answer takes(String id) throws IOException, InterruptedException {
    return post("/conversations/" + id + "/take", new JsonObject());
  }

  Answer writes(String id, String text) throws IOException, InterruptedException {
    return post(
        "/conversations/" + id + "/messages",
        new JsonObject().put("draft", "draft-" + ++drafts).put("text", text));
  }

  /// Closes it, and lets the flow go on where it stood.
  Answer closes(String id, String disposition) throws IOException, InterruptedException {
    return post(
        "/conversations/" + id + "/close",
        new JsonObject()
            .put("disposition", disposition)
            .put("then", new JsonObject().put("do", "goes_on")));
  }

  /// A link by which somebody else becomes an admin of the desk.
  String invites() throws IOException, InterruptedException {
    return post("/users", new JsonObject().put("role", "admin"))
        .body()
        .getJsonObject("invite", new JsonObject())
        .getString("url", "");
  }

  private Answer post(String path, JsonObject body) throws IOException, InterruptedException {
    HttpResponse<String> answer = send(path, body);
    return new Answer(answer.statusCode(), new JsonObject(answer.body()));
  }

  private HttpResponse<String> send(String path, JsonObject body)
      throws IOException, InterruptedException {
    return client.send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body.encode()))
            .build(),
        BodyHandlers.ofString(StandardCharsets.UTF_8));
  }

  private JsonObject get(String path) throws IOException, InterruptedException {
    return new JsonObject(
        client
            .send(request(path).GET().build(), BodyHandlers.ofString(StandardCharsets.UTF_8))
            .body());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(parley.resolve("/desk/api" + path))
        .timeout(Duration.ofSeconds(10))
        .header("Cookie", cookie)
        .header("X-CSRF", csrf);
  }

  @Override
  public void close() {
    client.close();
  }
}
