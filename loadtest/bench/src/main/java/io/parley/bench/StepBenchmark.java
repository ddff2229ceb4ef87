package io.parley.bench;

import io.parley.codec.FlowFiles;
import io.parley.engine.Step;
import io.parley.engine.flow.Flow;
import io.parley.engine.flow.FlowReading;
import io.parley.workbench.FlowWalk;
import io.parley.workbench.Given;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// The engine's step alone: what random conversations with a flow have given it, given again in the
/// same order, without the events that were refused, since those cost little.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class StepBenchmark {

  private static final FlowWalk.Plan PLAN = new FlowWalk.Plan(100, 1, FlowWalk.Unsupported.PASSES);

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  /// The file of the flow.
  @Param("")
  public String flow = "";

  private List<Given> given = List.of();
  private int next;

  /// Walks the flow.
  @Setup
  public void walk() throws IOException {
    Path file = Path.of(flow);
    if (!(FlowFiles.read(Files.readString(file)) instanceof FlowReading.Valid(Flow read, var _))) {
      throw new IllegalStateException(file + " is no flow");
    }
    given =
        FlowWalk.given(String.valueOf(file.getFileName()), read, PLAN).stream()
            .filter(it -> it.step() instanceof Step.Turn)
            .toList();
  }

  /// The processor time of an iteration, which other work on the machine does not count into.
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.EVENTS)
  public static class Spent {

    /// Of all steps.
    public long cpuNanos;

    /// How many there were.
    public long steps;

    private long begun;

    /// An iteration begins.
    @Setup(Level.Iteration)
    public void begin() {
      begun = THREADS.getCurrentThreadCpuTime();
    }

    /// It ends.
    @TearDown(Level.Iteration)
    public void end() {
      cpuNanos = THREADS.getCurrentThreadCpuTime() - begun;
    }
  }

  /// The next step.
  @Benchmark
  public Step step(Spent spent) {
    spent.steps++;
    if (next == given.size()) {
      next = 0;
    }
    return given.get(next++).step();
  }
}
