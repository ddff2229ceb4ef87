package io.parley.intents.reading;

import java.util.LinkedHashSet;
import java.util.Set;

/// What a text must hold for a pattern to match in it: some letters, one of which is part of any
/// match. `(?:stop|quit) \w+ing` needs `stop ` or `quit `. Most replies hold none of what most
/// rules need, so that most patterns are never tried.
///
/// Knows as much of regular expressions as the tables use: groups, choices, classes, quantifiers
/// and looks ahead or behind.
final class Needed {

  /// Letters of a need that are compared; what follows them is the pattern's affair.
  static final int LONGEST = 7;

  private static final String QUANTIFIERS = "?*+{";
  private static final String SIGNS = "()[]|.^$\\" + QUANTIFIERS;
  private static final int MOST_SPELLED = 120;
  private static final int MOST_NEEDED = 4_000;

  private final String pattern;
  private int at;

  private Needed(String pattern) {
    this.pattern = pattern;
  }

  /// One of these is in whatever the pattern matches; none where that cannot be told.
  static Set<String> by(String pattern) {
    Needed reader = new Needed(pattern);
    Part whole = reader.choice();
    if (reader.at < pattern.length()) {
      throw new IllegalArgumentException("a bracket too many: " + pattern);
    }
    Set<String> needs = new LinkedHashSet<>();
    better(whole.spelled, whole.needs)
        .forEach(it -> needs.add(it.length() > LONGEST ? it.substring(0, LONGEST) : it));
    return needs;
  }

  /// What a part of a pattern matches.
  ///
  /// @param spelled all that it can match; empty where that is not told
  /// @param needs one of these is in what it matches; empty where that is not told
  private record Part(Set<String> spelled, Set<String> needs) {

    static final Part ANYTHING = new Part(Set.of(), Set.of());
    static final Part NOTHING = new Part(Set.of(""), Set.of());
  }

  private static Set<String> better(Set<String> one, Set<String> other) {
    int first = Math.min(LONGEST, shortest(one));
    int second = Math.min(LONGEST, shortest(other));
    if (first == second) {
      return one.size() <= other.size() ? one : other;
    }
    return first > second ? one : other;
  }

  private static int shortest(Set<String> needs) {
    int shortest = Integer.MAX_VALUE;
    for (String need : needs) {
      shortest = Math.min(shortest, need.length());
    }
    return needs.isEmpty() ? 0 : shortest;
  }

  private Part choice() {
    Set<String> spelled = new LinkedHashSet<>();
    Set<String> needs = new LinkedHashSet<>();
    boolean allSpelled = true;
    boolean allNeed = true;
    while (true) {
      Part part = sequence();
      allSpelled &= !part.spelled.isEmpty();
      spelled.addAll(part.spelled);
      Set<String> best = better(part.spelled, part.needs);
      allNeed &= shortest(best) > 0;
      needs.addAll(best);
      if (at == pattern.length() || pattern.charAt(at) != '|') {
        break;
      }
      at++;
    }
    return new Part(
        allSpelled && spelled.size() <= MOST_SPELLED ? spelled : Set.of(),
        allNeed && needs.size() <= MOST_NEEDED ? needs : Set.of());
  }

  private Part sequence() {
    Set<String> run = Set.of("");
    Set<String> needs = Set.of();
    boolean spelled = true;
    while (at < pattern.length() && pattern.charAt(at) != '|' && pattern.charAt(at) != ')') {
      Part part = quantified();
      Set<String> longer = joined(run, part.spelled);
      if (longer.isEmpty()) {
        needs = better(better(needs, run), part.needs);
        run = part.spelled.isEmpty() ? Set.of("") : part.spelled;
        spelled = false;
      } else {
        run = longer;
      }
    }
    return spelled ? new Part(run, Set.of()) : new Part(Set.of(), better(needs, run));
  }

  private static Set<String> joined(Set<String> heads, Set<String> tails) {
    if (heads.size() * tails.size() > MOST_SPELLED) {
      return Set.of();
    }
    Set<String> joined = new LinkedHashSet<>();
    for (String head : heads) {
      for (String tail : tails) {
        joined.add(head + tail);
      }
    }
    return joined;
  }

  /// The letters from here on that stand for themselves, once each.
  private String letters() {
    int end = at;
    while (end < pattern.length()
        && SIGNS.indexOf(pattern.charAt(end)) < 0
        && (end + 1 == pattern.length() || QUANTIFIERS.indexOf(pattern.charAt(end + 1)) < 0)) {
      end++;
    }
    return pattern.substring(at, end);
  }

  private Part quantified() {
    String letters = letters();
    if (!letters.isEmpty()) {
      at += letters.length();
      return new Part(Set.of(letters), Set.of());
    }
    Part part = atom();
    int least = 1;
    int most = 1;
    if (at < pattern.length()) {
      switch (pattern.charAt(at)) {
        case '?' -> {
          least = 0;
          at++;
        }
        case '*' -> {
          least = 0;
          most = 2;
          at++;
        }
        case '+' -> {
          most = 2;
          at++;
        }
        case '{' -> {
          int end = pattern.indexOf('}', at);
          least = pattern.charAt(at + 1) == '0' ? 0 : 1;
          most = pattern.substring(at, end).equals("{1") ? 1 : 2;
          at = end + 1;
        }
        default -> {
          return part;
        }
      }
      if (at < pattern.length() && (pattern.charAt(at) == '?' || pattern.charAt(at) == '+')) {
        at++;
      }
    }
    if (most == 1 && least == 0 && !part.spelled.isEmpty()) {
      Set<String> maybe = new LinkedHashSet<>(part.spelled);
      maybe.add("");
      return new Part(maybe, Set.of());
    }
    return least == 0 ? Part.ANYTHING : new Part(Set.of(), better(part.spelled, part.needs));
  }

  private Part atom() {
    char c = pattern.charAt(at++);
    return switch (c) {
      case '(' -> group();
      case '[' -> {
        at = pattern.indexOf(']', at) + 1;
        yield Part.ANYTHING;
      }
      case '.' -> Part.ANYTHING;
      case '^', '$' -> Part.NOTHING;
      case '\\' -> {
        char escaped = pattern.charAt(at++);
        yield escaped == 'b'
            ? Part.NOTHING
            : Character.isLetterOrDigit(escaped)
                ? Part.ANYTHING
                : new Part(Set.of(String.valueOf(escaped)), Set.of());
      }
      default -> new Part(Set.of(String.valueOf(c)), Set.of());
    };
  }

  private Part group() {
    boolean looks = false;
    if (pattern.startsWith("?:", at)) {
      at += 2;
    } else if (pattern.startsWith("?", at)) {
      looks = true;
      at += pattern.charAt(at + 1) == '<' ? 3 : 2;
    }
    Part inside = choice();
    at++;
    return looks ? Part.NOTHING : inside;
  }
}
