package io.parley.codec;

import io.parley.engine.Json;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// JSON in one form only, made for people and for diffs: two spaces, an entry or item a line, and
/// a flow's keys in the order in which one reads a flow, then all others by name.
public final class CanonicalJson {

  private static final List<String> FIRST =
      List.of(
          "$schema",
          "description",
          "initial_state",
          "flags",
          "states",
          "friendly_name",
          "name",
          "key",
          "type",
          "event",
          "next",
          "conditions",
          "arguments",
          "value",
          "properties",
          "transitions");

  private static final Comparator<String> ORDER =
      Comparator.comparingInt(CanonicalJson::rank).thenComparing(Comparator.naturalOrder());

  private CanonicalJson() {}

  /// The text of a value of maps, lists, texts, numbers, flags and nulls, with a line feed at the
  /// end. Empty objects and lists stand on one line.
  public static String print(@Nullable Object value) {
    StringBuilder out = new StringBuilder();
    print(value, ORDER, 0, out);
    return out.append('\n').toString();
  }

  /// As [#print], with entries in the maps' own order.
  public static String printInOrder(@Nullable Object value) {
    StringBuilder out = new StringBuilder();
    print(value, (_, _) -> 0, 0, out);
    return out.append('\n').toString();
  }

  private static int rank(String key) {
    int rank = FIRST.indexOf(key);
    return rank < 0 ? FIRST.size() : rank;
  }

  private static void print(
      @Nullable Object value, Comparator<String> order, int depth, StringBuilder out) {
    switch (value) {
      case Map<?, ?> map when map.isEmpty() -> out.append("{}");
      case List<?> list when list.isEmpty() -> out.append("[]");
      case Map<?, ?> map -> {
        out.append('{');
        Iterator<String> keys = map.keySet().stream().map(String::valueOf).sorted(order).iterator();
        while (keys.hasNext()) {
          String key = keys.next();
          line(depth + 1, out).append(Json.print(key)).append(": ");
          print(map.get(key), order, depth + 1, out);
          out.append(keys.hasNext() ? "," : "");
        }
        line(depth, out).append('}');
      }
      case List<?> list -> {
        out.append('[');
        Iterator<?> items = list.iterator();
        while (items.hasNext()) {
          line(depth + 1, out);
          print(items.next(), order, depth + 1, out);
          out.append(items.hasNext() ? "," : "");
        }
        line(depth, out).append(']');
      }
      // Not in full: 1e9999 is a short text, and has ten thousand digits.
      case BigDecimal decimal -> out.append(decimal);
      case null, default -> out.append(Json.print(value));
    }
  }

  private static StringBuilder line(int depth, StringBuilder out) {
    return out.append('\n').repeat("  ", depth);
  }
}
