package io.parley.verticles;

import io.parley.engine.ConversationId;
import io.parley.engine.ExecutionId;
import java.util.Optional;

/// What was decided about an event. All but [Unavailable] may be acknowledged.
sealed interface Decision {

  /// It has its turn.
  ///
  /// @param execution the run that is alive after it, or that it began and ended
  /// @param refusal the word of the reason, where it changed nothing
  /// @param repeated whether the turn is an earlier arrival's
  record Taken(
      ConversationId conversation,
      int turn,
      Optional<ExecutionId> execution,
      Optional<String> refusal,
      boolean repeated)
      implements Decision {}

  /// It could not become a turn now, and is kept in the inbox.
  record Kept(ConversationId conversation, String why) implements Decision {}

  /// Nothing is stored: whoever told of the event must tell again.
  record Unavailable(String why) implements Decision {}
}
