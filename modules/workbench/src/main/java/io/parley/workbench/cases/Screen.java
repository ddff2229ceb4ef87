package io.parley.workbench.cases;

import java.util.ArrayList;
import java.util.List;

/// How a chat is shown: what is said on the left, the path beside it; one under the other where
/// there is no room.
///
/// @param width in characters; 0 where it is no terminal
/// @param colour whether it may be coloured
/// @param echoes whether what is typed is shown by itself
public record Screen(int width, boolean colour, boolean echoes) {

  /// What a file or a pipe is shown.
  public static final Screen PLAIN = new Screen(0, false, false);

  private static final int LEAST_WIDTH = 90;
  private static final int GAP = 2;

  /// Two columns, or one below the other, the right one first, since the path leads to what is
  /// said.
  String beside(List<String> said, List<String> path) {
    StringBuilder out = new StringBuilder();
    if (width < LEAST_WIDTH) {
      path.forEach(line -> out.append(dim("  · " + line)).append('\n'));
      said.forEach(
          text ->
              wrap(text, width == 0 ? Integer.MAX_VALUE : width)
                  .forEach(line -> out.append(line).append('\n')));
      return out.toString();
    }
    int left = width * 3 / 5;
    List<String> lines = said.stream().flatMap(text -> wrap(text, left).stream()).toList();
    for (int i = 0; i < Math.max(lines.size(), path.size()); i++) {
      String line = i < lines.size() ? lines.get(i) : "";
      out.append(line);
      if (i < path.size()) {
        int room = left + GAP - line.codePointCount(0, line.length());
        out.append(" ".repeat(Math.max(1, room))).append(dim(path.get(i)));
      }
      out.append('\n');
    }
    return out.toString();
  }

  String dim(String text) {
    return colour ? "\u001b[2m" + text + "\u001b[0m" : text;
  }

  /// Lines of at most so many characters, broken at spaces where there are any, with the hanging
  /// indent of what is said.
  private static List<String> wrap(String text, int most) {
    List<String> lines = new ArrayList<>();
    for (String part : text.split("\n", -1)) {
      String rest = lines.isEmpty() ? part : "  " + part;
      while (rest.length() > most) {
        int at = rest.lastIndexOf(' ', most);
        int cut = at > 2 ? at : most;
        cut = Character.isLowSurrogate(rest.charAt(cut)) ? cut - 1 : cut;
        lines.add(rest.substring(0, cut));
        rest = "  " + rest.substring(cut).stripLeading();
      }
      lines.add(rest);
    }
    return lines;
  }
}
