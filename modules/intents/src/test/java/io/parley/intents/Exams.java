package io.parley.intents;

import io.parley.intents.evaluation.LabelledLine;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// The replies that are held apart from training: nothing is taught by them.
public final class Exams {

  private Exams() {}

  /// At least 25 replies for each bundled tag, and a hundred out of scope.
  public static List<LabelledLine> retail() {
    return underHeadings().stream().filter(it -> it.tags().size() < 2).toList();
  }

  public static List<LabelledLine> severalTags() {
    return underHeadings().stream().filter(it -> it.tags().size() > 1).toList();
  }

  /// In Spanish, French, German and Portuguese.
  public static List<LabelledLine> languages() {
    return columns("languages-exam.tsv").stream()
        .map(it -> new LabelledLine(Set.of(it[1]), it[2]))
        .toList();
  }

  /// Opt-outs and what only looks like them, in five languages.
  public static List<LabelledLine> optOut() {
    return columns("opt-out-exam.tsv").stream()
        .map(it -> new LabelledLine(it[0].equals("opt_out") ? Set.of("opt_out") : Set.of(), it[2]))
        .toList();
  }

  private static List<LabelledLine> underHeadings() {
    List<LabelledLine> lines = new ArrayList<>();
    String heading = "";
    for (String line : read("retail-exam.txt").split("\n", -1)) {
      if (line.startsWith("# ")) {
        heading = line.substring(2).replace(" ", "");
      } else if (!line.isEmpty()) {
        lines.addAll(LabelledLine.File.of(heading + "\t" + line).lines());
      }
    }
    return lines;
  }

  private static List<String[]> columns(String file) {
    return read(file).lines().filter(it -> !it.isEmpty()).map(it -> it.split("\t", -1)).toList();
  }

  private static String read(String file) {
    try (InputStream in = Exams.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("not on the class path: " + file);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
