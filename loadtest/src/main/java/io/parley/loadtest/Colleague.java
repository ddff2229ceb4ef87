package io.parley.loadtest;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
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
import java.util.Iterator;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Somebody of the shop who answers customers, by the requests that the desk's pages make.
public final class Colleague implements AutoCloseable {

  private static final Pattern INVITE = Pattern.compile("/desk/invite/([A-Za-z0-9_-]+)");
  private static final String PASSWORD = "cream-and-honey-7";

  private final URI parley;
  private final String name;
  private final HttpClient client;
  private String cookie = "";
  private String csrf = "";
  private int drafts;

  /// @param status of HTTP
  public record Answer(int status, JsonObject body) {
    public boolean isDone() {
      return status == 200;
    }
  }

  Colleague(URI parley, String name) {
    this(parley, name, HttpClient.newHttpClient());
  }

  /// @param client closed with the colleague; closing it twice does no harm
  public Colleague(URI parley, String name, HttpClient client) {
    this.parley = parley;
    this.name = name;
    this.client = client;
  }

  String name() {
    return name;
  }

  /// The invite of the first admin, which Parley writes to its log.
  public static Optional<String> invite(Path log) throws IOException {
    Matcher invite = INVITE.matcher(Files.readString(log));
    return invite.find() ? Optional.of(invite.group(1)) : Optional.empty();
  }

  /// Takes the invite of the first admin; whether it was there and could be taken.
  boolean signsInBy(Path log) throws IOException, InterruptedException {
    Optional<String> invite = invite(log);
    return invite.isPresent() && takesInvite(invite.get());
  }

  /// Takes an invite, and is signed in from then on; whether it could be taken.
  ///
  /// @param invite the last part of its link
  public boolean takesInvite(String invite) throws IOException, InterruptedException {
    JsonObject person =
        new JsonObject()
            .put("name", name)
            .put("email", name.toLowerCase(java.util.Locale.ROOT) + "@acme.example")
            .put("password", PASSWORD);
    HttpResponse<String> answer = send("/invites/" + invite, person);
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

  /// Says that they are there, or that they are gone: `online`, `offline`.
  public Answer is(String status) throws IOException, InterruptedException {
    return post("/me/status", new JsonObject().put("status", status));
  }

  /// Hears what they are asked to take, until the stream ends.
  ///
  /// @param heard is told each offer: `{handoff, row, expires_at}`
  public void listens(Consumer<JsonObject> heard) throws IOException, InterruptedException {
    HttpRequest stream =
        HttpRequest.newBuilder(parley.resolve("/desk/api/events"))
            .header("Cookie", cookie)
            .header("Accept", "text/event-stream")
            .build();
    HttpResponse<Stream<String>> answer = client.send(stream, BodyHandlers.ofLines());
    try (Stream<String> lines = answer.body()) {
      boolean offer = false;
      for (Iterator<String> each = lines.iterator(); each.hasNext(); ) {
        String line = each.next();
        if (line.startsWith("event:")) {
          offer = line.substring("event:".length()).strip().equals("offer");
        } else if (offer && line.startsWith("data:")) {
          heard.accept(new JsonObject(line.substring("data:".length())));
        }
      }
    } catch (UncheckedIOException e) {
      throw new IOException(e);
    }
  }

  /// Takes what they were asked to.
  public Answer accepts(String handoff) throws IOException, InterruptedException {
    return post("/offers/" + handoff + "/accept", new JsonObject());
  }

  Answer takes(String id) throws IOException, InterruptedException {
    return post("/conversations/" + id + "/take", new JsonObject());
  }

  public Answer writes(String id, String text) throws IOException, InterruptedException {
    return post(
        "/conversations/" + id + "/messages",
        new JsonObject().put("draft", "draft-" + ++drafts).put("text", text));
  }

  /// Closes it, and lets the flow go on where it stood.
  public Answer closes(String id, String disposition) throws IOException, InterruptedException {
    return post(
        "/conversations/" + id + "/close",
        new JsonObject()
            .put("disposition", disposition)
            .put("then", new JsonObject().put("do", "goes_on")));
  }

  /// A link by which somebody else becomes an admin of the desk.
  public String invites() throws IOException, InterruptedException {
    return invites("admin");
  }

  /// A link by which somebody else comes to the desk in that role.
  public String invites(String role) throws IOException, InterruptedException {
    return post("/users", new JsonObject().put("role", role))
        .body()
        .getJsonObject("invite", new JsonObject())
        .getString("url", "");
  }

  private Answer post(String path, JsonObject body) throws IOException, InterruptedException {
    HttpResponse<String> answer = send(path, body);
    return new Answer(answer.statusCode(), object(answer.body()));
  }

  private static JsonObject object(String body) {
    try {
      return new JsonObject(body);
    } catch (DecodeException _) {
      return new JsonObject(); // No answer of the desk's own.
    }
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
