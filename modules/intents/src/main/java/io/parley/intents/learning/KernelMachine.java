package io.parley.intents.learning;

import java.util.Arrays;
import java.util.List;
import java.util.Set;

/// Ridge regression on likeness: each class has a score near one for what is like its examples and
/// near zero for what is not. An example of no class teaches every class to say no, so that what is
/// out of scope scores low everywhere.
///
/// Chosen by measurement over logistic regression, nearest neighbours and discriminant analysis on
/// the same vectors; see MEASUREMENTS.md.
final class KernelMachine {

  /// What examples weigh against smoothness.
  static final float RIDGE = 0.3f;

  private final Likeness likeness;
  private final float[][] shares;
  private final int classes;

  /// @param shares for each example, what it adds to each class
  KernelMachine(Likeness likeness, float[][] shares, int classes) {
    this.likeness = likeness;
    this.shares = shares;
    this.classes = classes;
  }

  /// A machine, and how it would have scored each of its examples without having seen it.
  record Trained(KernelMachine machine, List<float[]> unseen) {}

  /// @param labels for each text the numbers of its classes
  static Trained train(
      Likeness likeness,
      List<String> texts,
      List<float[]> vectors,
      List<Set<Integer>> labels,
      Plan plan) {
    int size = texts.size();
    float[][] rows = new float[size][];
    for (int i = 0; i < size; i++) {
      rows[i] = likeness.to(texts.get(i), vectors.get(i), i + 1);
      rows[i][i] += plan.ridge();
    }
    Cholesky root = Cholesky.of(rows);
    float[][] shares = new float[size][plan.classes()];
    for (int i = 0; i < size; i++) {
      for (int label : labels.get(i)) {
        shares[i][label] = 1;
      }
    }
    root.solve(shares);
    KernelMachine machine = new KernelMachine(likeness, shares, plan.classes());
    return new Trained(
        machine, plan.judged() ? unseen(root.inverseDiagonal(), shares, labels) : List.of());
  }

  /// @param judged whether each example is also scored by what the others teach
  record Plan(int classes, float ridge, boolean judged) {}

  /// In ridge regression the error on an example that is left out has a closed form.
  private static List<float[]> unseen(
      float[] diagonal, float[][] shares, List<Set<Integer>> labels) {
    float[][] scores = new float[shares.length][];
    for (int i = 0; i < shares.length; i++) {
      scores[i] = new float[shares[i].length];
      for (int c = 0; c < shares[i].length; c++) {
        float target = labels.get(i).contains(c) ? 1 : 0;
        scores[i][c] = target - shares[i][c] / diagonal[i];
      }
    }
    return Arrays.asList(scores);
  }

  /// How like a text is to each example: what [#scores] and [#nearest] are read from.
  float[] near(String text, float[] vector) {
    return likeness.to(text, vector, likeness.count());
  }

  float[] scores(float[] near) {
    float[] scores = new float[classes];
    for (int j = 0; j < near.length; j++) {
      float[] share = shares[j];
      for (int c = 0; c < classes; c++) {
        scores[c] += near[j] * share[c];
      }
    }
    return scores;
  }

  /// The examples that a text is most like, most alike first.
  int[] nearest(float[] near, int most) {
    int[] best = new int[Math.min(most, near.length)];
    boolean[] taken = new boolean[near.length];
    for (int rank = 0; rank < best.length; rank++) {
      int top = -1;
      for (int j = 0; j < near.length; j++) {
        if (!taken[j] && (top < 0 || near[j] > near[top])) {
          top = j;
        }
      }
      best[rank] = top;
      taken[top] = true;
    }
    return best;
  }

  float[] example(int place) {
    return likeness.example(place);
  }

  float[][] shares() {
    return shares;
  }
}
