package io.parley.networks;

import io.parley.edge.OutcomeSink.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What an answer means for all that a request carried.
sealed interface Judgement {

  record Taken() implements Judgement {}

  /// An outage, a limit, or settings that somebody must mend: nothing is wrong with what was sent.
  record Later(String why, Optional<Duration> after) implements Judgement {}

  /// Something in the request is at fault, and would be again.
  record Faulty(String why) implements Judgement {}

  static Judgement later(String why) {
    return new Later(why, Optional.empty());
  }

  /// For each of a request's effects. One that stands alone is at fault; among several nobody knows
  /// which.
  default List<Verdict> verdicts(int count) {
    Verdict each =
        switch (this) {
          case Taken() -> new Verdict.Delivered();
          case Later(String why, Optional<Duration> after) -> new Verdict.Retry(why, after);
          case Faulty(String why) ->
              count == 1 ? new Verdict.Refused(why) : new Verdict.Retry(why, Optional.empty());
        };
    return all(count, each);
  }

  /// Whether halves of the request would show which of its effects is at fault.
  default boolean blamesTheWhole(int count) {
    return count > 1 && this instanceof Faulty;
  }

  static List<Verdict> all(int count, Verdict verdict) {
    return Stream.generate(() -> verdict).limit(count).toList();
  }
}
