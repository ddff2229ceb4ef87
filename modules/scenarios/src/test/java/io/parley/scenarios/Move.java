package io.parley.scenarios;

import io.parley.engine.MessageStatus;

/// One thing that may happen in a random walk. A `pick` chooses among what there is, round and
/// round.
sealed interface Move {

  record Trigger(String word, boolean suppressed) implements Move {}

  record Reply(String body) implements Move {}

  /// A reply in the words of the flow's own conditions.
  record Understood(int pick) implements Move {}

  record Purchase() implements Move {}

  record Hours(int hours) implements Move {}

  /// The timer that is due first runs out.
  record Timer() implements Move {}

  /// A timer of the past runs out once more, or one of the future too early.
  record AnyTimer(int pick) implements Move {}

  /// Twilio takes a send: one that waits, or that was taken or withdrawn long ago.
  record Taken(int pick) implements Move {}

  record GivenUp(int pick, Verdict verdict) implements Move {}

  record Status(int pick, MessageStatus status, boolean named) implements Move {}

  /// An agent takes the conversation, says something, gives it back or is done with it.
  record Person(int pick) implements Move {}

  /// Something is told once more.
  record Again(int pick) implements Move {}

  /// What a failure says of the contact.
  enum Verdict {
    NOTHING,
    UNREACHABLE,
    OPTED_OUT
  }
}
