package io.parley.loadtest.measure;

import io.parley.loadtest.measure.Gauge.Group;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Reads what processes take of the processor and of the memory, and how the machine is, from
/// Linux' `/proc`; elsewhere it reads nothing.
final class ProcessProbe implements Probe {

  private static final Path PROC = Path.of("/proc");

  /// The kernel tells times in these, whatever its own tick is (`man 5 proc`).
  private static final double TICKS_A_SECOND = 100;

  private final Watched watched;
  private final Growth growth = new Growth();

  ProcessProbe(Watched watched) {
    this.watched = watched;
  }

  @Override
  public Map<Gauge, Double> read(long nanoTime) throws IOException {
    Map<Gauge, Double> figures = new LinkedHashMap<>();
    if (!Files.isReadable(PROC.resolve("stat"))) {
      return figures;
    }
    machine(figures);
    single("generator", ProcessHandle.current().pid(), nanoTime, figures);
    single("parley", watched.parley().getAsLong(), nanoTime, figures);
    family("postgres", watched.postgres().getAsLong(), nanoTime, figures);
    figures.values().removeIf(it -> it.isNaN());
    return figures;
  }

  private void machine(Map<Gauge, Double> figures) throws IOException {
    String first = Files.readString(PROC.resolve("stat")).lines().findFirst().orElse("");
    List<Double> ticks =
        List.of(first.strip().split("\\s+")).stream().skip(1).map(Double::valueOf).toList();
    if (ticks.size() >= 8) {
      // user nice system idle iowait irq softirq steal; guest time is in user already
      double all = ticks.stream().limit(8).mapToDouble(it -> it).sum();
      double steal = growth.since("steal", ticks.get(7));
      double idle = growth.since("idle", ticks.get(3) + ticks.get(4));
      double passed = growth.since("machine", all);
      figures.put(Group.MACHINE.of("stolen by the host"), 100 * steal / passed);
      figures.put(Group.MACHINE.of("busy"), 100 * (passed - idle - steal) / passed);
    }
    String load = Files.readString(PROC.resolve("loadavg"));
    figures.put(Group.LOAD.of("last minute"), Double.valueOf(load.substring(0, load.indexOf(' '))));
  }

  private void single(String who, long pid, long nanoTime, Map<Gauge, Double> figures) {
    if (pid <= 0) {
      return;
    }
    try {
      Times times = Times.of(pid);
      figures.put(
          Group.CPU.of(who),
          growth.perSecond(who + " " + pid, times.own / TICKS_A_SECOND, nanoTime));
      figures.put(Group.MEMORY.of(who), status(pid, "VmRSS:"));
    } catch (IOException _) {
      // It has ended, as processes in load tests do.
    }
  }

  /// A process and its children, which share memory that is counted once.
  private void family(String who, long pid, long nanoTime, Map<Gauge, Double> figures) {
    if (pid <= 0) {
      return;
    }
    try {
      Times parent = Times.of(pid);
      double ticks = parent.own + parent.ended;
      double own = status(pid, "RssAnon:");
      double shared = status(pid, "RssShmem:");
      for (long child :
          ProcessHandle.of(pid).stream()
              .flatMap(ProcessHandle::children)
              .mapToLong(ProcessHandle::pid)
              .toArray()) {
        try {
          ticks += Times.of(child).own;
          own += status(child, "RssAnon:");
          shared = Math.max(shared, status(child, "RssShmem:"));
        } catch (IOException _) {
          // A session that ended between the two looks; the parent knows its time from now on.
        }
      }
      figures.put(
          Group.CPU.of(who), growth.perSecond(who + " " + pid, ticks / TICKS_A_SECOND, nanoTime));
      figures.put(Group.MEMORY.of(who), own + shared);
    } catch (IOException _) {
      // It has ended.
    }
  }

  /// Processor time in ticks.
  ///
  /// @param own its own
  /// @param ended of its children that have ended
  private record Times(double own, double ended) {

    static Times of(long pid) throws IOException {
      String stat = Files.readString(PROC.resolve(pid + "/stat"));
      // The name of the program, in brackets, may hold anything.
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      return new Times(
          number(fields[11]) + number(fields[12]), number(fields[13]) + number(fields[14]));
    }

    private static double number(String text) {
      return Double.parseDouble(text);
    }
  }

  /// Bytes.
  private static double status(long pid, String field) throws IOException {
    return Files.readString(PROC.resolve(pid + "/status"))
        .lines()
        .filter(line -> line.startsWith(field))
        .findFirst()
        .map(line -> 1024 * Double.parseDouble(line.substring(field.length()).replace("kB", "")))
        .orElse(0.0);
  }
}
