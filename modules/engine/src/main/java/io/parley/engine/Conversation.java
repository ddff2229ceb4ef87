package io.parley.engine;

import io.parley.engine.offers.Bargain;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// All that is known of one thread after its last turn; the journal holds it with every turn.
///
/// @param turn the number of the last turn, 0 before the first
/// @param epoch rises whenever the right to speak changes hands; each send carries the one that it
/// speaks for
/// @param execution the run of a flow that is alive, if one is
/// @param messages our latest messages and how far they got, oldest first, at most [#MAX_MESSAGES]
/// @param runs the latest executions that began, oldest first, at most [#MAX_RUNS]
/// @param traffic what rules for the next message ask for
/// @param bargain what is in the way of a sale, and what was offered against it
/// @param engagement what this conversation means for other messages to the person
/// @param handoff the handoff that is open, if one is
/// @param untagged how many replies in a row meant nothing that the tagger knows
public record Conversation(
    ConversationId id,
    ThreadId thread,
    int turn,
    Owner owner,
    int epoch,
    Person person,
    Optional<Execution> execution,
    List<SentMessage> messages,
    List<Run> runs,
    Traffic traffic,
    Bargain bargain,
    Engagement engagement,
    Optional<Handoff> handoff,
    int untagged) {

  static final int MAX_MESSAGES = 20;
  static final int MAX_RUNS = 5;

  public Conversation {
    messages = List.copyOf(messages);
    runs = List.copyOf(runs);
  }

  /// A message that Twilio has taken, and how far it got.
  public record SentMessage(MessageSid sid, EffectId effect, MessageStatus status) {}

  /// An execution that began, by its turn. It outlives the execution, so that what is heard later
  /// (a delivery, a stop) is reported with the flow that it comes of.
  ///
  /// @param cohort the experiment's arm that the trigger named or the flow drew, if there is one
  public record Run(int turn, FlowRef flow, Instant startedAt, Optional<String> cohort) {}

  /// The address that stands for the contact outside this thread: their own, or in a conversation
  /// of Twilio Conversations that of who began the execution, where that is an address.
  public Address contact() {
    return Optional.of(thread.theirs())
        .filter(Address::isConversation)
        .flatMap(_ -> execution)
        .flatMap(it -> it.trigger().object("conversation").text("Author"))
        .filter(author -> !author.isBlank())
        .map(Address::new)
        .filter(Address::isPersons)
        .orElse(thread.theirs());
  }

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
        List.of(),
        List.of(),
        Traffic.NONE,
        Bargain.NONE,
        Engagement.NONE,
        Optional.empty(),
        0);
  }
}
