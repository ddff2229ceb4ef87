package io.parley.bench;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/// What a crash costs: the service is killed with very many conversations open, at the moment at
/// which some of their timers fall due, and started again at once. Measured from the kill: until
/// the first webhook is answered, which is when its turn is committed, and until every timer that
/// was due has been taken. With the JDK's cache of loaded and linked classes (`-XX:AOTCache`) and
/// without.
final class Recovery implements Measure {

  private static final int DUE = 10_000;

  /// Turns of the run that fills the cache.
  private static final int LEARNING = 100;

  /// From the setting of the timers to their being due: longer than the setting takes.
  private static final Duration AHEAD = Duration.ofSeconds(5);

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration PAUSE = Duration.ofMillis(5);

  /// @param turnMillis until the first turn
  /// @param timersMillis until all timers that were due were taken
  /// @param cpuMillis of the new process until the first turn
  private record Trial(double turnMillis, double cpuMillis, double timersMillis) {}

  @Override
  public List<Figure> measure(Ground ground) throws Exception {
    Crowd crowd = ground.crowd();
    try (Child texters = Http.texters(ground)) {
      Service.Launch plain =
          Service.over(ground, crowd.database(), texters.ask("twilio").getInteger("port"));
      Map<String, Service.Launch> launches = new LinkedHashMap<>();
      launches.put("plain", plain);
      cache(ground, plain)
          .ifPresent(file -> launches.put("AOT cache", plain.with("-XX:AOTCache=" + file)));
      return figures(trials(ground, crowd, launches), crowd);
    }
  }

  /// What a first run has learnt; only of jars.
  private static Optional<Path> cache(Ground ground, Service.Launch plain)
      throws InterruptedException {
    if (!Service.hasJar()) {
      return Optional.empty();
    }
    Path file = ground.folder().resolve("parley.aot");
    try (Service service =
        Service.start(plain.with("-XX:AOTCacheOutput=" + file), ground.folder())) {
      for (int i = 0; i < LEARNING; i++) {
        turn(service.port(), i);
      }
    }
    return Optional.of(file).filter(Files::isRegularFile);
  }

  private static Map<String, List<Trial>> trials(
      Ground ground, Crowd crowd, Map<String, Service.Launch> launches) throws Exception {
    Map<String, List<Trial>> trials = new LinkedHashMap<>();
    for (int i = 0; i < ground.scale().rounds(); i++) {
      for (Map.Entry<String, Service.Launch> launch : launches.entrySet()) {
        Trial trial = trial(ground, crowd, launch.getValue());
        trials.computeIfAbsent(launch.getKey(), _ -> new ArrayList<>()).add(trial);
        ground.say(
            "  round %d  %-9s first turn %,.0f ms, due timers %,.0f ms"
                .formatted(i + 1, launch.getKey(), trial.turnMillis(), trial.timersMillis()));
      }
    }
    return trials;
  }

  private static Trial trial(Ground ground, Crowd crowd, Service.Launch launch) throws Exception {
    long killed;
    String due;
    try (Service before = Service.start(launch, ground.folder())) {
      turn(before.port(), 0);
      due = fallDue(ground, crowd);
      before.kill();
      killed = System.nanoTime();
    }
    try (Service after = Service.launch(launch, ground.folder())) {
      turn(after.port(), 0);
      double turn = (System.nanoTime() - killed) / 1e6;
      double cpu = Usage.micros(after.pid()) / 1e3;
      awaitTaken(ground, crowd, due);
      return new Trial(turn, cpu, (System.nanoTime() - killed) / 1e6);
    }
  }

  /// Has timers fall due, and waits until just before; answers when that is.
  private static String fallDue(Ground ground, Crowd crowd) throws SQLException {
    String due =
        ground.ask(crowd.database(), "select now() + interval '%d ms'".formatted(AHEAD.toMillis()));
    ground.execute(
        crowd.database(),
        """
        update timer set due_at = '%s'
         where ctid = any(array(select ctid from timer where due_at > now() + interval '1 hour' limit %d))
        """
            .formatted(due, Math.min(DUE, ground.scale().of(DUE))));
    long left =
        Long.parseLong(
            ground.ask(
                crowd.database(),
                "select (extract(epoch from '%s'::timestamptz - clock_timestamp()) * 1000)::bigint"
                    .formatted(due)));
    if (left < 0) {
      throw new IllegalStateException("setting the timers took longer than " + AHEAD);
    }
    LockSupport.parkNanos(Duration.ofMillis(left).minus(PAUSE).toNanos());
    return due;
  }

  /// Taken is who is leased, and so due later, or gone with its turn.
  private static void awaitTaken(Ground ground, Crowd crowd, String due) throws SQLException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    String left = "select count(*) from timer where due_at <= '%s'".formatted(due);
    while (!ground.ask(crowd.database(), left).equals("0")) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("timers that are due are not taken");
      }
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
  }

  /// Brings a message as a provider does that repeats until it is answered.
  private static void turn(int port, int customer) {
    Buffer request = new Webhook(port).of(customer, System.nanoTime());
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!isTaken(port, request)) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("no turn was committed in " + PATIENCE);
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  private static boolean isTaken(int port, Buffer request) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write(request.getBytes());
      socket.getOutputStream().flush();
      InputStream answer = socket.getInputStream();
      return new String(answer.readNBytes(12), StandardCharsets.US_ASCII).equals("HTTP/1.1 200");
    } catch (IOException _) {
      return false; // It does not listen yet.
    }
  }

  private static List<Figure> figures(Map<String, List<Trial>> trials, Crowd crowd) {
    List<Figure> figures = new ArrayList<>();
    trials.forEach(
        (name, found) -> {
          figures.add(
              Figure.of(
                      name + ": first turn",
                      Median.of(found.stream().mapToDouble(Trial::turnMillis).toArray()) / 1e3,
                      "s")
                  .noting(crowd.describe() + "; rounds " + rounds(found))
                  .towards(Figure.Target.less(2, 1.2)));
          figures.add(
              Figure.of(
                      name + ": CPU until then",
                      Median.of(found.stream().mapToDouble(Trial::cpuMillis).toArray()) / 1e3,
                      "s")
                  .noting("of the new process"));
          figures.add(
              Figure.of(
                      name + ": due timers taken",
                      Median.of(found.stream().mapToDouble(Trial::timersMillis).toArray()) / 1e3,
                      "s")
                  .towards(Figure.Target.less(10, 5)));
        });
    return figures;
  }

  private static String rounds(List<Trial> trials) {
    return trials.stream()
        .map(it -> "%.2f".formatted(it.turnMillis() / 1e3))
        .collect(Collectors.joining(" "));
  }
}
