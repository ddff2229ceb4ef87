package io.parley.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Parley as an operator runs it: a process of its own, started from its jar where there is one,
/// and reached over HTTP.
final class Service implements AutoCloseable {

  private static final Duration STARTUP = Duration.ofMinutes(2);
  private static final Path JAR = Path.of(System.getProperty("bench.jar", "verticles/parley.jar"));

  private final Process process;
  private final int port;
  private final Path log;

  private Service(Process process, int port, Path log) {
    this.process = process;
    this.port = port;
    this.log = log;
  }

  /// What is started.
  ///
  /// @param port that nobody listens on
  /// @param jvm options of the JVM
  /// @param settings `PARLEY_*` by name, beside those that follow from the port
  record Launch(int port, List<String> jvm, Map<String, String> settings) {

    Launch {
      jvm = List.copyOf(jvm);
      settings = Map.copyOf(settings);
    }

    Launch with(String... options) {
      List<String> more = new ArrayList<>(jvm);
      more.addAll(List.of(options));
      return new Launch(port, more, settings);
    }

    Launch setting(String name, String value) {
      Map<String, String> more = new TreeMap<>(settings);
      more.put(name, value);
      return new Launch(port, jvm, more);
    }
  }

  /// A launch over a database, with sends that go to a stand-in.
  ///
  /// @param twilio the stand-in's port
  static Launch over(Ground ground, String database, int twilio) throws IOException {
    Map<String, String> settings =
        new TreeMap<>(Settings.of(ground.url(database), ground.folder()));
    settings.put("PARLEY_TWILIO_ACCOUNT_SID", Webhook.ACCOUNT);
    settings.put("PARLEY_TWILIO_AUTH_TOKEN", Webhook.TOKEN);
    settings.put("PARLEY_TWILIO_API_URL", "http://127.0.0.1:" + twilio);
    settings.put("PARLEY_INBOUND_EXECUTIONS_PER_SECOND", "0");
    return new Launch(freePort(), Child.HEAP, settings);
  }

  /// Whether it is started from its own jar, not from the classes beside us.
  static boolean hasJar() {
    return Files.isRegularFile(JAR);
  }

  /// Starts it and waits until it says that it is ready.
  static Service start(Launch launch, Path folder) throws InterruptedException {
    Service service = launch(launch, folder);
    try {
      service.awaitReady();
      return service;
    } catch (IllegalStateException e) {
      service.kill();
      throw e;
    }
  }

  /// Starts it and returns at once.
  static Service launch(Launch launch, Path folder) {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(Child.more());
    command.addAll(launch.jvm());
    if (hasJar()) {
      command.addAll(List.of("-jar", JAR.toString()));
    } else {
      command.add("--enable-native-access=ALL-UNNAMED");
      command.addAll(List.of("-classpath", Child.classPath(), "io.parley.verticles.Main"));
    }
    command.add("serve");
    Path log = folder.resolve("service.log");
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(variable -> variable.startsWith("PARLEY_"));
    builder.environment().putAll(launch.settings());
    builder.environment().put("PARLEY_HTTP_PORT", String.valueOf(launch.port()));
    builder.environment().put("PARLEY_PUBLIC_URL", Webhook.url(launch.port()));
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    try {
      return new Service(builder.start(), launch.port(), log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private void awaitReady() throws InterruptedException {
    long deadline = System.nanoTime() + STARTUP.toNanos();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(Webhook.url(port) + "/health/ready"))
            .timeout(Duration.ofSeconds(2))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      while (System.nanoTime() < deadline && process.isAlive()) {
        if (isReady(client, request)) {
          return;
        }
        LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
      }
    }
    throw new IllegalStateException("Parley was not ready; its log is " + log);
  }

  private static boolean isReady(HttpClient client, HttpRequest request)
      throws InterruptedException {
    try {
      return client.send(request, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException _) {
      return false; // It does not listen yet.
    }
  }

  int port() {
    return port;
  }

  long pid() {
    return process.pid();
  }

  /// kill -9.
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /// Asks it to end.
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException _) {
      process.destroyForcibly();
    }
  }
}
