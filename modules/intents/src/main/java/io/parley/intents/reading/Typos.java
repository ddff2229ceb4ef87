package io.parley.intents.reading;

import java.util.Set;

/// Mends the words that matter most where they are mistyped.
final class Typos {

  /// Words one slip from stop that mean something else.
  private static final Set<String> NOT_STOP =
      Set.of(
          "shop", "step", "top", "tops", "stow", "slop", "stoop", "atop", "stomp", "strop", "stops",
          "stock", "store", "story", "stoup", "stoppe", "snop", "swop", "sop", "sto", "esto",
          "stove", "stone", "storm", "stood", "stool", "stole", "photop", "setop", "stok", "ston",
          "tot", "spot", "tp", "op", "stp", "scoop", "stor");

  /// Other forms of it, which are no slips.
  private static final Set<String> UNSUBSCRIBES =
      Set.of("unsubscribe", "unsubscribed", "unsubscribes", "unsubscribing", "subscribe");

  private Typos() {}

  static String mended(String text) {
    String[] words = text.split(" ", -1);
    boolean changed = false;
    for (int i = 0; i < words.length; i++) {
      String mended = mendedWord(words[i], words.length);
      if (!mended.equals(words[i])) {
        words[i] = mended;
        changed = true;
      }
    }
    return changed ? String.join(" ", words) : text;
  }

  private static String mendedWord(String word, int words) {
    int length = word.length();
    if (UNSUBSCRIBES.contains(word)) {
      return word;
    }
    if (length >= 8 && length <= 14 && word.startsWith("un") && slips(word, "unsubscribe") <= 3) {
      return "unsubscribe";
    }
    if (length >= 9
        && length <= 13
        && !word.startsWith("re")
        && !word.startsWith("sub")
        && slips(word, "unsubscribe") <= 2) {
      return "unsubscribe";
    }
    if (length >= 3
        && length <= 6
        && !NOT_STOP.contains(word)
        && (word.indexOf('t') >= 0 || length == 4)
        && slips(word, "stop") == 1) {
      return "stop";
    }
    if (word.equals("stp") || (words == 1 && (word.equals("sto") || word.equals("spot")))) {
      return "stop";
    }
    if (length >= 5 && length <= 7 && slips(word, "cancel") == 1) {
      return word.endsWith("r") || word.endsWith("a") || word.endsWith("e") ? word : "cancel";
    }
    return word;
  }

  /// How many slips of the finger lie between two words: a letter left out, put in, changed, or two
  /// neighbours changed round.
  static int slips(String one, String other) {
    int[] before = new int[other.length() + 1];
    int[] last = new int[other.length() + 1];
    int[] row = new int[other.length() + 1];
    for (int j = 0; j <= other.length(); j++) {
      last[j] = j;
    }
    for (int i = 1; i <= one.length(); i++) {
      row[0] = i;
      for (int j = 1; j <= other.length(); j++) {
        int change = one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1;
        row[j] = Math.min(Math.min(last[j], row[j - 1]) + 1, last[j - 1] + change);
        if (i > 1
            && j > 1
            && one.charAt(i - 1) == other.charAt(j - 2)
            && one.charAt(i - 2) == other.charAt(j - 1)) {
          row[j] = Math.min(row[j], before[j - 2] + 1);
        }
      }
      int[] free = before;
      before = last;
      last = row;
      row = free;
    }
    return last[other.length()];
  }
}
