package io.parley.engine;

import io.parley.engine.hours.Clues;
import io.parley.engine.hours.Occasion;
import io.parley.engine.hours.QuietHours;
import io.parley.engine.hours.Verdict;
import java.time.Instant;
import java.util.Optional;

/// When a message that a flow sends may leave, and all that it takes to judge that once more when
/// it is about to: it may have waited for an outage or behind its sender's pace.
///
/// @param notBefore when it may leave at the earliest; empty where that is at once
/// @param heardAt when the contact last wrote, whom an answer answers
/// @param clues where the recipient may be
public record Departure(
    Optional<Instant> notBefore, Occasion occasion, Optional<Instant> heardAt, Clues clues) {

  /// What quiet hours say of its leaving now.
  public Verdict look(QuietHours hours, Instant now) {
    return hours.decide(occasion, heardAt, now, clues);
  }
}
