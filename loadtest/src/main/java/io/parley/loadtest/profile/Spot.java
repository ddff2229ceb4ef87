package io.parley.loadtest.profile;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/// A place in a profile: what stands there (nothing, in an absent place), its line, and where the
/// problems that are found there go. What stands there wrongly is read as if it were absent, once
/// the problem is told, so that all problems are found at once.
final class Spot {

  private static final String DURATION = "is no length of time";
  private static final String DURATION_REMEDY =
      "Write a number with its unit: 250ms, 30s, 5m, 1h30m";

  private final JsonNode node;
  private final JsonPointer pointer;
  private final Map<JsonPointer, Integer> lines;
  private final List<Problem> problems;

  private Spot(
      JsonNode node, JsonPointer pointer, Map<JsonPointer, Integer> lines, List<Problem> problems) {
    this.node = node;
    this.pointer = pointer;
    this.lines = lines;
    this.problems = problems;
  }

  /// The whole of what a file says.
  ///
  /// @param lines the line of each place that stands in the file
  /// @param problems where what is found wrong goes
  static Spot root(JsonNode node, Map<JsonPointer, Integer> lines, List<Problem> problems) {
    return new Spot(node, JsonPointer.empty(), lines, problems);
  }

  /// What stands here; a missing node in an absent place.
  JsonNode node() {
    return node;
  }

  /// Such as `customers.arrivals[0].rate`; empty for the whole file.
  String place() {
    StringBuilder place = new StringBuilder();
    for (JsonPointer at = pointer; !at.matches(); at = at.tail()) {
      if (at.mayMatchElement()) {
        place.append('[').append(at.getMatchingIndex()).append(']');
      } else {
        place.append(place.isEmpty() ? "" : ".").append(at.getMatchingProperty());
      }
    }
    return place.toString();
  }

  /// The entry of an object; an absent place where this is none or has no such entry.
  Spot get(String name) {
    JsonNode entry = node.get(name);
    return new Spot(
        entry == null ? MissingNode.getInstance() : entry,
        pointer.appendProperty(name),
        lines,
        problems);
  }

  /// Any place of the same file, as far as its name and its line go.
  Spot at(JsonPointer elsewhere) {
    return new Spot(node, elsewhere, lines, problems);
  }

  /// A place within this one, by names and numbers.
  Spot within(List<String> steps) {
    JsonPointer there = pointer;
    for (String step : steps) {
      there =
          step.chars().allMatch(Character::isDigit)
              ? there.appendIndex(Integer.parseInt(step))
              : there.appendProperty(step);
    }
    return at(there);
  }

  /// The items of a list; none, with a problem, where something else stands here.
  List<Spot> items() {
    List<Spot> items = new ArrayList<>();
    if (isPresent() && !node.isArray()) {
      problem("is no list", "Write each item in a line of its own, after a dash");
    }
    for (int i = 0; i < (node.isArray() ? node.size() : 0); i++) {
      items.add(new Spot(node.get(i), pointer.appendIndex(i), lines, problems));
    }
    return items;
  }

  /// The entries of an object, in the file's order; none, with a problem, where something else
  /// stands here.
  Map<String, Spot> entries() {
    Map<String, Spot> entries = new LinkedHashMap<>();
    if (isPresent() && !node.isObject()) {
      problem("is no object", "Write each entry as a name, a colon and a value");
    }
    node.fieldNames().forEachRemaining(name -> entries.put(name, get(name)));
    return entries;
  }

  /// Reports what stands here and is no object, and each entry that is none of these.
  ///
  /// @return whether an object stands here, so that its entries can be read
  boolean holdsOnly(String... names) {
    List<String> known = List.of(names);
    entries()
        .forEach(
            (name, entry) -> {
              if (!known.contains(name)) {
                entry.problem("is not known here", "Known are: " + String.join(", ", known));
              }
            });
    return node.isObject();
  }

  /// Whether something stands here that is not null.
  boolean isPresent() {
    return !node.isMissingNode() && !node.isNull();
  }

  /// Whether an object stands here.
  boolean isObject() {
    return node.isObject();
  }

  /// The text, number or flag that stands here, as a text.
  Optional<String> text() {
    if (!isPresent()) {
      return Optional.empty();
    }
    if (!node.isValueNode()) {
      problem("is no text", "Write one value here");
      return Optional.empty();
    }
    return Optional.of(node.asText());
  }

  /// The text that must stand here; empty, with a problem, where there is none.
  String required(String remedy) {
    Optional<String> text = text().filter(it -> !it.isBlank());
    if (text.isEmpty() && !(isPresent() && !node.isValueNode())) {
      problem("is missing", remedy);
    }
    return text.orElse("");
  }

  /// The length of time that stands here.
  Optional<Duration> duration() {
    Optional<String> text = text();
    Optional<Duration> duration = text.flatMap(Quantities::duration);
    if (text.isPresent() && duration.isEmpty()) {
      problem(said(text.get()) + DURATION, DURATION_REMEDY);
    }
    return duration;
  }

  /// The rate that stands here, a second: `20/s`, `300/m`.
  OptionalDouble rate() {
    Optional<String> text = text();
    OptionalDouble rate = text.map(Quantities::rate).orElse(OptionalDouble.empty());
    if (text.isPresent() && rate.isEmpty()) {
      problem(said(text.get()) + "is no rate", "Write so many a second or a minute: 20/s, 300/m");
    }
    return rate;
  }

  /// The whole number that stands here, from `least` on.
  OptionalInt whole(int least) {
    Optional<String> text = text();
    if (text.isEmpty()) {
      return OptionalInt.empty();
    }
    if (!node.canConvertToInt() || !node.isIntegralNumber() || node.intValue() < least) {
      problem(said(text.get()) + "will not do", "Write a whole number of at least " + least);
      return OptionalInt.empty();
    }
    return OptionalInt.of(node.intValue());
  }

  private static String said(String text) {
    return "says \"" + text + "\", which ";
  }

  /// Says what is wrong here.
  ///
  /// @param problem completes the sentence `customers.arrivals[0].rate ...`
  /// @param remedy a sentence without its full stop
  void problem(String problem, String remedy) {
    problems.add(new Problem(line(), place(), problem, remedy));
  }

  /// The line of this place, or of the nearest one around it that stands in the file; 0 for none.
  private int line() {
    for (JsonPointer at = pointer; at != null; at = at.head()) {
      Integer line = lines.get(at);
      if (line != null) {
        return line;
      }
    }
    return 0;
  }
}
