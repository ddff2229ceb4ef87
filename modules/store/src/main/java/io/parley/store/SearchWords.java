package io.parley.store;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Texts as the words that they are found by: runs of letters and digits in lower case. Numbers of
/// telephones are found by their last digits, too.
final class SearchWords {

  private static final int MAX_LENGTH = 40;
  private static final List<Integer> LAST_DIGITS = List.of(4, 7, 10);

  private SearchWords() {}

  static Set<String> of(Collection<String> texts) {
    Set<String> words = new LinkedHashSet<>();
    for (String text : texts) {
      for (String word : text.toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{N}]+", -1)) {
        if (!word.isEmpty()) {
          words.add(cut(word));
        }
      }
    }
    return words;
  }

  /// The last digits of a number, and all of them.
  static Set<String> ofNumber(String address) {
    String digits = address.replaceAll("\\D", "");
    Set<String> words = new LinkedHashSet<>(of(List.of(address)));
    for (int length : LAST_DIGITS) {
      if (digits.length() > length) {
        words.add(digits.substring(digits.length() - length));
      }
    }
    return words;
  }

  /// What a search asks of Postgres: each of its words, or what begins with it; empty where it has
  /// none.
  static String query(String search) {
    String plain = search.replaceAll("(?<=[\\d)])[\\s().-]+(?=[\\d(])", "");
    List<String> terms = new ArrayList<>();
    of(List.of(plain)).forEach(word -> terms.add(word + ":*"));
    return String.join(" & ", terms);
  }

  private static String cut(String word) {
    return word.length() <= MAX_LENGTH
        ? word
        : word.substring(0, Character.isHighSurrogate(word.charAt(MAX_LENGTH - 1)) ? 39 : 40);
  }
}
