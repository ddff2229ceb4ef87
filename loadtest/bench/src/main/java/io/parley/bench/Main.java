package io.parley.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Measures, prints, and writes down.
///
/// Of the system's properties: `bench.only` names measures, with commas between; `bench.scale` is a
/// factor of all counts of conversations; `bench.rounds` how often each contestant has its turn;
/// `bench.seconds` how long; `bench.jvm` options of every process beside; `bench.out` the file,
/// `bench.folder` where all else goes.
public final class Main {

  private Main() {}

  /// Takes no arguments.
  public static void main(String[] arguments) throws Exception {
    Scale scale =
        new Scale(
            Double.parseDouble(set("bench.scale", "1")),
            Integer.parseInt(set("bench.rounds", "5")),
            Duration.ofMillis(Math.round(1_000 * Double.parseDouble(set("bench.seconds", "6")))));
    Map<String, Measure> measures = chosen(set("bench.only", ""));
    Path out = Path.of(set("bench.out", "bench.json"));
    Report report = run(measures, scale, Path.of(set("bench.folder", "ground")), out);
    System.out.println("\nAll figures: " + out);
    System.exit(report.isWhole() ? 0 : 1);
  }

  private static String set(String property, String otherwise) {
    String value = System.getProperty(property, "");
    return value.isBlank() ? otherwise : value;
  }

  private static Map<String, Measure> chosen(String names) {
    Map<String, Measure> all = Measures.all();
    if (names.isBlank()) {
      return all;
    }
    Map<String, Measure> chosen = new LinkedHashMap<>();
    for (String name : List.of(names.split(",", -1))) {
      Measure measure = all.get(name.strip());
      if (measure == null) {
        throw new IllegalArgumentException(
            "bench.only: there is no measure %s; there are %s"
                .formatted(name, String.join(", ", all.keySet())));
      }
      chosen.put(name.strip(), measure);
    }
    return chosen;
  }

  /// Runs measures one after another; one that fails keeps no other from being measured.
  ///
  /// @param out written anew after each
  static Report run(Map<String, Measure> measures, Scale scale, Path folder, Path out)
      throws Exception {
    Report report = new Report(scale);
    Machine machine = new Machine();
    try (Ground ground = Ground.open(folder, scale)) {
      ground.say(machine.describe(folder).encodePrettily());
      for (Map.Entry<String, Measure> measure : measures.entrySet()) {
        ground.say("\n" + measure.getKey());
        Machine meanwhile = new Machine();
        try {
          List<Figure> found = measure.getValue().measure(ground);
          report.add(measure.getKey(), found, meanwhile.describe(folder));
        } catch (InterruptedException e) {
          throw e;
        } catch (Exception e) {
          report.fail(measure.getKey(), e);
          ground.say(trace(e));
        }
        ground.say(report.text(measure.getKey()));
        write(out, report.json(machine.describe(folder), ground.server()).encodePrettily());
      }
    }
    return report;
  }

  private static String trace(Exception e) {
    java.io.StringWriter text = new java.io.StringWriter();
    e.printStackTrace(new java.io.PrintWriter(text, true));
    return text.toString();
  }

  private static void write(Path out, String text) throws IOException {
    Files.createDirectories(out.toAbsolutePath().getParent());
    Files.writeString(out, text + "\n");
  }
}
