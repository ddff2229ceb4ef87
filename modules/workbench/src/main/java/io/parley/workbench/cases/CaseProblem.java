package io.parley.workbench.cases;

/// What is wrong with a case file at a place.
///
/// @param line from 1
public record CaseProblem(String file, int line, String message) {

  @Override
  public String toString() {
    return file + ":" + line + ": " + message;
  }
}
