package io.parley.workbench;

import io.parley.engine.Json;
import org.jspecify.annotations.Nullable;

/// Two values as a sentence about them shows them: their JSON, of long ones the part in which they
/// differ.
///
/// @param old what was
/// @param now what is
record Wording(String old, String now) {

  private static final int MAX_LENGTH = 70;
  private static final int LEAD = 20;

  static Wording of(@Nullable Object old, @Nullable Object now) {
    String left = Json.print(old);
    String right = Json.print(now);
    int from = left.length() > MAX_LENGTH || right.length() > MAX_LENGTH ? same(left, right) : 0;
    return new Wording(cut(left, from - LEAD), cut(right, from - LEAD));
  }

  static String of(@Nullable Object value) {
    return cut(Json.print(value), 0);
  }

  private static int same(String left, String right) {
    int i = 0;
    while (i < left.length() && i < right.length() && left.charAt(i) == right.charAt(i)) {
      i++;
    }
    return i;
  }

  private static String cut(String text, int from) {
    int start = whole(text, Math.max(0, Math.min(from, text.length())));
    int end = whole(text, Math.min(text.length(), start + MAX_LENGTH));
    return (start > 0 ? "…" : "") + text.substring(start, end) + (end < text.length() ? "…" : "");
  }

  /// Never between the halves of a character.
  private static int whole(String text, int at) {
    boolean within = at > 0 && at < text.length() && Character.isLowSurrogate(text.charAt(at));
    return within ? at - 1 : at;
  }
}
