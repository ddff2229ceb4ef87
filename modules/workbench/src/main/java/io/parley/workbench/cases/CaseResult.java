package io.parley.workbench.cases;

import java.util.List;

/// What came of a case.
///
/// @param flow the name of the flow that it was played with
public record CaseResult(FlowCase flowCase, String flow, List<Act> acts, List<Failure> failures) {

  /// Something that was not as expected.
  ///
  /// @param step counts from 1; 0 for what is expected of the whole case
  /// @param title the step in few words
  record Failure(int step, String title, Mismatch mismatch) {}

  public CaseResult {
    acts = List.copyOf(acts);
    failures = List.copyOf(failures);
  }

  public boolean passed() {
    return failures.isEmpty();
  }

  Standing standing() {
    return acts.isEmpty() ? Standing.BEGINNING : acts.getLast().after();
  }

  /// All that was heard.
  Heard heard() {
    return new Heard(contact(), acts, standing());
  }

  String contact() {
    return flowCase.setting().thread().theirs().value();
  }
}
