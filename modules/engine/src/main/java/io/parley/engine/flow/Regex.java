package io.parley.engine.flow;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// Regular expressions as conditions use them: the whole text, in either case. Flow authors write
/// the expressions and contacts write the texts, so both are bounded, and a match that goes through
/// too much of its text is given up. Thread-safe.
final class Regex {

  private static final int MAX_EXPRESSION = 2_000;
  private static final int MAX_TEXT = 16 * 1024;

  /// Characters that one match may read, again and again: some ten milliseconds.
  private static final int MAX_READS = 1_000_000;

  private static final int MAX_COMPILED = 1_000;
  private static final Map<String, Pattern> COMPILED = new ConcurrentHashMap<>();

  private Regex() {}

  /// What keeps an expression from being used; empty where nothing does.
  static Optional<String> problem(String expression) {
    if (expression.length() > MAX_EXPRESSION) {
      return Optional.of("is longer than " + MAX_EXPRESSION + " characters");
    }
    try {
      compiled(expression);
      return Optional.empty();
    } catch (PatternSyntaxException e) {
      return Optional.of(
          "is no regular expression: %s at character %d"
              .formatted(e.getDescription(), Math.max(0, e.getIndex()) + 1));
    } catch (StackOverflowError _) {
      return Optional.of("is nested too deep for a regular expression");
    }
  }

  /// Whether the whole of a text matches. An expression that can not be used, and a match that is
  /// given up, is no match.
  static boolean matchesWhole(String expression, String text) {
    if (text.length() > MAX_TEXT || problem(expression).isPresent()) {
      return false;
    }
    try {
      return compiled(expression).matcher(new Counted(text)).matches();
    } catch (GivenUp | StackOverflowError _) {
      return false;
    }
  }

  private static Pattern compiled(String expression) {
    Pattern known = COMPILED.get(expression);
    if (known != null) {
      return known;
    }
    Pattern pattern = Pattern.compile(expression, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
    if (COMPILED.size() >= MAX_COMPILED) {
      COMPILED.clear();
    }
    COMPILED.put(expression, pattern);
    return pattern;
  }

  /// A text that counts how often it is read. Confined to one match.
  private static final class Counted implements CharSequence {

    private final String text;
    private int reads;

    Counted(String text) {
      this.text = text;
    }

    @Override
    public char charAt(int index) {
      reads++;
      if (reads > MAX_READS) {
        throw new GivenUp();
      }
      return text.charAt(index);
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.substring(start, end);
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /// A match went through too much of its text; never leaves this class.
  private static final class GivenUp extends RuntimeException {
    private static final long serialVersionUID = 1L;

    GivenUp() {
      super(null, null, false, false);
    }
  }
}
