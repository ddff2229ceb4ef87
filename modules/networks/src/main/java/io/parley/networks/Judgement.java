package io.parley.networks;

import io.parley.edge.OutcomeSink.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What an answer means for all that a request carried.
sealed interface Judgement extends Meaning {

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
  @Override
  default List<Verdict> verdicts(int count) {
    Verdict each =
        switch (this) {
          case Taken() -> new Verdict.Delivered();
          case Later(String why, Optional<Duration> after) -> new Verdict.Retry(why, after);
          case Faulty(String why) ->
              count == 1 ? new Verdict.Refused(why) : new Verdict.Retry(why, Optional.empty());
        };
    return Verdict.forAll(count, each);
  }

  @Override
  default boolean blamesTheWhole(int count) {
    return count > 1 && this instanceof Faulty;
  }
}
