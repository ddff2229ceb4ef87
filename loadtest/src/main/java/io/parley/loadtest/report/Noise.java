package io.parley.loadtest.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Tells a difference between two runs from the difference that there is within each.
///
/// Seconds that follow each other are alike, so their values are taken together in blocks of five.
/// The blocks of both runs are put in one order (Mann and Whitney's test): two runs that differ
/// only by chance mix in it, and one block that was very slow weighs no more than one place.
///
/// @param blocks of the one whose blocks are fewer
/// @param z how far from well mixed they are, in standard deviations; positive where the second
///     run's values are greater
record Noise(int blocks, double z) {

  private static final int BLOCK = 5;

  /// Fewer blocks than these tell nothing.
  private static final int ENOUGH = 6;

  /// By chance it is beyond this once in a hundred times.
  private static final double RARE = 2.58;

  /// @param before by second, not a number where there is none
  static Noise between(List<Double> before, List<Double> after) {
    List<Double> a = blocks(before);
    List<Double> b = blocks(after);
    int fewer = Math.min(a.size(), b.size());
    return new Noise(fewer, fewer == 0 ? 0 : z(a, b));
  }

  boolean isTooShort() {
    return blocks < ENOUGH;
  }

  boolean isRise() {
    return z > RARE;
  }

  boolean isFall() {
    return z < -RARE;
  }

  private static List<Double> blocks(List<Double> seconds) {
    List<Double> blocks = new ArrayList<>();
    for (int i = 0; i < seconds.size(); i += BLOCK) {
      List<Double> block =
          seconds.subList(i, Math.min(seconds.size(), i + BLOCK)).stream()
              .filter(it -> !it.isNaN())
              .sorted()
              .toList();
      if (!block.isEmpty()) {
        blocks.add(block.get(block.size() / 2));
      }
    }
    return blocks;
  }

  private record Placed(double value, boolean isAfter) {}

  private static double z(List<Double> a, List<Double> b) {
    List<Placed> all = new ArrayList<>();
    a.forEach(it -> all.add(new Placed(it, false)));
    b.forEach(it -> all.add(new Placed(it, true)));
    all.sort(Comparator.comparingDouble(Placed::value));
    double ranks = 0;
    double ties = 0;
    for (int from = 0; from < all.size(); ) {
      int until = from;
      while (until < all.size() && all.get(until).value() == all.get(from).value()) {
        until++;
      }
      double rank = (from + 1 + until) / 2.0;
      ranks += rank * all.subList(from, until).stream().filter(Placed::isAfter).count();
      double alike = until - from;
      ties += alike * alike * alike - alike;
      from = until;
    }
    double n = a.size();
    double m = b.size();
    double u = ranks - m * (m + 1) / 2;
    double variance = n * m / 12 * (n + m + 1 - ties / ((n + m) * (n + m - 1)));
    return variance > 0 ? (u - n * m / 2) / Math.sqrt(variance) : 0;
  }
}
