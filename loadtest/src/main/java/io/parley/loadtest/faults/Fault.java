package io.parley.loadtest.faults;

import java.time.Duration;
import java.util.Optional;

/// One line of the profile's `faults:`, such as `{at: 20s, for: 5s, on: twilio, what: error,
/// status: 503, rate: 0.1}`.
///
/// @param on `twilio`, `customerio`, `parley` or `postgres`
/// @param what the word of the profile
/// @param at from the beginning of the run
/// @param lasts for how long requests are concerned, or how long a process stays away; empty for
///     the rest of the run
/// @param rate the share of the requests (or messages, or callbacks) concerned
public record Fault(
    String on, String what, Duration at, Optional<Duration> lasts, double rate, Blow blow) {

  /// When it is over, from the beginning of the run.
  public Optional<Duration> until() {
    return lasts.map(at::plus);
  }

  /// Whether it needs a Parley and a Postgres that the harness itself started.
  public boolean needsProcesses() {
    return blow instanceof Blow.OnProcess;
  }

  /// As the report names it: `twilio error (10 %)`.
  public String title() {
    return rate == 1 ? on + " " + what : "%s %s (%.3g %%)".formatted(on, what, rate * 100);
  }
}
