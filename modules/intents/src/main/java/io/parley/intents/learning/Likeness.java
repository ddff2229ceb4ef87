package io.parley.intents.learning;

import io.parley.intents.learning.Grams.Spelling;
import java.util.List;

/// How alike a text is to each of many examples, 0 to 1: by meaning, which falls off steeply with
/// the angle between sentence vectors, and by spelling.
///
/// Laid out so that the inner loops run over examples, which the compiler turns into vector
/// instructions: 9,000 examples in 192 directions take a quarter of a millisecond.
final class Likeness {

  /// @param steepness how fast likeness in meaning falls off
  /// @param spelling the share of spelling, 0 to 1
  record Shape(float steepness, float spelling) {

    /// What did best on the bundled tags by leaving one example out at a time.
    static final Shape STANDARD = new Shape(6, 0.3f);
  }

  private final Shape shape;
  private final int count;
  private final float[][] columns;
  private final Grams grams;

  /// Where the examples that hold a gram begin in the two below.
  private final int[] starts;

  private final int[] holders;
  private final float[] holderValues;

  Likeness(Shape shape, List<String> texts, List<float[]> vectors) {
    this.shape = shape;
    this.count = texts.size();
    this.columns = new float[vectors.isEmpty() ? 0 : vectors.getFirst().length][];
    for (int i = 0; i < columns.length; i++) {
      float[] column = new float[count];
      for (int j = 0; j < count; j++) {
        column[j] = vectors.get(j)[i];
      }
      columns[i] = column;
    }
    this.grams = new Grams(texts);
    List<Spelling> spellings = texts.stream().map(grams::spelling).toList();
    this.starts = new int[grams.size() + 1];
    for (Spelling spelling : spellings) {
      for (int place : spelling.places) {
        starts[place + 1]++;
      }
    }
    for (int i = 1; i < starts.length; i++) {
      starts[i] += starts[i - 1];
    }
    this.holders = new int[starts[grams.size()]];
    this.holderValues = new float[holders.length];
    int[] next = starts.clone();
    for (int j = 0; j < count; j++) {
      Spelling spelling = spellings.get(j);
      for (int i = 0; i < spelling.places.length; i++) {
        int at = next[spelling.places[i]]++;
        holders[at] = j;
        holderValues[at] = spelling.values[i];
      }
    }
  }

  int count() {
    return count;
  }

  /// The vector of an example.
  float[] example(int place) {
    float[] vector = new float[columns.length];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = columns[i][place];
    }
    return vector;
  }

  /// The likeness of a text to the first examples.
  ///
  /// @param upTo how many of them
  float[] to(String text, float[] vector, int upTo) {
    float[] meaning = new float[upTo];
    for (int i = 0; i < columns.length; i++) {
      float[] column = columns[i];
      float value = vector[i];
      for (int j = 0; j < upTo; j++) {
        meaning[j] += value * column[j];
      }
    }
    float[] spelled = new float[upTo];
    if (shape.spelling() > 0) {
      Spelling spelling = grams.spelling(text);
      for (int i = 0; i < spelling.places.length; i++) {
        float value = spelling.values[i];
        int end = starts[spelling.places[i] + 1];
        for (int k = starts[spelling.places[i]]; k < end && holders[k] < upTo; k++) {
          spelled[holders[k]] += value * holderValues[k];
        }
      }
    }
    for (int j = 0; j < upTo; j++) {
      float near = (float) Math.exp(shape.steepness() * (meaning[j] / 2 - 1));
      meaning[j] = (1 - shape.spelling()) * near + shape.spelling() * spelled[j];
    }
    return meaning;
  }
}
