package io.parley.loadtest.oracle;

import java.util.List;
import java.util.stream.Collectors;

/// What the judge says of a run.
///
/// ```json
/// {"verdicts": [{"promise": "SEND_LEAVES_ONCE", "checked": 3120, "broken": 1, "objections": [
///   {"promise": "SEND_LEAVES_ONCE", "conversation": "0b5c...", "what": "...", "trace": "..."}]}]}
/// ```
///
/// @param verdicts one a promise, in the order of [Promise]
public record Judgement(List<Verdict> verdicts) {

  public Judgement {
    verdicts = List.copyOf(verdicts);
  }

  /// Whether no promise was broken.
  public boolean kept() {
    return verdicts.stream().allMatch(Verdict::kept);
  }

  /// What is said of a promise.
  public Verdict of(Promise promise) {
    return verdicts.stream()
        .filter(verdict -> verdict.promise() == promise)
        .findFirst()
        .orElseGet(() -> new Verdict(promise, 0, 0, List.of()));
  }

  /// The objections of all promises.
  public List<Objection> objections() {
    return verdicts.stream().flatMap(verdict -> verdict.objections().stream()).toList();
  }

  /// The ledger: a line a promise, and under it the objections with their traces.
  @Override
  public String toString() {
    return verdicts.stream()
        .map(
            verdict ->
                verdict
                    + verdict.objections().stream()
                        .map(objection -> "\n" + objection)
                        .collect(Collectors.joining())
                    + "\n")
        .collect(Collectors.joining());
  }
}
