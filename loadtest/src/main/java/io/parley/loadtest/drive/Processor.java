package io.parley.loadtest.drive;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// What the machine says of itself, where it is a Linux.
final class Processor {

  private Processor() {}

  static String model() {
    return after(Path.of("/proc/cpuinfo"), "model name", System.getProperty("os.arch"));
  }

  static long memory() {
    String kilobytes = after(Path.of("/proc/meminfo"), "MemTotal", "0 kB");
    return Long.parseLong(kilobytes.replaceAll("\\D", "")) * 1024;
  }

  private static String after(Path file, String name, String otherwise) {
    if (!Files.exists(file)) {
      return otherwise;
    }
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .filter(line -> line.startsWith(name))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(otherwise);
    } catch (IOException _) {
      return otherwise;
    }
  }
}
