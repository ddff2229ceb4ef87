package io.parley.store;

import io.parley.engine.Conversation;
import io.parley.engine.Effect;
import java.util.List;
import java.util.Optional;

/// What became of a [TurnRecord].
public sealed interface Written {

  /// It is in the journal; the event may be acknowledged.
  record Committed() implements Written {}

  /// The event has a turn already: the first one that its name was given to.
  record Repeated(FirstTurn first) implements Written {}

  /// Another node wrote this turn number first; the memory of this one is stale.
  record Fenced() implements Written {}

  /// The flow has meanwhile begun for this person in another thread, and has not cooled off.
  record CoolingOff() implements Written {}

  /// The person has meanwhile been engaged in another thread.
  record Engaged() implements Written {}

  /// What the step knew of the person holds no more: the person has meanwhile bought or stopped, or
  /// a flow has begun that a stop has to reach.
  record Overtaken() implements Written {}

  /// Postgres refused this very record (its statement was tried alone).
  record Unwritable(String why) implements Written {}

  /// The turn that an event's first arrival made.
  ///
  /// @param refusal the word of the reason, where it was refused
  /// @param state the conversation after it
  /// @param told what it had done, where it was refused
  record FirstTurn(int number, Optional<String> refusal, Conversation state, List<Effect> told) {
    public FirstTurn {
      told = List.copyOf(told);
    }
  }
}
