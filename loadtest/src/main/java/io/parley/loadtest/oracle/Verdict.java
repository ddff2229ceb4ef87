package io.parley.loadtest.oracle;

import java.util.List;
import java.util.Locale;

/// What is said of one promise.
///
/// @param checked how many things were looked at; 0 where the run had nothing of the kind, so that
///     the promise was not put to the test
/// @param broken how many of them break it
/// @param objections the first of those, at most [#MAX_OBJECTIONS]
public record Verdict(Promise promise, long checked, long broken, List<Objection> objections) {

  static final int MAX_OBJECTIONS = 20;

  public Verdict {
    objections = List.copyOf(objections);
  }

  public boolean kept() {
    return broken == 0;
  }

  /// `kept`, `broken` or `not tested`.
  public String word() {
    return broken > 0 ? "broken" : checked > 0 ? "kept" : "not tested";
  }

  /// A line of the ledger.
  @Override
  public String toString() {
    return broken > 0
        ? String.format(
            Locale.ROOT, "BROKEN      %,9d of %,d  %s", broken, checked, promise.sentence())
        : String.format(Locale.ROOT, "%-11s %,9d  %s", word(), checked, promise.sentence());
  }
}
