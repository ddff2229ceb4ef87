package io.parley.bench;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A process that is measured. It takes an order a line and answers each by a line that begins with
/// `@` and holds a JSON object; whatever else it says is kept in its log.
final class Child implements AutoCloseable {

  /// What every child runs with, contestant or peer.
  private static final List<String> JVM =
      List.of(
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow",
          "-XX:+UseCompactObjectHeaders");

  /// The heap of what carries conversations. Whole from the start: each turn leaves a state behind
  /// that lives until the next, and a heap that begins small moves them again and again. With short
  /// pauses, since nobody is answered in one.
  static final List<String> HEAP = List.of("-Xms3g", "-Xmx3g", "-XX:MaxGCPauseMillis=10");

  /// More of the same, with blanks between.
  private static final String MORE = System.getProperty("bench.jvm", "");

  private static final String ANSWER = "@";

  private final String name;
  private final Path log;
  private final Process process;
  private final BufferedReader answers;
  private final Writer orders;

  private Child(String name, Path log, Process process) {
    this.name = name;
    this.log = log;
    this.process = process;
    this.answers = process.inputReader(StandardCharsets.UTF_8);
    this.orders = process.outputWriter(StandardCharsets.UTF_8);
  }

  /// What is started.
  ///
  /// @param name of its log
  /// @param jvm options beside those that all have
  /// @param main the class, on this process' class path
  record Launch(String name, List<String> jvm, String main, List<String> arguments) {

    Launch {
      jvm = List.copyOf(jvm);
      arguments = List.copyOf(arguments);
    }
  }

  /// Starts a process and waits until it is ready.
  static Child start(Launch launch, Path folder) {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(JVM);
    command.addAll(more());
    command.addAll(launch.jvm());
    command.addAll(List.of("-classpath", classPath(), Launcher.class.getName(), launch.main()));
    command.addAll(launch.arguments());
    Path log = folder.resolve(launch.name() + ".log");
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(variable -> variable.startsWith("PARLEY_"));
    builder.redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
    try {
      Child child = new Child(launch.name(), log, builder.start());
      child.answer();
      return child;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What the property `bench.jvm` asks of every process beside.
  static List<String> more() {
    return MORE.isBlank() ? List.of() : List.of(MORE.split(" +", -1));
  }

  /// Tests run from a jar that only names the class path.
  static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }

  /// Gives an order and waits for its answer.
  JsonObject ask(String order) {
    try {
      orders.write(order + "\n");
      orders.flush();
      return answer();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private JsonObject answer() throws IOException {
    for (String line = answers.readLine(); line != null; line = answers.readLine()) {
      if (line.startsWith(ANSWER)) {
        return new JsonObject(line.substring(ANSWER.length()));
      }
    }
    throw new IllegalStateException("%s ended; its log is %s".formatted(name, log));
  }

  long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    try {
      orders.close();
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (IOException | InterruptedException _) {
      process.destroyForcibly();
    }
  }
}
