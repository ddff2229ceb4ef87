package io.parley.engine.flow;

import io.parley.engine.Address;
import io.parley.engine.EffectId;
import io.parley.engine.Event;

/// What became of a message that a widget wants to send.
public sealed interface Sending {

  /// It leaves, at once or when it may.
  ///
  /// @param to whom it goes to after all, which a fallback changes
  record Leaves(EffectId id, Address to) implements Sending {}

  /// It is refused by our own rules, and Twilio is not asked.
  ///
  /// @param failed as Twilio would have said it
  record Refused(Event.SendFailed failed) implements Sending {}
}
