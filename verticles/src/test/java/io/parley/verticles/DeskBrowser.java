package io.parley.verticles;

import io.parley.engine.Digest;
import io.parley.store.Role;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/// A browser at the desk: keeps cookies as browsers do, follows no redirect by itself, and sends
/// what its page knows, `X-CSRF` among it.
final class DeskBrowser implements AutoCloseable {

  private final Service service;
  private final HttpClient http = HttpClient.newHttpClient();
  private final Map<String, String> cookies = new TreeMap<>();
  private Optional<String> csrf = Optional.empty();

  DeskBrowser(Service service) {
    this.service = service;
  }

  /// A user of a role, made and signed in without a password: for tests of what comes after.
  ///
  /// @param topics the topics that the user sees; none for all
  static DeskBrowser of(Service service, Role role, String name, String... topics) {
    DeskBrowser browser = new DeskBrowser(service);
    UUID id = UUID.randomUUID();
    String token = DeskToken.draw();
    service.execute(
        """
        insert into desk_user (id, name, email, role, topics, password, created_at)
        values ('%s', '%s', '%s@acme.example', '%s', '{%s}', 'none', now())
        """
            .formatted(id, name, id, role.word(), String.join(",", topics)));
    service.execute(
        """
        insert into desk_session (id, user_id, created_at, seen_at, ends_at)
        values ('%s', '%s', now(), now(), now() + interval '12 hours')
        """
            .formatted(HexFormat.of().formatHex(Digest.sha256(token)), id));
    browser.cookies.put("__Host-parley_desk", token);
    browser.csrf = Optional.of(DeskToken.derived("csrf", token));
    return browser;
  }

  record Answer(int status, String body, HttpResponse<String> whole) {
    JsonObject json() {
      return new JsonObject(body);
    }

    String header(String name) {
      return whole.headers().firstValue(name).orElse("");
    }

    String reason() {
      return json().getString("reason");
    }
  }

  Map<String, String> cookies() {
    return cookies;
  }

  /// Empty where it has none of the name.
  String cookie(String name) {
    return cookies.getOrDefault(name, "");
  }

  String csrf() {
    return csrf.orElse("");
  }

  void forgetCsrf() {
    csrf = Optional.empty();
  }

  Answer get(String path, String... headers) {
    return send(path, "GET", Optional.empty(), headers);
  }

  Answer post(String path, JsonObject body, String... headers) {
    return send(path, "POST", Optional.of(body.encode()), headers);
  }

  Answer patch(String path, JsonObject body, String... headers) {
    return send(path, "PATCH", Optional.of(body.encode()), headers);
  }

  Answer delete(String path, String... headers) {
    return send(path, "DELETE", Optional.empty(), headers);
  }

  /// @param path a path of the service, or a whole URL
  Answer send(String path, String method, Optional<String> body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(path.startsWith("http") ? URI.create(path) : service.uri(path))
            .timeout(Duration.ofSeconds(20))
            .method(method, body.map(BodyPublishers::ofString).orElse(BodyPublishers.noBody()));
    if (!cookies.isEmpty()) {
      StringBuilder line = new StringBuilder();
      cookies.forEach(
          (name, value) ->
              line.append(line.isEmpty() ? "" : "; ").append(name).append('=').append(value));
      request.header("Cookie", line.toString());
    }
    csrf.ifPresent(it -> request.header("X-CSRF", it));
    body.ifPresent(_ -> request.header("Content-Type", "application/json"));
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    HttpResponse<String> response =
        http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString()).join();
    response.headers().allValues("Set-Cookie").forEach(this::keep);
    return new Answer(response.statusCode(), response.body(), response);
  }

  private void keep(String line) {
    String pair = line.split(";", -1)[0];
    String name = pair.substring(0, pair.indexOf('='));
    String value = pair.substring(pair.indexOf('=') + 1);
    if (value.isEmpty() || line.contains("Max-Age=0")) {
      cookies.remove(name);
    } else {
      cookies.put(name, value);
    }
  }

  /// Signs in by password, and keeps what the page is told.
  Answer signIn(String email, String password, String... headers) {
    forgetCsrf();
    return told(
        post(
            "/desk/api/session",
            new JsonObject().put("email", email).put("password", password),
            headers));
  }

  /// Takes an invite, which signs in.
  Answer take(String token, String name, String email, String password) {
    return told(
        post(
            "/desk/api/invites/" + token,
            new JsonObject().put("name", name).put("email", email).put("password", password)));
  }

  /// Loads the page anew.
  Answer session() {
    return told(get("/desk/api/session"));
  }

  private Answer told(Answer answer) {
    if (answer.status() == 200) {
      csrf = Optional.of(answer.json().getString("csrf"));
    }
    return answer;
  }

  /// Invites somebody; answers the link's token.
  String invite(Role role, String... topics) {
    JsonArray seen = new JsonArray();
    for (String topic : topics) {
      seen.add(topic);
    }
    Answer answer =
        post("/desk/api/users", new JsonObject().put("role", role.word()).put("topics", seen));
    if (answer.status() != 200) {
      throw new AssertionError(answer.body());
    }
    String url = answer.json().getJsonObject("invite").getString("url");
    return url.substring(url.lastIndexOf('/') + 1);
  }

  @Override
  public void close() {
    http.close();
  }
}
