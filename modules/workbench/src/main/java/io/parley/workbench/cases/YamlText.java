package io.parley.workbench.cases;

import io.parley.engine.Json;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Values as YAML that people like to read: plain words where they mean themselves, else quoted as
/// in JSON, long texts as blocks.
final class YamlText {

  private static final Pattern PLAIN =
      Pattern.compile("[\\p{L}\\p{N}_+/$(.][^\\n\\r\\t\\p{Cc}\\p{Cf}]*");

  private YamlText() {}

  /// On one line, with braces and brackets.
  static String inline(@Nullable Object value) {
    return switch (value) {
      case Map<?, ?> map ->
          map.entrySet().stream()
              .map(it -> key(String.valueOf(it.getKey())) + ": " + inline(it.getValue()))
              .collect(Collectors.joining(", ", "{", "}"));
      case List<?> list ->
          list.stream().map(YamlText::inline).collect(Collectors.joining(", ", "[", "]"));
      case String text -> isPlain(text) && !hasIndicator(text) ? text : quoted(text);
      case null, default -> Json.print(value);
    };
  }

  /// What stands after a key and its colon, or after the dash of an item: a space and a scalar, or
  /// a block on the lines below.
  ///
  /// @param indent of the lines below
  static String after(@Nullable Object value, int indent) {
    String margin = "\n" + " ".repeat(indent);
    return switch (value) {
      case Map<?, ?> map when !map.isEmpty() -> margin + entries(map, indent);
      case List<?> list when !list.isEmpty() ->
          list.stream().map(it -> margin + item(it, indent)).collect(Collectors.joining());
      case String text when isBlock(text) ->
          " |-"
              + text.lines()
                  .map(line -> line.isEmpty() ? "\n" : margin + line)
                  .collect(Collectors.joining());
      case String text -> " " + (isPlain(text) ? text : quoted(text));
      case null, default -> " " + inline(value);
    };
  }

  /// An item of a list with its dash.
  ///
  /// @param indent of the dash
  static String item(@Nullable Object value, int indent) {
    return value instanceof Map<?, ?> map && !map.isEmpty()
        ? "- " + entries(map, indent + 2)
        : "-" + after(value, indent + 2);
  }

  /// Entries, the first one without its margin.
  static String entries(Map<?, ?> map, int indent) {
    return map.entrySet().stream()
        .map(it -> key(String.valueOf(it.getKey())) + ":" + after(it.getValue(), indent + 2))
        .collect(Collectors.joining("\n" + " ".repeat(indent)));
  }

  /// As in JSON, and with escapes for what YAML does not take as it is.
  private static String quoted(String text) {
    StringBuilder out = new StringBuilder();
    for (char c : Json.print(text).toCharArray()) {
      out.append(c >= 0x7f && isHidden(c) ? "\\u%04x".formatted((int) c) : String.valueOf(c));
    }
    return out.toString();
  }

  private static String key(String name) {
    return isPlain(name) && !hasIndicator(name) ? name : quoted(name);
  }

  private static boolean isBlock(String text) {
    return text.contains("\n")
        && !text.startsWith(" ")
        && !text.startsWith("\n")
        && !text.endsWith("\n")
        && text.chars().allMatch(c -> c == '\n' || c >= ' ')
        && text.codePoints().noneMatch(YamlText::isHidden);
  }

  private static boolean isHidden(int point) {
    return Character.getType(point) == Character.FORMAT
        || (Character.getType(point) == Character.CONTROL && point != '\n')
        || point == 0x2028
        || point == 0x2029
        || point == 0x85
        || point == 0xFEFF;
  }

  private static boolean isPlain(String text) {
    return PLAIN.matcher(text).matches()
        && text.strip().equals(text)
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.endsWith(":")
        && text.codePoints().noneMatch(YamlText::isHidden)
        && text.equals(Written.plain(text))
        && !text.equals(".")
        && !text.equals("...");
  }

  private static boolean hasIndicator(String text) {
    return text.chars().anyMatch(c -> ",[]{}?\"'#".indexOf(c) >= 0) || text.contains(":");
  }
}
