package io.parley.loadtest.faults;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An object of a profile that is read setting by setting. What is wrong with one is told with its
/// place and its remedy, and read as if it were not there, so that all is told at once.
final class Entry {

  private static final Pattern DURATION = Pattern.compile("(\\d{1,9}(ms|s|m|h))+");
  private static final Pattern PART = Pattern.compile("(\\d+)(ms|s|m|h)");

  private final JsonNode node;
  private final String place;
  private final Consumer<String> problems;
  private final Set<String> known = new TreeSet<>();

  private Entry(JsonNode node, String place, Consumer<String> problems) {
    this.node = node;
    this.place = place;
    this.problems = problems;
  }

  /// Reads an object; what is missing or null reads as an empty one.
  static Entry of(JsonNode node, String place, Consumer<String> problems) {
    if (!node.isObject() && !node.isMissingNode() && !node.isNull()) {
      problems.accept(place + ": settings are expected here, not " + node + "; write name: value");
    }
    return new Entry(node, place, problems);
  }

  /// Tells of the settings that nobody asked for.
  void finish() {
    Set<String> unknown = new HashSet<>();
    node.fieldNames().forEachRemaining(unknown::add);
    unknown.removeAll(known);
    new TreeSet<>(unknown).forEach(name -> problem(name, "is not known here; there are " + known));
  }

  void problem(String name, String text) {
    problems.accept((name.isEmpty() ? place : place + "." + name) + ": " + text);
  }

  boolean has(String name) {
    known.add(name);
    return node.hasNonNull(name);
  }

  Entry inner(String name) {
    return of(at(name), place + "." + name, problems);
  }

  /// A setting that is a text or an object.
  boolean isObject(String name) {
    return at(name).isObject();
  }

  Optional<String> text(String name) {
    JsonNode value = at(name);
    if (value.isMissingNode() || value.isNull()) {
      return Optional.empty();
    }
    if (value.isContainerNode()) {
      problem(name, "one word is expected, not " + value);
      return Optional.empty();
    }
    return Optional.of(value.asText());
  }

  <T> T oneOf(String name, Map<String, T> choices, T otherwise) {
    Optional<String> word = text(name);
    if (word.isPresent() && !choices.containsKey(word.get())) {
      problem(name, "'" + word.get() + "' is not one of " + new TreeSet<>(choices.keySet()));
    }
    return word.flatMap(it -> Optional.ofNullable(choices.get(it))).orElse(otherwise);
  }

  Optional<Duration> duration(String name) {
    return text(name).flatMap(text -> duration(name, text));
  }

  Duration duration(String name, Duration otherwise) {
    return duration(name).orElse(otherwise);
  }

  /// A share of all, from 0 to 1.
  double share(String name, double otherwise) {
    double share = number(name, otherwise);
    if (share >= 0 && share <= 1) {
      return share;
    }
    problem(name, share + " is no share; write a number from 0 to 1, such as 0.05 for 5 %");
    return otherwise;
  }

  double positive(String name, double otherwise) {
    double number = number(name, otherwise);
    if (number > 0) {
      return number;
    }
    problem(name, number + " is too little; write a number above 0");
    return otherwise;
  }

  int whole(String name, int least, int most, int otherwise) {
    double number = number(name, otherwise);
    if (number == Math.rint(number) && number >= least && number <= most) {
      return (int) number;
    }
    problem(
        name,
        "%s is not possible; write a whole number from %d to %d"
            .formatted(text(name).orElse(""), least, most));
    return otherwise;
  }

  /// The shares by their names, which are numbers.
  Map<Integer, Double> sharesByCode(String name) {
    Entry codes = inner(name);
    Map<Integer, Double> shares = new TreeMap<>();
    codes
        .node
        .fieldNames()
        .forEachRemaining(
            code -> {
              if (code.matches("\\d{5}")) {
                shares.put(Integer.valueOf(code), codes.share(code, 0));
              } else {
                codes.known.add(code);
                codes.problem(code, "is not an error code of Twilio; they have five digits");
              }
            });
    return shares;
  }

  private double number(String name, double otherwise) {
    Optional<String> text = text(name);
    if (text.isEmpty()) {
      return otherwise;
    }
    try {
      return Double.parseDouble(text.get());
    } catch (NumberFormatException _) {
      problem(name, "'" + text.get() + "' is not a number");
      return otherwise;
    }
  }

  private Optional<Duration> duration(String name, String text) {
    if (text.equals("0")) {
      return Optional.of(Duration.ZERO);
    }
    if (!DURATION.matcher(text).matches()) {
      problem(name, "'" + text + "' is not a duration; write one such as 200ms, 5s or 1m30s");
      return Optional.empty();
    }
    Duration sum = Duration.ZERO;
    for (Matcher part = PART.matcher(text); part.find(); ) {
      long count = Long.parseLong(part.group(1));
      sum =
          sum.plus(
              switch (part.group(2)) {
                case "ms" -> Duration.ofMillis(count);
                case "s" -> Duration.ofSeconds(count);
                case "m" -> Duration.ofMinutes(count);
                default -> Duration.ofHours(count);
              });
    }
    return Optional.of(sum);
  }

  private JsonNode at(String name) {
    known.add(name);
    return node.path(name);
  }
}
