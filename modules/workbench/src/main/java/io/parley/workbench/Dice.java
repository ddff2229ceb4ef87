package io.parley.workbench;

import java.util.List;

/// The draws of a walk: SplitMix64, spelled out so that a seed means the same walk for ever.
/// Confined to one walk.
final class Dice {

  private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

  private long state;

  Dice(long seed) {
    this.state = seed;
  }

  /// Other dice for each run, so that one run can be walked again by itself.
  static Dice ofRun(long seed, int run) {
    return new Dice(new Dice(seed).draw() + run * GOLDEN_GAMMA);
  }

  private long draw() {
    state += GOLDEN_GAMMA;
    long mixed = (state ^ (state >>> 30)) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
    return mixed ^ (mixed >>> 31);
  }

  /// From 0 to below a bound, which is above 0.
  int below(int bound) {
    return (int) Long.remainderUnsigned(draw(), bound);
  }

  /// Whether one of so many cases in a hundred came up.
  boolean percent(int cases) {
    return below(100) < cases;
  }

  <T> T pick(List<T> items) {
    return items.get(below(items.size()));
  }
}
