package io.parley.engine;

/// What an execution waits for between two turns.
public sealed interface Awaiting {

  /// Nothing yet: the execution is on its way, within a turn.
  record Nothing() implements Awaiting {}

  /// Twilio's answer to a send.
  record SendAnswer(EffectId send) implements Awaiting {}

  /// The contact's reply, until the timer fires.
  record Reply(EffectId send, EffectId timer) implements Awaiting {}
}
