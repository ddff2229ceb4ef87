package io.parley.bench;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What processes have used of the processor, as the kernel counts it: `/proc/PID/stat` of a
/// process and all below it, with those of its children that have ended.
final class Usage {

  /// What the kernel counts in; 100 a second on every Linux that Java runs on.
  static final double LEAST_MICROS = 10_000;

  private static final Path PROC = Path.of("/proc");

  private Usage() {}

  /// A line of `/proc/PID/stat`.
  private record Stat(long pid, long parent, long ticks, long ticksOfEnded) {

    static Stat parse(String line) {
      // The name, in parentheses, may hold blanks.
      String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
      return new Stat(
          Long.parseLong(line.substring(0, line.indexOf(' '))),
          Long.parseLong(fields[1]),
          Long.parseLong(fields[11]) + Long.parseLong(fields[12]),
          Long.parseLong(fields[13]) + Long.parseLong(fields[14]));
    }
  }

  /// Microseconds of processor time of a process and all below it since it began.
  static double micros(long root) {
    Map<Long, List<Stat>> children = new HashMap<>();
    long ticks = 0;
    for (Stat stat : all()) {
      if (stat.pid() == root) {
        ticks += stat.ticks() + stat.ticksOfEnded();
      }
      children.computeIfAbsent(stat.parent(), _ -> new ArrayList<>()).add(stat);
    }
    return (ticks + below(root, children)) * LEAST_MICROS;
  }

  private static long below(long parent, Map<Long, List<Stat>> children) {
    long ticks = 0;
    for (Stat child : children.getOrDefault(parent, List.of())) {
      ticks += child.ticks() + child.ticksOfEnded() + below(child.pid(), children);
    }
    return ticks;
  }

  private static List<Stat> all() {
    List<Stat> all = new ArrayList<>();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path process : processes) {
        try {
          all.add(Stat.parse(Files.readString(process.resolve("stat"))));
        } catch (NoSuchFileException _) {
          // It has ended meanwhile.
        } catch (IOException e) {
          if (Files.exists(process)) {
            throw e;
          }
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException("processor time is measured on Linux only", e);
    }
    return all;
  }
}
