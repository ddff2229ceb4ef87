package io.parley.loadtest.profile;

import io.parley.loadtest.faults.FaultPlan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// What a load test is to be.
///
/// @param seed of all that is drawn: when customers come, what they do, how long they think
/// @param plan how the stand-ins behave, and what goes wrong when
/// @param thresholds by name (`next_message p99`), what is promised of it (`25ms`)
/// @param text the whole of it as it was read, for those who ask later what was run; without what
///     came of the environment
public record Profile(
    String name,
    Target target,
    long seed,
    Flows flows,
    Limits limits,
    Customers customers,
    Optional<Agents> agents,
    FaultPlan plan,
    Map<String, String> thresholds,
    String text) {

  public Profile {
    thresholds = Collections.unmodifiableMap(new LinkedHashMap<>(thresholds));
  }

  /// The flows that are run, by the names that triggers give.
  ///
  /// @param folder whose flows are beside those that the harness brings; a file of the same name
  ///     takes the place of the harness' own
  /// @param sms of those who are written to by SMS
  /// @param whatsApp of those who are written to on WhatsApp
  public record Flows(Optional<Path> folder, String sms, String whatsApp) {}

  /// Where a run ends, whatever happens.
  ///
  /// @param run from the first customer to the report; then everything is ended
  /// @param rest how long all may take to come to rest once the last customer has come
  /// @param connections that requests may use at once; where they run out, the run is invalid
  public record Limits(Duration run, Duration rest, int connections) {}

  /// People who answer customers at the desk, each of whom takes the next only when the last is
  /// done.
  ///
  /// @param thinking before they write
  /// @param handling from there until they close
  /// @param replies how often they write in each conversation
  public record Agents(int count, Thinking thinking, Thinking handling, int replies) {}
}
