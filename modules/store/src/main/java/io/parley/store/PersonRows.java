package io.parley.store;

import io.parley.codec.Codec;
import io.parley.engine.Block;
import io.parley.engine.ConversationId;
import io.parley.engine.Effect;
import io.parley.engine.Engagement.Window;
import io.parley.engine.Event;
import io.parley.engine.Step;
import io.parley.engine.policy.Consent;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What turns bring of the person as a whole: the suppression window, by which names the person is
/// engaged, consents, other threads that hear of an opt-out, which they do through the inbox,
/// triggers that wait there for the end of a handoff, and that what is known of the person is as
/// the step has seen it.
final class PersonRows {

  /// The constraint that a trigger breaks whose person another one has engaged.
  static final String ENGAGED = "one_conversation_at_a_time";

  /// The constraint that a turn breaks which does not know all that is known of the person.
  static final String SEEN = "person_is_as_seen";

  private final TurnRows rows;

  PersonRows(TurnRows rows) {
    this.rows = rows;
  }

  /// What a turn's effects keep of the person. A row is changed by a statement once, so that of
  /// several effects of one turn the last counts.
  void add(List<Effect> effects, UUID conversation, int turn, OffsetDateTime at) {
    Map<String, Boolean> names = new LinkedHashMap<>();
    List<Effect.KeepWindow> windows = new ArrayList<>();
    for (Effect effect : effects) {
      switch (effect) {
        case Effect.KeepWindow window -> windows.add(window);
        case Effect.Engage(var engaged, var live) -> engaged.forEach(name -> names.put(name, live));
        case Effect.RecordConsent(var consent) -> add(consent, conversation, turn);
        case Effect.TellOptOut(var thread, var event) ->
            rows.add(
                TurnTable.TOLD,
                conversation,
                turn,
                thread.ours().value(),
                thread.theirs().value(),
                Codec.encodeEvent(event));
        case Effect.KeepTrigger keep ->
            rows.add(
                TurnTable.WAITING,
                conversation,
                turn,
                keep.id().index(),
                Codec.encodeEvent(keep.trigger()),
                keep.behind().stream()
                    .map(ConversationId::toString)
                    .collect(Collectors.joining(" ")));
        default -> {}
      }
    }
    names.forEach((name, live) -> rows.add(TurnTable.ENGAGING, conversation, turn, name, live));
    if (!windows.isEmpty()) {
      add(windows.getLast(), conversation, turn, at);
    }
  }

  /// A trigger that begins a flow must know of all that stands against it, and a stop of all that
  /// has begun.
  void addCourses(TurnRecord record, UUID conversation, int turn) {
    boolean begins =
        record.event() instanceof Event.Triggered && record.step() instanceof Step.Turn;
    if (begins || stops(record.step().effects())) {
      record
          .courses()
          .forEach(
              it ->
                  rows.add(
                      TurnTable.COURSED,
                      conversation,
                      turn,
                      it.person(),
                      begins,
                      begins ? it.closed() : it.begun()));
    }
  }

  private static boolean stops(List<Effect> effects) {
    return effects.stream()
        .anyMatch(
            it -> it instanceof Effect.BlockContact block && block.block() == Block.OPTED_OUT);
  }

  private void add(Effect.KeepWindow keep, UUID conversation, int turn, OffsetDateTime at) {
    Window window = keep.window();
    boolean open = keep.endedBy().isEmpty();
    @Nullable OffsetDateTime endedAt = open ? null : at;
    @Nullable String endedBy = open ? null : keep.endedBy();
    rows.add(
        TurnTable.WINDOWED,
        conversation,
        turn,
        window.reason().word(),
        TurnStatement.utc(window.from()),
        TurnStatement.utc(window.until()),
        endedAt,
        endedBy);
  }

  private void add(Consent consent, UUID conversation, int turn) {
    rows.add(
        TurnTable.CONSENTED,
        conversation,
        turn,
        consent.address().orElse(""),
        consent.externalId().orElse(""),
        consent.channel().word(),
        consent.programme(),
        consent.state().word(),
        consent.method().word(),
        consent.source(),
        consent.evidence(),
        TurnStatement.utc(consent.at()));
  }
}
