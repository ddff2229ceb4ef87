package io.parley.verticles;

import io.parley.engine.Awaiting;
import io.parley.engine.ConversationId;
import io.parley.engine.ExecutionId;
import java.time.Instant;
import java.util.Optional;

/// What was decided about an event. All but [Unavailable] may be acknowledged.
sealed interface Decision {

  /// It has its turn.
  ///
  /// @param execution the run that is alive after it, or that it began and ended
  /// @param refusal the word of the reason, where it changed nothing
  /// @param waits whether it is a trigger that waits until no person speaks with the contact
  /// @param repeated whether the turn is an earlier arrival's
  /// @param redirect where the contact's message is to be redirected to
  /// @param explanation the reason as a sentence, where it changed nothing
  /// @param notBefore until when the flow of a trigger cools off, or a person's message has to
  ///     wait, where it was refused for that
  record Taken(
      ConversationId conversation,
      int turn,
      Optional<ExecutionId> execution,
      Optional<String> refusal,
      Optional<String> explanation,
      boolean waits,
      boolean repeated,
      Optional<Awaiting.Return> redirect,
      Optional<Instant> notBefore)
      implements Decision {}

  /// It could not become a turn now, and is kept in the inbox.
  record Kept(ConversationId conversation, String why) implements Decision {}

  /// Nothing is stored: whoever told of the event must tell again.
  record Unavailable(String why) implements Decision {}
}
