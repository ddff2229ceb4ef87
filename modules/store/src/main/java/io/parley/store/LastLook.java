package io.parley.store;

import io.parley.engine.Block;

/// What the last look before a send says.
public sealed interface LastLook {
  /// It is marked in doubt, and must leave now.
  record Go() implements LastLook {}

  /// It was withdrawn, or another holds it.
  record Gone() implements LastLook {}

  /// What its conversation says before it has not left.
  record Behind() implements LastLook {}

  /// Nothing may be sent to the address.
  record Blocked(Block block) implements LastLook {}

  /// A person speaks with the contact in another thread, or shall: the flow waits for the end of
  /// that.
  record HandedOff() implements LastLook {}
}
