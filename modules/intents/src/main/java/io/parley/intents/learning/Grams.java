package io.parley.intents.learning;

import java.text.Normalizer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// How texts are spelled: runs of three to five letters, words and pairs of words, each weighted by
/// how rare it is among the texts that this was made of. It catches typos, names and languages that
/// the sentence model has no notion of.
final class Grams {

  private static final Pattern MARKS = Pattern.compile("\\p{Mn}+");
  private static final Pattern NO_WORD = Pattern.compile("[^\\p{L}\\p{N}?]+");

  /// Marks of the three kinds, so that a word is another gram than the same letters within one.
  private static final long LETTERS = 0xcbf29ce484222325L;

  private static final long WORD = 0x9e3779b97f4a7c15L;
  private static final long PAIR = 0xc2b2ae3d27d4eb4fL;

  private static final long FACTOR = 0x100000001b3L;

  /// The known grams by their 64-bit digests, in ascending order: as strings they would take ten
  /// times the room, and of a few hundred thousand no two share a digest.
  private final long[] known;

  private final float[] weights;

  /// @param texts those among which rareness is measured
  Grams(List<String> texts) {
    long[] all = new long[texts.size() * 128];
    int count = 0;
    for (String text : texts) {
      long[] grams = grams(text);
      if (count + grams.length > all.length) {
        all = Arrays.copyOf(all, Math.max(all.length * 3 / 2, count + grams.length));
      }
      for (int i = 0; i < grams.length; i++) {
        if (i == 0 || grams[i] != grams[i - 1]) {
          all[count++] = grams[i];
        }
      }
    }
    Arrays.sort(all, 0, count);
    int distinct = 0;
    for (int i = 0; i < count; i++) {
      distinct += i == 0 || all[i] != all[i - 1] ? 1 : 0;
    }
    known = new long[distinct];
    weights = new float[distinct];
    int from = 0;
    for (int place = 0; place < distinct; place++) {
      int to = from;
      while (to < count && all[to] == all[from]) {
        to++;
      }
      known[place] = all[from];
      weights[place] = (float) (Math.log((1.0 + texts.size()) / (1.0 + to - from)) + 1);
      from = to;
    }
  }

  int size() {
    return weights.length;
  }

  /// The known grams of a text in ascending order, their weights of length one.
  Spelling spelling(String text) {
    long[] grams = grams(text);
    int[] found = new int[grams.length];
    float[] values = new float[grams.length];
    int count = 0;
    double square = 0;
    int to = 0;
    for (int from = 0; from < grams.length; from = to) {
      while (to < grams.length && grams[to] == grams[from]) {
        to++;
      }
      int place = Arrays.binarySearch(known, grams[from]);
      if (place >= 0) {
        float value = (float) (1 + Math.log(to - from)) * weights[place];
        found[count] = place;
        values[count++] = value;
        square += value * value;
      }
    }
    float factor = square == 0 ? 0 : (float) (1 / Math.sqrt(square));
    for (int i = 0; i < count; i++) {
      values[i] *= factor;
    }
    return new Spelling(Arrays.copyOf(found, count), Arrays.copyOf(values, count));
  }

  /// The digests of a text's grams in ascending order, each as often as it comes.
  private static long[] grams(String text) {
    String bare =
        MARKS
            .matcher(Normalizer.normalize(text.toLowerCase(Locale.ROOT), Normalizer.Form.NFKD))
            .replaceAll("");
    String words = NO_WORD.matcher(bare).replaceAll(" ").strip();
    if (words.isEmpty()) {
      return new long[0];
    }
    String padded = " " + words + " ";
    long[] grams = new long[padded.length() * 4];
    int count = 0;
    for (int i = 0; i + 3 <= padded.length(); i++) {
      long digest = LETTERS;
      for (int length = 1; length <= 5 && i + length <= padded.length(); length++) {
        digest = (digest ^ padded.charAt(i + length - 1)) * FACTOR;
        if (length >= 3) {
          grams[count++] = mixed(digest);
        }
      }
    }
    String before = "";
    for (String word : words.split(" ", -1)) {
      grams[count++] = digest(WORD, word);
      if (!before.isEmpty()) {
        grams[count++] = digest(PAIR, before + " " + word);
      }
      before = word;
    }
    Arrays.sort(grams, 0, count);
    return Arrays.copyOf(grams, count);
  }

  private static long digest(long kind, String text) {
    long digest = kind;
    for (int i = 0; i < text.length(); i++) {
      digest = (digest ^ text.charAt(i)) * FACTOR;
    }
    return mixed(digest);
  }

  /// Spreads what the last letters changed over all digits.
  private static long mixed(long digest) {
    long once = (digest ^ (digest >>> 31)) * 0x7fb5d329728ea185L;
    return once ^ (once >>> 29);
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
