package io.parley.engine;

/// What an execution waits for between two turns.
public sealed interface Awaiting {

  /// Nothing yet: the execution is on its way, within a turn.
  record Nothing() implements Awaiting {}

  /// Twilio's answer to a send.
  ///
  /// @param to the recipient, whom a flow may choose: not always the contact
  record SendAnswer(EffectId send, Address to) implements Awaiting {}

  /// The contact's reply, until the timer fires.
  record Reply(EffectId send, EffectId timer) implements Awaiting {}
}
