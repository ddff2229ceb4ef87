package io.parley.engine.hours;

import java.time.Instant;
import java.util.Optional;

/// Whether the hours of where somebody may be allow a message.
public sealed interface Window {

  /// @param until the first moment at which it is shut; empty where that is weeks away or never
  record Open(Optional<Instant> until) implements Window {}

  /// It is not open now.
  sealed interface Closed extends Window {}

  /// @param until the first moment at which it is open
  record Shut(Instant until, Hold by) implements Closed {}

  /// The rules leave no moment within [QuietHours#DAYS_AHEAD].
  ///
  /// @param why a sentence without a subject: `no moment suits ...`
  record NeverOpen(String why) implements Closed {}

  /// The rule that shuts it, and the spot for which it does.
  record Hold(Rule rule, Whereabouts.Spot spot) {

    /// `US-TX sun 12:00-21:00 in US-TX (America/Denver): Texas ..., as of 2026-11-22`.
    public String line() {
      String asOf = rule.asOf().isEmpty() ? "" : ", as of " + rule.asOf();
      return "%s in %s: %s%s".formatted(rule.line(), spot, rule.source(), asOf);
    }
  }
}
