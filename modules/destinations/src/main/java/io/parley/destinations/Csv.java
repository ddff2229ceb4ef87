package io.parley.destinations;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// Comma-separated values as RFC 4180 has them: lines end in CR LF, and a field with a comma, a
/// quote or a line break stands in quotes, each quote in it doubled.
final class Csv {

  private static final String END_OF_LINE = "\r\n";

  private Csv() {}

  /// A line with its end.
  static String line(List<String> fields) {
    return fields.stream().map(Csv::field).collect(Collectors.joining(",", "", END_OF_LINE));
  }

  private static String field(String text) {
    boolean plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n');
    return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
  }

  /// The fields of each line, of a text that is made of lines. Lines may end in LF alone.
  static List<List<String>> read(String text) {
    List<List<String>> lines = new ArrayList<>();
    List<String> fields = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quoted) {
        boolean doubled = c == '"' && i + 1 < text.length() && text.charAt(i + 1) == '"';
        if (c != '"' || doubled) {
          field.append(c);
        }
        if (doubled) {
          i++;
        } else if (c == '"') {
          quoted = false;
        }
        continue;
      }
      switch (c) {
        case '"' -> quoted = true;
        case ',' -> {
          fields.add(field.toString());
          field.setLength(0);
        }
        case '\r' -> {}
        case '\n' -> {
          fields.add(field.toString());
          field.setLength(0);
          lines.add(List.copyOf(fields));
          fields.clear();
        }
        default -> field.append(c);
      }
    }
    return lines;
  }
}
