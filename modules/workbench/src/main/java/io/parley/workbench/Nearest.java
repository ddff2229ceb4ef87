package io.parley.workbench;

import java.util.Comparator;
import java.util.List;

/// What is said of a word that nobody knows.
public final class Nearest {

  private Nearest() {}

  /// The sentence about a word that is not known, with the nearest one that is.
  public static String unknown(String kind, String word, List<String> known) {
    String all = "; known are " + String.join(", ", known);
    return known.stream()
        .min(Comparator.comparingInt(it -> distance(it, word)))
        .filter(it -> distance(it, word) <= Math.max(2, word.length() / 3))
        .map(it -> "unknown %s %s: did you mean %s?".formatted(kind, word, it))
        .orElse("unknown %s %s%s".formatted(kind, word, all));
  }

  /// Edits between two words.
  private static int distance(String one, String other) {
    int[] above = new int[other.length() + 1];
    for (int j = 0; j <= other.length(); j++) {
      above[j] = j;
    }
    for (int i = 1; i <= one.length(); i++) {
      int[] row = new int[other.length() + 1];
      row[0] = i;
      for (int j = 1; j <= other.length(); j++) {
        int change = one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1;
        row[j] = Math.min(above[j - 1] + change, Math.min(above[j], row[j - 1]) + 1);
      }
      above = row;
    }
    return above[other.length()];
  }
}
