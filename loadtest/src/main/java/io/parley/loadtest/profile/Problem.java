package io.parley.loadtest.profile;

/// What is wrong at a place of a profile, and what would be right there.
///
/// @param line in the file, from 1; 0 where it came of `--set`, or of the whole file
/// @param place such as `customers.arrivals[0].rate`; empty for the whole file
/// @param remedy a sentence that says what to do
public record Problem(int line, String place, String problem, String remedy) {

  /// `line 12: customers.mix.typo is not known here. Known are: answers, typos`
  @Override
  public String toString() {
    String where = line > 0 ? "line " + line + ": " : place.isEmpty() ? "" : "--set ";
    return where + (place.isEmpty() ? "" : place + " ") + problem + ". " + remedy;
  }
}
