package io.parley.engine;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads one JSON text, strictly. Confined to one call.
final class JsonReader {

  private static final int MAX_LENGTH = 1_000_000;
  private static final int MAX_DEPTH = 64;
  private static final Pattern NUMBER =
      Pattern.compile("-?+(?:0|[1-9]\\d*+)(\\.\\d++)?+([eE][+-]?+\\d++)?+");

  private final String text;
  private int at;

  JsonReader(String text) {
    this.text = text;
  }

  Optional<Object> read() {
    if (text.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    try {
      Object value = value(1);
      white();
      expect(at == text.length());
      return Optional.of(value == null ? "" : value);
    } catch (Malformed _) {
      return Optional.empty();
    }
  }

  private @Nullable Object value(int depth) {
    expect(depth <= MAX_DEPTH);
    white();
    return switch (peek()) {
      case '{' -> object(depth);
      case '[' -> array(depth);
      case '"' -> string();
      case 't' -> word("true", true);
      case 'f' -> word("false", false);
      case 'n' -> word("null", null);
      default -> number();
    };
  }

  private Map<String, Object> object(int depth) {
    Map<String, Object> entries = new LinkedHashMap<>();
    Set<String> keys = new HashSet<>();
    while (another(keys.isEmpty(), '}')) {
      white();
      String key = string();
      expect(keys.add(key));
      white();
      expect(next() == ':');
      Object value = value(depth + 1);
      if (value != null) {
        entries.put(key, value);
      }
    }
    return entries;
  }

  private List<Object> array(int depth) {
    List<Object> items = new ArrayList<>();
    while (another(items.isEmpty(), ']')) {
      Object value = value(depth + 1);
      items.add(value == null ? "" : value);
    }
    return items;
  }

  /// Steps over the bracket that opens and the comma that separates, or over the one that ends.
  private boolean another(boolean first, char end) {
    white();
    char c = next();
    if (!first) {
      expect(c == ',' || c == end);
      return c == ',';
    }
    white();
    if (peek() != end) {
      return true;
    }
    at++;
    return false;
  }

  private String string() {
    expect(next() == '"');
    StringBuilder out = new StringBuilder();
    for (char c = next(); c != '"'; c = next()) {
      expect(c >= ' ');
      out.append(c == '\\' ? escaped() : c);
    }
    return out.toString();
  }

  private char escaped() {
    char c = next();
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> (char) (hex() << 12 | hex() << 8 | hex() << 4 | hex());
      default -> throw new Malformed();
    };
  }

  private int hex() {
    int digit = Character.digit(next(), 16);
    expect(digit >= 0);
    return digit;
  }

  private Object number() {
    var matcher = NUMBER.matcher(text).region(at, text.length());
    expect(matcher.lookingAt());
    at = matcher.end();
    boolean whole = matcher.group(1) == null && matcher.group(2) == null;
    if (whole && matcher.group().length() <= 18) {
      return Long.valueOf(matcher.group());
    }
    double real = Double.parseDouble(matcher.group());
    expect(Double.isFinite(real));
    return real;
  }

  private @Nullable Object word(String word, @Nullable Object value) {
    expect(text.startsWith(word, at));
    at += word.length();
    return value;
  }

  private void white() {
    while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private char peek() {
    expect(at < text.length());
    return text.charAt(at);
  }

  private char next() {
    char c = peek();
    at++;
    return c;
  }

  private static void expect(boolean held) {
    if (!held) {
      throw new Malformed();
    }
  }

  /// The text is no JSON; never leaves this class.
  private static final class Malformed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Malformed() {
      super(null, null, false, false);
    }
  }
}
