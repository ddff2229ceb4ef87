package io.parley.bench;

import io.parley.codec.FlowFiles;
import io.parley.engine.flow.FlowReading;
import io.parley.workbench.starters.Starter;
import io.parley.workbench.starters.Starters;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/// The engine's step alone, without database, bus or codec: its time and what it allocates, for the
/// public flows beside the checkout, or for the starters where there are none.
final class EngineStep implements Measure {

  private static final String ALLOCATED = "gc.alloc.rate.norm";
  private static final int WARM_UPS = 3;
  private static final int FEWEST = 2;

  /// Below this scale some flows are enough.
  private static final double ALL_FROM = 0.1;

  /// @param micros a step
  /// @param cpuMicros of them on the processor
  /// @param bytes that it allocates
  private record Measured(String flow, double micros, double cpuMicros, double bytes) {}

  @Override
  public List<Figure> measure(Ground ground) throws IOException, RunnerException {
    List<Path> all = flows(ground);
    double share = Math.min(1, ground.scale().factor() / ALL_FROM);
    List<Path> flows = all.subList(0, Math.max(FEWEST, (int) Math.round(all.size() * share)));
    List<Measured> measured = new ArrayList<>();
    for (RunResult result : new Runner(options(ground, flows)).run()) {
      Measured it = measured(result);
      measured.add(it);
      ground.say(
          "  %-70s %6.1f us, %6.1f us CPU, %,9.0f bytes a step"
              .formatted(it.flow(), it.micros(), it.cpuMicros(), it.bytes()));
    }
    measured.sort(Comparator.comparingDouble(Measured::micros));
    Measured least = measured.getFirst();
    Measured most = measured.getLast();
    String spread =
        "%d flows, %s; from %.1f (%s) to %.1f (%s)"
            .formatted(
                flows.size(),
                flows.getFirst().startsWith(ground.folder()) ? "starters" : "public ones",
                least.micros(),
                least.flow(),
                most.micros(),
                most.flow());
    return List.of(
        Figure.of(
                "step of the median flow",
                Median.of(measured.stream().mapToDouble(Measured::micros).toArray()),
                "us")
            .noting(spread)
            .towards(Figure.Target.less(20, 10)),
        Figure.of(
                "CPU of it",
                Median.of(measured.stream().mapToDouble(Measured::cpuMicros).toArray()),
                "us")
            .noting("what the time is on a machine that does nothing else"),
        Figure.of(
            "allocated a step",
            Median.of(measured.stream().mapToDouble(Measured::bytes).toArray()),
            "bytes"));
  }

  private static Measured measured(RunResult result) {
    return new Measured(
        String.valueOf(Path.of(result.getParams().getParam("flow")).getFileName()),
        result.getPrimaryResult().getScore(),
        beside(result, "cpuNanos") / beside(result, "steps") / 1e3,
        beside(result, ALLOCATED));
  }

  private static double beside(RunResult result, String name) {
    return Objects.requireNonNull(result.getSecondaryResults().get(name), name).getScore();
  }

  private static Options options(Ground ground, List<Path> flows) {
    TimeValue time = TimeValue.milliseconds(Math.min(1_000, ground.scale().round().toMillis()));
    return new OptionsBuilder()
        .include(StepBenchmark.class.getName())
        .param("flow", flows.stream().map(Path::toString).toArray(String[]::new))
        .forks(1)
        .warmupIterations(Math.min(WARM_UPS, ground.scale().rounds()))
        .warmupTime(time)
        .measurementIterations(ground.scale().rounds())
        .measurementTime(time)
        .addProfiler(GCProfiler.class)
        .jvmArgs(
            "-XX:+UseSerialGC",
            "-XX:+UseCompactObjectHeaders",
            "--sun-misc-unsafe-memory-access=allow")
        .verbosity(VerboseMode.SILENT)
        .build();
  }

  private static List<Path> flows(Ground ground) throws IOException {
    Path shared =
        Path.of(System.getProperty("parley.root", "."), "../shared/data/studio-flows").normalize();
    if (!Files.isDirectory(shared)) {
      return starters(ground.folder());
    }
    try (Stream<Path> files = Files.list(shared)) {
      return files.sorted().filter(EngineStep::isFlow).collect(Collectors.toList());
    }
  }

  private static List<Path> starters(Path folder) throws IOException {
    Path starters = Files.createDirectories(folder.resolve("starters"));
    List<Path> files = new ArrayList<>();
    for (Starter starter : Starters.all()) {
      if (starter.isFlow()) {
        Starter.Text definition = starter.texts().getFirst();
        files.add(Files.writeString(starters.resolve(definition.file()), definition.content()));
      }
    }
    return files;
  }

  private static boolean isFlow(Path file) {
    try {
      return FlowFiles.read(Files.readString(file)) instanceof FlowReading.Valid;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
