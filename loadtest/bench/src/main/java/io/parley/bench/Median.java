package io.parley.bench;

import java.util.Arrays;

/// The middle of what rounds found.
final class Median {

  private Median() {}

  /// Of the rounds' ratios: what a busy machine does to one of a round it does to both.
  ///
  /// @param ones a figure a round
  /// @param others the same of the other
  static double ofRatios(double[] ones, double[] others) {
    double[] ratios = new double[ones.length];
    Arrays.setAll(ratios, i -> ones[i] / others[i]);
    return of(ratios);
  }

  static double of(double... values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
