package io.parley.engine.desk;

import io.parley.engine.flow.Place;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Lists of words in the desk's file; one word stands for a list of one.
final class Words {

  private Words() {}

  static Set<String> read(Place place) {
    Set<String> words = new LinkedHashSet<>();
    if (place.isAbsent()) {
      return words;
    }
    if (!(place.value() instanceof List<?>)) {
      add(place, words);
      return words;
    }
    place.items().forEach(item -> add(item, words));
    return words;
  }

  private static void add(Place place, Set<String> words) {
    String word = place.literal().strip();
    if (word.isEmpty()) {
      place.problem("must be a word, or a list of words");
    } else {
      words.add(word);
    }
  }
}
