package io.parley.loadtest.measure;

import io.parley.loadtest.oracle.Judgement;
import java.util.List;

/// A promise of Parley's, as the oracle found it.
///
/// @param promise what is promised, in a sentence
/// @param checked how many cases there were in which it could have been broken
/// @param broken those in which it was; at most some tens of them, see `brokenInAll`
/// @param brokenInAll how often it was broken
public record Kept(String promise, long checked, List<Broken> broken, long brokenInAll) {

  public Kept {
    broken = List.copyOf(broken);
  }

  public static Kept of(String promise, long checked, List<Broken> broken) {
    return new Kept(promise, checked, broken.stream().limit(50).toList(), broken.size());
  }

  /// The ledger of a run, as the oracle judges it.
  public static List<Kept> of(Judgement judgement) {
    return judgement.verdicts().stream()
        .map(
            verdict ->
                new Kept(
                    verdict.promise().sentence(),
                    verdict.checked(),
                    verdict.objections().stream()
                        .map(it -> new Broken(it.conversation(), it.what(), it.trace()))
                        .toList(),
                    verdict.broken()))
        .toList();
  }

  /// A case in which the promise was broken.
  ///
  /// @param conversation empty where it is nobody's alone
  /// @param trace everything that happened to the conversation, in lines
  public record Broken(String conversation, String what, String trace) {}
}
