package io.parley.verticles;

import io.parley.engine.flow.FlowProblem;
import java.util.List;
import java.util.function.Function;

/// What came of a question to a Studio API.
sealed interface Asked<T> {

  record Given<T>(T value) implements Asked<T> {}

  record Refused<T>(Refusal refusal) implements Asked<T> {}

  /// Why there is no answer.
  ///
  /// @param status of HTTP; 0 where there was no answer at all
  /// @param sentence what was asked of whom, and what came of it
  /// @param problems of the definition (81022), by pointer
  record Refusal(int status, String sentence, String remedy, List<FlowProblem> problems) {

    public Refusal {
      problems = List.copyOf(problems);
    }
  }

  static <T> Asked<T> refused(String sentence, String remedy) {
    return new Refused<>(new Refusal(0, sentence, remedy, List.of()));
  }

  /// The answer to the question that follows from this one.
  default <U> Asked<U> then(Function<T, Asked<U>> next) {
    return switch (this) {
      case Given<T>(var value) -> next.apply(value);
      case Refused<T>(var refusal) -> new Refused<>(refusal);
    };
  }

  default <U> Asked<U> map(Function<T, U> use) {
    return then(value -> new Given<>(use.apply(value)));
  }
}
