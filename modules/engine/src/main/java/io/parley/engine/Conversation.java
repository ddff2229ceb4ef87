package io.parley.engine;

import java.util.List;
import java.util.Optional;

/// All that is known of one thread after its last turn; the journal holds it with every turn.
///
/// @param turn the number of the last turn, 0 before the first
/// @param epoch rises whenever the right to speak changes hands; each send carries the one that it
/// speaks for
/// @param execution the run of a flow that is alive, if one is
/// @param lastRun the latest run that ended, to which reports about its messages still belong
/// @param messages our latest messages and how far they got, oldest first, at most [#MAX_MESSAGES]
public record Conversation(
    ConversationId id,
    ThreadId thread,
    int turn,
    Owner owner,
    int epoch,
    Person person,
    Optional<Execution> execution,
    Optional<Run> lastRun,
    List<SentMessage> messages) {

  static final int MAX_MESSAGES = 20;

  public Conversation {
    messages = List.copyOf(messages);
  }

  /// A message that Twilio has taken, and how far it got.
  public record SentMessage(MessageSid sid, EffectId effect, MessageStatus status) {}

  /// Which run a report belongs to.
  ///
  /// @param startedIn the turn that began it
  public record Run(ExecutionId id, FlowRef flow, int startedIn, Optional<String> cohort) {}

  /// A thread in which nothing has happened yet.
  public static Conversation fresh(ThreadId thread) {
    return new Conversation(
        ConversationId.of(thread),
        thread,
        0,
        Owner.BOT,
        0,
        Person.UNKNOWN,
        Optional.empty(),
        Optional.empty(),
        List.of());
  }
}
