package io.parley.engine;

import java.time.Instant;

/// All that a step may know besides its arguments.
///
/// @param now the time of the turn
/// @param contact what is on record about the other side
public record Moment(Instant now, ContactFacts contact) {

  /// What the contact book says.
  ///
  /// @param optedOut whether the address has said that it wants no messages
  public record ContactFacts(boolean optedOut) {
    public static final ContactFacts NOTHING_KNOWN = new ContactFacts(false);
  }
}
