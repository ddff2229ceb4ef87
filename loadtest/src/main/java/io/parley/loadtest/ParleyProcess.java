package io.parley.loadtest;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Parley as a process of its own: started from its jar with an environment of `PARLEY_*` only as
/// given, stopped or killed at will.
public final class ParleyProcess {

  private static final Duration STARTUP = Duration.ofSeconds(60);

  private final Process process;
  private final URI baseUrl;
  private final Path log;

  private ParleyProcess(Process process, URI baseUrl, Path log) {
    this.process = process;
    this.baseUrl = baseUrl;
    this.log = log;
  }

  /// What is started.
  ///
  /// @param jar Parley's own jar
  /// @param jvmOptions before `-jar`
  /// @param settings `PARLEY_*` by name; host, port and public URL are filled in
  /// @param log where its output is appended
  public record Launch(
      Path jar, List<String> jvmOptions, int port, Map<String, String> settings, Path log) {

    public Launch {
      jvmOptions = List.copyOf(jvmOptions);
      settings = Map.copyOf(settings);
    }
  }

  /// Starts the process and waits until it is ready; where it does not become so, kills it and
  /// throws.
  public static ParleyProcess start(Launch launch) throws IOException, InterruptedException {
    ParleyProcess parley = launch(launch);
    boolean ready = false;
    try {
      parley.awaitReady();
      ready = true;
    } finally {
      if (!ready) {
        parley.kill();
      }
    }
    return parley;
  }

  /// Starts the process and returns at once.
  public static ParleyProcess launch(Launch launch) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(launch.jvmOptions());
    command.addAll(List.of("-jar", launch.jar().toString(), "serve"));
    URI url = url(launch.port());
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("PARLEY_HTTP_HOST", "127.0.0.1");
    settings.put("PARLEY_HTTP_PORT", String.valueOf(launch.port()));
    settings.put("PARLEY_PUBLIC_URL", url.toString());
    settings.putAll(launch.settings());
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(name -> name.startsWith("PARLEY_"));
    builder.environment().putAll(settings);
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(launch.log().toFile()));
    return new ParleyProcess(builder.start(), url, launch.log());
  }

  /// Where one that listens on that port is.
  static URI url(int port) {
    return URI.create("http://127.0.0.1:" + port);
  }

  /// Where a Parley hears of customers' messages, as its account at Twilio says it: to be tried
  /// again up to five times, whatever goes wrong.
  ///
  /// @param parley its base URL
  public static String messagesWebhook(URI parley) {
    return parley.resolve("/twilio/messages") + "#rc=5&rp=all";
  }

  /// A port of the loopback address that nobody listens on now.
  public static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  public URI baseUrl() {
    return baseUrl;
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  public long pid() {
    return process.pid();
  }

  /// Waits until `/health/ready` answers 200.
  public void awaitReady() throws InterruptedException {
    long deadline = System.nanoTime() + STARTUP.toNanos();
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(baseUrl.resolve("/health/ready"))
              .timeout(Duration.ofSeconds(2))
              .build();
      while (System.nanoTime() < deadline) {
        if (!process.isAlive()) {
          throw new IllegalStateException(
              "Parley ended with status " + process.exitValue() + "; its log is " + log);
        }
        if (isReady(client, request)) {
          return;
        }
        LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
      }
    }
    throw new IllegalStateException("Parley was not ready in " + STARTUP + "; its log is " + log);
  }

  /// Waits until replies are read as well as they will be; answers by what, as `/health/ready`
  /// tells it.
  public String awaitTagger() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + STARTUP.toNanos();
    HttpRequest request =
        HttpRequest.newBuilder(baseUrl.resolve("/health/ready"))
            .timeout(Duration.ofSeconds(2))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      while (System.nanoTime() < deadline) {
        String tagger =
            new JsonObject(client.send(request, BodyHandlers.ofString()).body())
                .getString("tagger", "");
        if (!tagger.contains("while the model is loaded")) {
          return tagger;
        }
        LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
      }
    }
    throw new IllegalStateException(
        "the model of replies was not there in " + STARTUP + "; the log is " + log);
  }

  private static boolean isReady(HttpClient client, HttpRequest request)
      throws InterruptedException {
    try {
      return client.send(request, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException _) {
      return false; // It does not listen yet.
    }
  }

  /// kill -9.
  public void kill() {
    process.destroyForcibly();
  }

  /// Asks it to end, and answers its exit status; kills it where it does not within a minute.
  public int stop() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
    return process.exitValue();
  }

  /// Waits for its end after [#kill].
  public void awaitEnd() throws InterruptedException {
    process.waitFor();
  }
}
