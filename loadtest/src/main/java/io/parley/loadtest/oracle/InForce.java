package io.parley.loadtest.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.time.Duration;
import java.util.Set;

/// The rules of a run, by which it is judged.
///
/// @param policy Parley's policy file; missing where Parley had none
/// @param optOutLevers `PARLEY_CUSTOMERIO_OPT_OUT` as far as Parley had the credentials for it:
///     `optouts`, `channel:sms`, `topic:7`, `unsubscribed`; none where there is nothing to look at
/// @param grace how long a request that left before an opt-out was acknowledged may take to arrive
/// @param lateness how late a timer may be
public record InForce(
    JsonNode policy, Set<String> optOutLevers, Duration grace, Duration lateness) {

  private static final Duration LATENESS = Duration.ofSeconds(30);

  public InForce {
    optOutLevers = Set.copyOf(optOutLevers);
  }

  /// What is in force where nothing is said, with this grace.
  public static InForce usual(Duration grace) {
    return new InForce(MissingNode.getInstance(), Set.of(), grace, LATENESS);
  }
}
