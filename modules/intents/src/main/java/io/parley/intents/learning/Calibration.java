package io.parley.intents.learning;

/// Turns a raw score into the share of such scores that were right: a logistic curve fitted to
/// scores of examples that the machine had not seen (Platt, 1999, with his smoothed targets).
///
/// @param slope how steep the curve is
/// @param offset where it crosses one half
record Calibration(double slope, double offset) {

  private static final int STEPS = 100;

  /// Where nothing was measured.
  static final Calibration ASSUMED = new Calibration(10, -4);

  static Calibration fitted(float[] scores, boolean[] right) {
    double good = 0;
    for (boolean it : right) {
      good += it ? 1 : 0;
    }
    if (good < 3 || good > right.length - 3) {
      return ASSUMED;
    }
    double high = (good + 1) / (good + 2);
    double low = 1 / (right.length - good + 2);
    double slope = ASSUMED.slope();
    double offset = ASSUMED.offset();
    for (int step = 0; step < STEPS; step++) {
      double ga = 0;
      double gb = 0;
      double haa = 1e-6;
      double hab = 0;
      double hbb = 1e-6;
      for (int i = 0; i < scores.length; i++) {
        double p = 1 / (1 + Math.exp(-(slope * scores[i] + offset)));
        double error = p - (right[i] ? high : low);
        double weight = p * (1 - p);
        ga += error * scores[i];
        gb += error;
        haa += weight * scores[i] * scores[i];
        hab += weight * scores[i];
        hbb += weight;
      }
      double determinant = haa * hbb - hab * hab;
      double da = (hbb * ga - hab * gb) / determinant;
      double db = (haa * gb - hab * ga) / determinant;
      slope -= da;
      offset -= db;
      if (Math.abs(da) + Math.abs(db) < 1e-7) {
        break;
      }
    }
    return slope > 0 && slope < 1_000 ? new Calibration(slope, offset) : ASSUMED;
  }

  double of(float score) {
    return 1 / (1 + Math.exp(-(slope * score + offset)));
  }
}
