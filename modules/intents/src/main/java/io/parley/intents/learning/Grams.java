package io.parley.intents.learning;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/// How texts are spelled: runs of three to five letters, words and pairs of words, each weighted by
/// how rare it is among the texts that this was made of. It catches typos, names and languages that
/// the sentence model has no notion of.
final class Grams {

  private static final Pattern MARKS = Pattern.compile("\\p{Mn}+");
  private static final Pattern NO_WORD = Pattern.compile("[^\\p{L}\\p{N}?]+");

  private final Map<String, Integer> places = new HashMap<>();
  private final float[] weights;

  /// @param texts those among which rareness is measured
  Grams(List<String> texts) {
    Map<String, Integer> counts = new HashMap<>();
    for (String text : texts) {
      for (String gram : new HashSet<>(grams(text))) {
        counts.merge(gram, 1, Integer::sum);
      }
    }
    List<String> known = new ArrayList<>(counts.keySet());
    known.sort(null);
    weights = new float[known.size()];
    for (int place = 0; place < weights.length; place++) {
      String gram = known.get(place);
      places.put(gram, place);
      double rareness = (1.0 + texts.size()) / (1.0 + counts.getOrDefault(gram, 0));
      weights[place] = (float) (Math.log(rareness) + 1);
    }
  }

  int size() {
    return weights.length;
  }

  /// The known grams of a text in ascending order, their weights of length one.
  Spelling spelling(String text) {
    Map<Integer, Integer> counts = new HashMap<>();
    for (String gram : grams(text)) {
      Integer place = places.get(gram);
      if (place != null) {
        counts.merge(place, 1, Integer::sum);
      }
    }
    int[] found = new int[counts.size()];
    int next = 0;
    for (int place : counts.keySet()) {
      found[next++] = place;
    }
    Arrays.sort(found);
    float[] values = new float[found.length];
    double square = 0;
    for (int i = 0; i < found.length; i++) {
      values[i] = (float) (1 + Math.log(counts.getOrDefault(found[i], 1))) * weights[found[i]];
      square += values[i] * values[i];
    }
    float factor = square == 0 ? 0 : (float) (1 / Math.sqrt(square));
    for (int i = 0; i < values.length; i++) {
      values[i] *= factor;
    }
    return new Spelling(found, values);
  }

  private static List<String> grams(String text) {
    String bare =
        MARKS
            .matcher(Normalizer.normalize(text.toLowerCase(Locale.ROOT), Normalizer.Form.NFKD))
            .replaceAll("");
    String words = NO_WORD.matcher(bare).replaceAll(" ").strip();
    List<String> grams = new ArrayList<>();
    if (words.isEmpty()) {
      return grams;
    }
    String padded = " " + words + " ";
    for (int length = 3; length <= 5; length++) {
      for (int i = 0; i + length <= padded.length(); i++) {
        grams.add(padded.substring(i, i + length));
      }
    }
    String[] all = words.split(" ", -1);
    for (int i = 0; i < all.length; i++) {
      grams.add("w:" + all[i]);
      if (i > 0) {
        grams.add("b:" + all[i - 1] + " " + all[i]);
      }
    }
    return grams;
  }

  /// Which grams a text has, and how much each weighs.
  static final class Spelling {

    final int[] places;
    final float[] values;

    Spelling(int[] places, float[] values) {
      this.places = places;
      this.values = values;
    }
  }
}
