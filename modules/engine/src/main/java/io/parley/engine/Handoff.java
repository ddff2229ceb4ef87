package io.parley.engine;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A handoff that is open: a person speaks for us in the conversation, or shall. It hangs on the
/// conversation, not on an execution: a widget may have opened it, what the contact wrote, or a
/// person who took the conversation from the bot.
///
/// @param id the effect that opened it
/// @param reason why it was opened: `widget`, `tag:human_agent`, `untagged`, `taken`
/// @param since when whoever has it now got it: the queue, an agent, an external desk
/// @param holder who speaks: an agent's id, or `target:reference` of an external desk; empty while
///     it waits
/// @param firstReplyAt when a person first said something
/// @param told the keys of what the queue has said, each of which it says once; at most
///     [#MAX_TOLD]
/// @param kept what happened meanwhile that the execution waits for, oldest first; at most
///     [#MAX_KEPT], orders before all else
public record Handoff(
    EffectId id,
    String reason,
    Instant openedAt,
    Instant since,
    Optional<String> holder,
    Optional<Instant> firstReplyAt,
    List<String> told,
    List<Event> kept) {

  /// Opened by a widget of the flow, which waits for its end.
  public static final String BY_WIDGET = "widget";

  /// Opened by an agent who took the conversation.
  public static final String TAKEN = "taken";

  static final int MAX_TOLD = 20;
  static final int MAX_KEPT = 10;

  public Handoff {
    told = List.copyOf(told);
    kept = List.copyOf(kept);
  }

  static Handoff opened(EffectId id, String reason, Instant at) {
    return new Handoff(
        id, reason, at, at, Optional.empty(), Optional.empty(), List.of(), List.of());
  }

  /// The same in other hands.
  Handoff heldBy(Optional<String> next, Instant at) {
    return new Handoff(id, reason, openedAt, at, next, firstReplyAt, told, kept);
  }

  Handoff repliedAt(Instant at) {
    return firstReplyAt.isPresent()
        ? this
        : new Handoff(id, reason, openedAt, since, holder, Optional.of(at), told, kept);
  }

  Handoff telling(String key) {
    return new Handoff(
        id,
        reason,
        openedAt,
        since,
        holder,
        firstReplyAt,
        Messages.latest(told, key, MAX_TOLD),
        kept);
  }

  Handoff keeping(Event event) {
    List<Event> longer = new ArrayList<>(kept);
    longer.add(event);
    if (longer.size() > MAX_KEPT) {
      longer.remove(leastWanted(longer));
    }
    return new Handoff(id, reason, openedAt, since, holder, firstReplyAt, told, longer);
  }

  /// The oldest that is no order: whoever has bought is not asked to, however much has happened
  /// since.
  private static Event leastWanted(List<Event> events) {
    return events.stream()
        .filter(it -> !(it instanceof Event.PurchaseSeen))
        .findFirst()
        .orElseGet(events::getFirst);
  }
}
