package io.parley.engine;

import java.time.Instant;
import java.util.Optional;

/// All that a step may know besides its arguments.
///
/// @param now the time of the turn
/// @param contact what is on record about the other side
public record Moment(Instant now, ContactFacts contact) {

  /// What the contact book says.
  ///
  /// @param block why nothing may be sent to the address, if nothing may
  public record ContactFacts(Optional<Block> block) {
    public static final ContactFacts NOTHING_KNOWN = new ContactFacts(Optional.empty());
  }
}
