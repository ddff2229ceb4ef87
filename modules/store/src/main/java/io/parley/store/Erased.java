package io.parley.store;

import io.parley.codec.Codec;
import io.parley.engine.Conversation;
import io.parley.engine.ThreadId;

/// What stands in the place of an erased turn: no event, no state. The numbers of turns go on, so
/// that a node which still remembers the conversation is fenced, and the names of events stay
/// taken.
final class Erased {

  /// The event and the state of an erased turn.
  static final String NOTHING = "";

  private Erased() {}

  /// The conversation after a turn that may have been erased: then as if nothing had happened in
  /// the thread yet, but for the number.
  static Conversation conversation(ThreadId thread, int number, int format, String state) {
    return state.equals(NOTHING) ? forgotten(thread, number) : Codec.decodeState(format, state);
  }

  private static Conversation forgotten(ThreadId thread, int number) {
    Conversation fresh = Conversation.fresh(thread);
    return new Conversation(
        fresh.id(),
        fresh.thread(),
        number,
        fresh.owner(),
        fresh.epoch(),
        fresh.person(),
        fresh.execution(),
        fresh.messages(),
        fresh.runs(),
        fresh.traffic(),
        fresh.bargain(),
        fresh.engagement(),
        fresh.handoff(),
        fresh.untagged());
  }
}
