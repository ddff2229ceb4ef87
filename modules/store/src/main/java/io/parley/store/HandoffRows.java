package io.parley.store;

import io.parley.codec.Codec;
import io.parley.engine.Conversation;
import io.parley.engine.Effect;
import io.parley.engine.EffectId;
import io.parley.engine.Event;
import io.parley.engine.Handoff;
import io.parley.engine.Outcomes;
import io.parley.engine.Owner;
import io.parley.engine.Step;
import io.parley.engine.Values;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What turns do to handoffs: open, attend to and close them. A row is changed once by a turn.
final class HandoffRows {

  private final TurnRows rows;

  HandoffRows(TurnRows rows) {
    this.rows = rows;
  }

  void add(TurnRecord record) {
    int number = record.step().next().turn();
    if (record.event() instanceof Event.HandoffClosed closed
        && !(record.step() instanceof Step.Refused)) {
      handBack(closed.handoff(), number, closed.disposition(), null);
    }
    for (Effect effect : record.step().effects()) {
      switch (effect) {
        case Effect.OpenHandoff open -> handOver(open, record);
        case Effect.CloseHandoff(var handoff, var why) when handoff.turn() != number ->
            handBack(handoff, number, null, why);
        case Effect.NoteHandoff note
            when note.handoff().turn() != number && !isClosed(note.handoff(), record) ->
            attend(note, number);
        default -> {}
      }
    }
  }

  /// A handoff that the very turn takes back is never open.
  private void handOver(Effect.OpenHandoff open, TurnRecord record) {
    Conversation next = record.step().next();
    Optional<String> why =
        record.step().effects().stream()
            .filter(Effect.CloseHandoff.class::isInstance)
            .map(Effect.CloseHandoff.class::cast)
            .filter(close -> close.handoff().equals(open.id()))
            .map(Effect.CloseHandoff::why)
            .findFirst();
    Optional<Effect.NoteHandoff> noted =
        record.step().effects().stream()
            .filter(Effect.NoteHandoff.class::isInstance)
            .map(Effect.NoteHandoff.class::cast)
            .filter(note -> note.handoff().equals(open.id()))
            .findFirst();
    Values report = requestReport(open, record.step().effects());
    rows.add(
        TurnTable.HANDED,
        open.id().conversation().value(),
        open.id().turn(),
        open.id().index(),
        next.person().externalId().orElse(null),
        report.text("flow").orElse(""),
        report.text("widget").orElse(""),
        open.epoch(),
        Codec.encodeEffect(open),
        why.orElse(null),
        why.isPresent()
            ? Owner.CLOSED.name()
            : noted.map(Effect.NoteHandoff::owner).orElse(Owner.QUEUED).name(),
        open.request().text("reason").orElse(Handoff.BY_WIDGET),
        noted.flatMap(Effect.NoteHandoff::holder).orElse(null));
  }

  /// Whether a turn closes a handoff, whose row it changes once.
  private static boolean isClosed(EffectId handoff, TurnRecord record) {
    boolean told =
        record.event() instanceof Event.HandoffClosed closed && closed.handoff().equals(handoff);
    return told
        || record.step().effects().stream()
            .anyMatch(
                it -> it instanceof Effect.CloseHandoff close && close.handoff().equals(handoff));
  }

  private void attend(Effect.NoteHandoff note, int byTurn) {
    EffectId handoff = note.handoff();
    rows.add(
        TurnTable.ATTENDED,
        handoff.conversation().value(),
        byTurn,
        handoff.turn(),
        handoff.index(),
        note.owner().name(),
        note.holder().orElse(null),
        note.deed().name());
  }

  /// What the turn reports of the handoff, with the flow and the widget that it comes of.
  private static Values requestReport(Effect.OpenHandoff open, List<Effect> effects) {
    return effects.stream()
        .filter(Effect.ReportOutcome.class::isInstance)
        .map(Effect.ReportOutcome.class::cast)
        .filter(report -> report.name().equals(Outcomes.HANDOFF_REQUESTED))
        .map(Effect.ReportOutcome::properties)
        .filter(it -> it.text("handoff").equals(Optional.of(open.id().toString())))
        .findFirst()
        .orElse(Values.EMPTY);
  }

  private void handBack(
      EffectId handoff, int byTurn, @Nullable String disposition, @Nullable String why) {
    rows.add(
        TurnTable.HANDED_BACK,
        handoff.conversation().value(),
        byTurn,
        handoff.turn(),
        handoff.index(),
        disposition,
        why);
  }
}
