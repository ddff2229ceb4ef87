package io.parley.loadtest.profile;

import io.parley.loadtest.profile.Arrivals.Recorded;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// When customers came, as a CSV file tells it: the first line names the columns, of which `at`
/// (seconds from the beginning) must be there, `behaviour` may, and every other is what the trigger
/// says of the person.
///
/// ```
/// at,behaviour,first_name
/// 0.0,answers,Asha
/// 0.25,,Ben
/// ```
final class ReplayFile {

  private static final int MOST_PROBLEMS = 10;

  private ReplayFile() {}

  /// @param problem is told each problem as the rest of a sentence about the file
  static List<Recorded> read(String text, Consumer<String> problem) {
    List<String> lines = text.lines().toList();
    List<String> columns = lines.isEmpty() ? List.of() : cells(lines.getFirst());
    int at = columns.indexOf("at");
    if (at < 0) {
      problem.accept("has no column at");
      return List.of();
    }
    List<Recorded> recorded = new ArrayList<>();
    int problems = 0;
    for (int i = 1; i < lines.size() && problems < MOST_PROBLEMS; i++) {
      if (lines.get(i).isBlank()) {
        continue;
      }
      Optional<Recorded> one = recorded(columns, cells(lines.get(i)));
      one.ifPresent(recorded::add);
      if (one.isEmpty()) {
        problems++;
        problem.accept("has what is no arrival in its line " + (i + 1) + ": " + lines.get(i));
      }
    }
    if (recorded.isEmpty() && problems == 0) {
      problem.accept("has no arrivals");
    }
    recorded.sort(Comparator.comparing(Recorded::at));
    return recorded;
  }

  /// Empty where the time is none, the behaviour is not known or there are too many cells.
  private static Optional<Recorded> recorded(List<String> columns, List<String> cells) {
    if (cells.size() > columns.size()) {
      return Optional.empty();
    }
    Map<String, String> values = new LinkedHashMap<>();
    for (int i = 0; i < cells.size(); i++) {
      values.put(columns.get(i), cells.get(i));
    }
    String behaviour = Optional.ofNullable(values.remove("behaviour")).orElse("");
    double seconds;
    try {
      seconds = Double.parseDouble(Optional.ofNullable(values.remove("at")).orElse(""));
    } catch (NumberFormatException _) {
      return Optional.empty();
    }
    if (!(seconds >= 0 && seconds < 1e6)
        || (!behaviour.isEmpty() && Behaviour.of(behaviour).isEmpty())) {
      return Optional.empty();
    }
    values.values().removeIf(String::isEmpty);
    return Optional.of(
        new Recorded(Duration.ofNanos((long) (seconds * 1e9)), Behaviour.of(behaviour), values));
  }

  /// A cell in quotes may hold commas, and quotes said twice.
  private static List<String> cells(String line) {
    List<String> cells = new ArrayList<>();
    StringBuilder cell = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '"' && quoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
        cell.append('"');
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        cells.add(cell.toString().strip());
        cell.setLength(0);
      } else {
        cell.append(c);
      }
    }
    cells.add(cell.toString().strip());
    return cells;
  }
}
