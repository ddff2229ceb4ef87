package io.parley.edge;

import io.parley.engine.Json;
import io.parley.engine.Values;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Makes texts fit, and says so in what is left. Never splits a character.
public final class Cut {

  /// Ends whatever was cut.
  public static final String MARK = "…[cut]";

  private static final int MARK_BYTES = bytes(MARK);

  private Cut() {}

  /// How many bytes a text has in UTF-8.
  public static int bytes(String text) {
    int bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      char unit = text.charAt(i);
      if (unit < 0x80) {
        bytes += 1;
      } else if (unit < 0x800 || Character.isSurrogate(unit)) {
        bytes += 2;
      } else {
        bytes += 3;
      }
    }
    return bytes;
  }

  /// The text, or as much of its beginning as fits with the mark.
  ///
  /// @param maxBytes at least the mark's own length
  public static String text(String text, int maxBytes) {
    String whole = wellFormed(text);
    if (bytes(whole) <= maxBytes) {
      return whole;
    }
    int end = 0;
    int left = maxBytes - MARK_BYTES;
    while (end < whole.length()) {
      int next = end + Character.charCount(whole.codePointAt(end));
      left -= bytes(whole.substring(end, next));
      if (left < 0) {
        break;
      }
      end = next;
    }
    return whole.substring(0, end) + MARK;
  }

  /// A value that fits: a list or object that is too long becomes the beginning of its JSON text.
  public static Object value(Object value, int maxBytes) {
    if (value instanceof String text) {
      return text(text, maxBytes);
    }
    String json = Json.print(value);
    return bytes(json) <= maxBytes ? value : text(json, maxBytes);
  }

  /// Every text in the values, however deep, made to fit.
  public static Values texts(Values values, int maxBytes) {
    return new Values(map(values.entries(), maxBytes));
  }

  private static Map<String, Object> map(Map<?, ?> source, int maxBytes) {
    Map<String, Object> target = LinkedHashMap.newLinkedHashMap(source.size());
    source.forEach((key, value) -> target.put(wellFormed((String) key), inner(value, maxBytes)));
    return target;
  }

  private static Object inner(Object value, int maxBytes) {
    return switch (value) {
      case String text -> text(text, maxBytes);
      case Map<?, ?> map -> map(map, maxBytes);
      case List<?> list -> {
        List<Object> items = new ArrayList<>(list.size());
        list.forEach(item -> items.add(inner(item, maxBytes)));
        yield items;
      }
      default -> value;
    };
  }

  /// The text with half surrogate pairs replaced, since no encoding carries them.
  private static String wellFormed(String text) {
    if (text.chars().noneMatch(unit -> Character.isSurrogate((char) unit))) {
      return text;
    }
    int[] points =
        text.codePoints()
            .map(point -> Character.getType(point) == Character.SURROGATE ? 0xFFFD : point)
            .toArray();
    return new String(points, 0, points.length);
  }
}
