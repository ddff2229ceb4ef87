package io.parley.verticles;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A Request Tracker of Debian's package `request-tracker5`, on a database and a port of its own:
/// with the user `parley`, who may do in the queue General what Parley does, and an agent.
final class RequestTrackerServer implements AutoCloseable {

  private static final Path HOME = Path.of("/usr/share/request-tracker5");
  private static final Path SETUP = Path.of("/usr/sbin/rt-setup-database-5");
  static final String PASSWORD = "parley-password";

  private static final String RIGHTS =
      """
      my $queue = RT::Queue->new(RT->SystemUser);
      $queue->Load('General');
      my $user = RT::User->new(RT->SystemUser);
      my ($made, $said) = $user->Create(Name => 'parley', Password => '%s', Privileged => 1,
                                        EmailAddress => 'parley@example.com');
      die $said unless $made;
      for my $right (qw(SeeQueue ShowTicket ShowTicketComments CreateTicket ReplyToTicket
                        CommentOnTicket ModifyTicket)) {
        my ($granted, $why) = $user->PrincipalObj->GrantRight(Right => $right, Object => $queue);
        die $why unless $granted;
      }
      """
          .formatted(PASSWORD);

  private final HttpClient http = HttpClient.newHttpClient();
  private final Path folder;
  private final int port;
  private final Process server;

  RequestTrackerServer() {
    try {
      folder = Files.createTempDirectory("request-tracker");
      port = freePort();
      configure();
      run(List.of(SETUP.toString(), "--action", "init", "--skip-create"));
      run(List.of("perl", "-I" + HOME.resolve("lib"), "-MRT=-init", "-e", RIGHTS));
      server =
          process(
                  List.of(
                      HOME.resolve("libexec/rt-server").toString(),
                      "--host",
                      "127.0.0.1",
                      "--port",
                      String.valueOf(port)))
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Why there can be none here; empty where there can.
  static String obstacle() {
    return Files.isExecutable(SETUP) && Files.exists(HOME.resolve("libexec/rt-server"))
        ? ""
        : "Debian's packages request-tracker5 and rt5-db-sqlite are not installed";
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private void configure() throws IOException {
    for (String name : List.of("conf.d", "mason", "session")) {
      Files.createDirectory(folder.resolve(name));
    }
    Files.writeString(
        folder.resolve("site.pm"),
        """
        Set($rtname, 'parley.test');
        Set($Organization, 'parley.test');
        Set($DatabaseType, 'SQLite');
        Set($DatabaseName, '%1$s/rt.sqlite');
        Set($DatabaseUser, '');
        Set($DatabasePassword, '');
        Set($WebDomain, '127.0.0.1');
        Set($WebPort, %2$d);
        Set($WebPath, '');
        Set($LogToSyslog, undef);
        Set($LogToSTDERR, 'error');
        Set($MailCommand, 'testfile');
        Set($WebSecureCookies, 0);
        Set($MasonDataDir, '%1$s/mason');
        Set($WebSessionClass, 'Apache::Session::File');
        Set($MasonSessionDir, '%1$s/session');
        1;
        """
            .formatted(folder, port));
  }

  private ProcessBuilder process(List<String> command) {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()));
    builder.environment().put("RT_SITE_CONFIG", folder.resolve("site.pm").toString());
    builder.environment().put("RT_SITE_CONFIG_DIR", folder.resolve("conf.d").toString());
    return builder;
  }

  private void run(List<String> command) throws IOException {
    try {
      Process process = process(command).start();
      if (!process.waitFor(2, TimeUnit.MINUTES) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new IllegalStateException(
            command.getFirst() + " failed:\n" + Files.readString(folder.resolve("log")));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  String url() {
    return "http://127.0.0.1:" + port;
  }

  /// Whether it answers by now.
  boolean isUp() {
    try {
      return asRoot("GET", "/rt", "").statusCode() == 200;
    } catch (UncheckedIOException _) {
      return false;
    }
  }

  // ---- as whoever works there

  /// Root is nobody that Parley is, and an agent as good as any.
  private HttpResponse<String> asRoot(String method, String path, String body) {
    String credentials =
        Base64.getEncoder().encodeToString("root:password".getBytes(StandardCharsets.UTF_8));
    try {
      return http.send(
          HttpRequest.newBuilder(URI.create(url() + "/REST/2.0" + path))
              .timeout(Duration.ofSeconds(20))
              .header("Authorization", "Basic " + credentials)
              .header("Content-Type", "application/json; charset=utf-8")
              .method(method, HttpRequest.BodyPublishers.ofString(body))
              .build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /// The tickets whose subjects name a handoff.
  List<String> tickets(String handoff) {
    String query = URLEncoder.encode("Subject LIKE '" + handoff + "'", StandardCharsets.UTF_8);
    JsonArray items =
        new JsonObject(asRoot("GET", "/tickets?query=" + query, "").body()).getJsonArray("items");
    return items.stream().map(it -> ((JsonObject) it).getString("id")).toList();
  }

  String status(String ticket) {
    return new JsonObject(asRoot("GET", "/ticket/" + ticket, "").body()).getString("Status");
  }

  /// What was corresponded and commented, in order: `Correspond parley: hello`.
  List<String> said(String ticket) {
    List<String> said = new ArrayList<>();
    JsonArray items =
        new JsonObject(
                asRoot("GET", "/ticket/" + ticket + "/history?per_page=100&fields=Type,Creator", "")
                    .body())
            .getJsonArray("items");
    for (Object each : items) {
      JsonObject item = (JsonObject) each;
      if (List.of("Create", "Correspond", "Comment").contains(item.getString("Type"))) {
        said.add(
            item.getString("Type")
                + " "
                + item.getJsonObject("Creator").getString("id")
                + ": "
                + text(item.getString("id")));
      }
    }
    return said;
  }

  private String text(String transaction) {
    JsonArray attachments =
        new JsonObject(
                asRoot("GET", "/transaction/" + transaction + "/attachments?fields=Content", "")
                    .body())
            .getJsonArray("items");
    return attachments.isEmpty() ? "" : attachments.getJsonObject(0).getString("Content");
  }

  void correspond(String ticket, String text) {
    post("/ticket/" + ticket + "/correspond", text, "text/plain");
  }

  void correspondAsHtml(String ticket, String html) {
    post("/ticket/" + ticket + "/correspond", html, "text/html");
  }

  void comment(String ticket, String text) {
    post("/ticket/" + ticket + "/comment", text, "text/plain");
  }

  private void post(String path, String text, String type) {
    int status =
        asRoot("POST", path, new JsonObject(Map.of("Content", text, "ContentType", type)).encode())
            .statusCode();
    if (status != 201) {
      throw new AssertionError(path + " was answered " + status);
    }
  }

  void resolve(String ticket) {
    asRoot("PUT", "/ticket/" + ticket, "{\"Status\":\"resolved\"}");
  }

  @Override
  public void close() {
    http.close();
    server.descendants().forEach(ProcessHandle::destroy);
    server.destroy();
  }
}
