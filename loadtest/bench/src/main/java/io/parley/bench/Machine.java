package io.parley.bench;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;

/// The machine that is measured on, and what else it does.
final class Machine {

  private static final int WRITES = 101;

  private final long[] before = ticks();

  /// A line of `/proc/stat`: what the processors did since the start, by user, nice, system, idle,
  /// iowait, irq, softirq, steal.
  private static long[] ticks() {
    String line = lines("/proc/stat").getFirst();
    return Arrays.stream(line.split(" +", -1))
        .skip(1)
        .limit(8)
        .mapToLong(Long::parseLong)
        .toArray();
  }

  /// What it is, and what it did since this was made.
  ///
  /// @param folder on the disk that is written to
  JsonObject describe(Path folder) {
    long[] now = ticks();
    long all = 0;
    for (int i = 0; i < now.length; i++) {
      all += now[i] - before[i];
    }
    return new JsonObject()
        .put("processor", processor())
        .put("cores", Runtime.getRuntime().availableProcessors())
        .put("memory_gib", memory())
        .put("kernel", System.getProperty("os.version"))
        .put("java", System.getProperty("java.vm.version"))
        .put("load", lines("/proc/loadavg").getFirst())
        .put("steal_percent", percent(now[7] - before[7], all))
        .put("idle_percent", percent(now[3] - before[3], all))
        .put("iowait_percent", percent(now[4] - before[4], all))
        .put("fsync_micros", Math.round(fsyncMicros(folder)));
  }

  private static double percent(long part, long all) {
    return all == 0 ? 0 : Math.round(part * 1000.0 / all) / 10.0;
  }

  private static String processor() {
    return lines("/proc/cpuinfo").stream()
        .filter(line -> line.startsWith("model name"))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse(System.getProperty("os.arch"));
  }

  private static double memory() {
    return lines("/proc/meminfo").stream()
        .filter(line -> line.startsWith("MemTotal"))
        .map(line -> line.replaceAll("[^0-9]", ""))
        .mapToDouble(kib -> Math.round(Double.parseDouble(kib) / (1 << 20) * 10) / 10.0)
        .findFirst()
        .orElse(0);
  }

  /// The median of writing 8 KiB and having it on the disk.
  private static double fsyncMicros(Path folder) {
    Path file = folder.resolve("fsync");
    double[] micros = new double[WRITES];
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      for (int i = 0; i < WRITES; i++) {
        long begun = System.nanoTime();
        channel.write(ByteBuffer.allocate(8192), 8192L * i);
        channel.force(false);
        micros[i] = (System.nanoTime() - begun) / 1e3;
      }
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Median.of(micros);
  }

  private static List<String> lines(String file) {
    try {
      return Files.readAllLines(Path.of(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
