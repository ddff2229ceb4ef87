package io.parley.verticles;

/// How many of how many, and where the true rate is likely to be. 95 % throughout.
///
/// @param of at least as many
record Proportion(long count, long of) {

  /// The 97.5 % quantile of the normal distribution.
  private static final double Z = 1.959963984540054;

  Proportion {
    if (count < 0 || count > of) {
      throw new IllegalArgumentException(count + " of " + of);
    }
  }

  /// Where a number is likely to be.
  record Interval(double low, double high) {}

  /// 0 where there is nothing that it could be of.
  double rate() {
    return of == 0 ? 0 : (double) count / of;
  }

  /// Wilson's score interval, without a correction for continuity. Source: E. B. Wilson, Probable
  /// inference, the law of succession, and statistical inference, JASA 22 (1927).
  Interval interval() {
    if (of == 0) {
      return new Interval(0, 1);
    }
    double square = Z * Z / of;
    double middle = (rate() + square / 2) / (1 + square);
    double half = Z / (1 + square) * Math.sqrt(rate() * (1 - rate()) / of + square / (4.0 * of));
    return new Interval(
        count == 0 ? 0 : Math.max(0, middle - half), count == of ? 1 : Math.min(1, middle + half));
  }

  /// How much higher this rate is than another. Source: R. G. Newcombe, Interval estimation for the
  /// difference between independent proportions, Statistics in Medicine 17 (1998), method 10.
  Interval over(Proportion other) {
    double difference = rate() - other.rate();
    Interval mine = interval();
    Interval its = other.interval();
    return new Interval(
        difference - Math.hypot(rate() - mine.low(), its.high() - other.rate()),
        difference + Math.hypot(mine.high() - rate(), other.rate() - its.low()));
  }
}
