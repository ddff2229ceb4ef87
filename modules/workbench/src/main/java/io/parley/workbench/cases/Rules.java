package io.parley.workbench.cases;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// How a play's world answers by itself, and how often each rule has been used. Confined to one
/// play.
final class Rules {

  private final List<AnswerRule> answers;
  private final List<FailureRule> failures;
  private final IdentityHashMap<Object, Integer> uses = new IdentityHashMap<>();

  Rules(List<AnswerRule> answers, List<FailureRule> failures) {
    this.answers = List.copyOf(answers);
    this.failures = new ArrayList<>(failures);
  }

  void add(FailureRule rule) {
    failures.add(rule);
  }

  /// Uses the first rule that is for a request and not used up.
  Optional<Answer> answer(Asked asked) {
    for (AnswerRule rule : answers) {
      if (rule.isFor(asked) && isLeft(rule, rule.times())) {
        uses.merge(rule, 1, Integer::sum);
        return Optional.of(rule.answer());
      }
    }
    return Optional.empty();
  }

  /// Uses the first rule that is for a message and not used up; the code, where there is one.
  OptionalInt failure(Utterance utterance) {
    for (FailureRule rule : failures) {
      if (rule.isFor(utterance) && isLeft(rule, rule.times())) {
        uses.merge(rule, 1, Integer::sum);
        return OptionalInt.of(rule.code());
      }
    }
    return OptionalInt.empty();
  }

  private boolean isLeft(Object rule, Optional<Integer> times) {
    return times.map(it -> uses.getOrDefault(rule, 0) < it).orElse(true);
  }
}
