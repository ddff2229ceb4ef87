package io.parley.engine;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// JSON text as templates and variables hold it, to plain Java (see [Values]) and back. Files and
/// stored states are not read here: this is for the short texts that a flow makes itself.
public final class Json {

  private Json() {}

  /// The value that a text stands for; empty where it is no JSON by RFC 8259, says a key twice, is
  /// longer than a million characters or deeper than 64. Null is as in [Values]: an entry is left
  /// out, an item becomes `""`, and so does a lone `null`.
  public static Optional<Object> parse(String text) {
    return new JsonReader(text).read();
  }

  /// The compact text of a value, entries in the map's own order. What is no JSON value is printed
  /// as its text.
  public static String print(@Nullable Object value) {
    StringBuilder out = new StringBuilder();
    print(value, out);
    return out.toString();
  }

  /// A number in plain decimal notation: `10000000000.0`. What is no finite number is `null`.
  public static String number(Number number) {
    return switch (number) {
      case Double real when !Double.isFinite(real) -> "null";
      case Double real -> BigDecimal.valueOf(real).toPlainString();
      case BigDecimal decimal -> decimal.toPlainString();
      default -> number.toString();
    };
  }

  private static void print(@Nullable Object value, StringBuilder out) {
    switch (value) {
      case null -> out.append("null");
      case Boolean flag -> out.append(flag);
      case Number number -> out.append(number(number));
      case Map<?, ?> map -> printObject(map, out);
      case Iterable<?> items -> printArray(items.iterator(), out);
      case Object[] items -> printArray(Arrays.asList(items).iterator(), out);
      default -> printText(value.toString(), out);
    }
  }

  private static void printObject(Map<?, ?> map, StringBuilder out) {
    out.append('{');
    String separator = "";
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      printText(String.valueOf(entry.getKey()), out.append(separator));
      print(entry.getValue(), out.append(':'));
      separator = ",";
    }
    out.append('}');
  }

  private static void printArray(Iterator<?> items, StringBuilder out) {
    out.append('[');
    while (items.hasNext()) {
      print(items.next(), out);
      out.append(items.hasNext() ? "," : "");
    }
    out.append(']');
  }

  private static void printText(String text, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"', '\\' -> out.append('\\').append(c);
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (c < ' ') {
            out.append("\\u%04x".formatted((int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }
}
