package io.parley.intents.reading;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// A table of patterns from a resource: lines of kind, language and pattern, `#` opens a comment,
/// and `@NAME = part` names a part for the lines below it.
///
/// @param rules in the order of the file
record Table(List<Rule> rules) {

  /// @param kind what a match means; the reader of the table knows the kinds
  /// @param id language and line, which is what evidence names: `en:57`
  record Rule(String kind, String id, Pattern pattern) {}

  Table {
    rules = List.copyOf(rules);
  }

  static Table load(String resource) {
    try (InputStream in = Table.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("not on the class path: " + resource);
      }
      return of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Table of(String text) {
    Map<String, String> parts = new LinkedHashMap<>();
    List<Rule> rules = new ArrayList<>();
    int number = 0;
    for (String line : text.split("\n", -1)) {
      number++;
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      if (line.startsWith("@")) {
        String[] definition = line.split(" = ", 2);
        parts.put(definition[0], definition[1]);
        continue;
      }
      String[] columns = line.split(" ", 3);
      rules.add(
          new Rule(columns[0], columns[1] + ":" + number, compiled(filled(columns[2], parts))));
    }
    return new Table(rules);
  }

  /// Longer names first, since one may begin with another.
  private static String filled(String pattern, Map<String, String> parts) {
    List<String> names = new ArrayList<>(parts.keySet());
    names.sort((one, other) -> other.length() - one.length());
    String filled = pattern;
    for (String name : names) {
      filled = filled.replace(name, parts.getOrDefault(name, ""));
    }
    return filled;
  }

  /// A match begins with the space before its first word, by which most places are passed over at
  /// once; see [#opened].
  private static Pattern compiled(String pattern) {
    return Pattern.compile(" (?:" + pattern + ")(?= |$)");
  }

  /// The text as the patterns want it.
  static String opened(String text) {
    return " " + text;
  }

  List<Rule> rules(String kind) {
    return rules.stream().filter(rule -> rule.kind().equals(kind)).toList();
  }
}
