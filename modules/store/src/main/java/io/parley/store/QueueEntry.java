package io.parley.store;

import io.parley.engine.ConversationId;
import io.parley.engine.EffectId;
import io.parley.engine.Owner;
import io.parley.engine.ThreadId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A row of the desk's list: a handoff, or a conversation that a flow holds.
///
/// @param handoff empty where a flow holds the conversation
/// @param flow the flow's name; of what a flow holds, its sid
/// @param reason why it was handed over: `widget`, `tag:complaint`, `untagged`, `taken`; else empty
/// @param snippet the beginning of what was said last
/// @param tags what the contact's replies were found to mean, the latest last
/// @param before where it was last, where it was elsewhere
public record QueueEntry(
    ConversationId conversation,
    Optional<EffectId> handoff,
    ThreadId thread,
    Contact contact,
    String flow,
    String reason,
    Hold hold,
    Rank rank,
    Times times,
    Sla sla,
    Optional<CallRequest> callback,
    String snippet,
    List<String> tags,
    Before before) {

  public QueueEntry {
    tags = List.copyOf(tags);
  }

  public record Contact(Optional<String> name, Optional<String> externalId) {}

  /// Who speaks, and what keeps the conversation from being on their hands.
  ///
  /// @param holder the agent's id, or `target:reference`; empty where nobody has it
  /// @param waitingForCustomer whether it waits for the contact to answer
  public record Hold(
      Owner owner,
      Optional<String> holder,
      Optional<Offer> offer,
      Optional<Instant> snoozedUntil,
      boolean waitingForCustomer) {}

  /// That an agent was asked to take it.
  public record Offer(String agent, Instant expiresAt) {}

  /// Where the desk's rules have put it.
  ///
  /// @param target `desk`, or the name of a system of others' that takes it
  /// @param priority the higher goes first
  /// @param weight how much of an agent's capacity it takes
  public record Rank(String topic, String target, List<String> skills, int priority, int weight) {
    public Rank {
      skills = List.copyOf(skills);
    }
  }

  /// @param queuedAt since when the contact waits for a person
  /// @param lastAt when something was said or done last
  public record Times(
      Instant openedAt, Instant queuedAt, Instant lastAt, Optional<Instant> closedAt) {}

  /// What it was promised to be answered in.
  ///
  /// @param now the clock that runs out first; empty where none runs
  public record Sla(
      Optional<Clock> now,
      Optional<Instant> firstDue,
      Optional<Instant> nextDue,
      Optional<Instant> resolutionDue) {

    public static final Sla NONE =
        new Sla(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  /// @param kind `first`, `next`, `resolution`
  /// @param state `ok`, `warned`, `breached`
  public record Clock(String kind, Instant dueAt, String state) {}

  /// @param topic empty where it has always been of this one
  /// @param holder empty where nobody had it before
  public record Before(Optional<String> topic, Optional<String> holder) {}

  /// The contact has asked to be called.
  ///
  /// @param words in which they did
  public record CallRequest(Instant at, String words) {}
}
