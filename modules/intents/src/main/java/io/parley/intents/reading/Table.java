package io.parley.intents.reading;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A table of patterns from a resource: lines of kind, language and pattern, `#` opens a comment,
/// and `@NAME = part` names a part for the lines below it.
final class Table {

  private static final Pattern PART = Pattern.compile("@[A-Z]+");

  private final List<Rule> rules;
  private final Sieve sieve;

  private Table(List<Rule> rules) {
    this.rules = List.copyOf(rules);
    this.sieve = new Sieve(rules.stream().map(Rule::needs).toList());
  }

  /// @param place its number in the table
  /// @param kind what a match means; the reader of the table knows the kinds
  /// @param id language and line, which is what evidence names: `en:57`
  /// @param needs what a text holds one of where the pattern matches; see [Needed]
  record Rule(int place, String kind, String id, Pattern pattern, Set<String> needs) {

    Rule {
      needs = Set.copyOf(needs);
    }
  }

  /// A text as the patterns want it, and which rules can match in it at all.
  ///
  /// @param opened the text with a space before it
  record Sifted(String opened, BitSet through) {

    boolean passes(Rule rule) {
      return through.get(rule.place());
    }
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
      String pattern = anchored(filled(columns[2], parts));
      rules.add(
          new Rule(
              rules.size(),
              columns[0],
              columns[1] + ":" + number,
              Pattern.compile(pattern),
              Needed.by(pattern)));
    }
    return new Table(rules);
  }

  private static String filled(String pattern, Map<String, String> parts) {
    return PART.matcher(pattern)
        .replaceAll(
            name -> {
              String part = parts.get(name.group());
              if (part == null) {
                throw new IllegalArgumentException("no part " + name.group() + ": " + pattern);
              }
              return Matcher.quoteReplacement(part);
            });
  }

  /// A match begins with the space before its first word, by which most places are passed over at
  /// once; see [#sifted].
  private static String anchored(String pattern) {
    return " (?:" + pattern + ")(?= |$)";
  }

  Sifted sifted(String text) {
    return opened(" " + text);
  }

  /// The same for a text that has its space already.
  Sifted opened(String text) {
    return new Sifted(text, sieve.through(text));
  }

  List<Rule> rules() {
    return rules;
  }

  List<Rule> rules(String kind) {
    return rules.stream().filter(rule -> rule.kind().equals(kind)).toList();
  }
}
