package io.parley.verticles;

import io.parley.engine.Effect;
import io.parley.engine.EffectId;
import io.parley.engine.Event;
import io.parley.engine.Execution;
import io.parley.engine.Hop;
import io.parley.store.Chronicle;
import io.parley.store.Chronicle.Fate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Everything that happened to a conversation, for people to read: what is so now, then turn by
/// turn what happened, why it was refused if it was, the way that the flow took, what was to be
/// done and what became of it.
///
/// ```
/// 2026-05-04T10:00:02Z  turn 3  twilio_message SM1: wrote "yes" (SM1): yes 0.97, by rules-4
///   · ask incomingMessage -> thank
///   send 3:0 +15550001111 -> +14155550142: "Thanks!" -> twilio accepted as SM2 at ...
/// ```
final class ChronicleText {

  private final Chronicle chronicle;
  private final SplitReasons reasons;
  private final List<String> lines = new ArrayList<>();

  /// How far messages got, by the effect that sent them.
  private final Map<EffectId, List<String>> statuses = new HashMap<>();

  private ChronicleText(Chronicle chronicle, SplitReasons reasons) {
    this.chronicle = chronicle;
    this.reasons = reasons;
  }

  static List<String> lines(Chronicle chronicle, SplitReasons reasons) {
    ChronicleText text = new ChronicleText(chronicle, reasons);
    text.gatherStatuses();
    text.head();
    chronicle.turns().forEach(text::turn);
    text.foot();
    return text.lines;
  }

  private void gatherStatuses() {
    Map<String, EffectId> bySid = new HashMap<>();
    for (Chronicle.Turn turn : chronicle.turns()) {
      if (turn.event().orElse(null) instanceof Event.SendAccepted accepted) {
        bySid.put(accepted.sid().value(), accepted.effect());
      }
      if (turn.event().orElse(null) instanceof Event.DeliveryReported report) {
        report
            .effect()
            .or(() -> Optional.ofNullable(bySid.get(report.sid().value())))
            .ifPresent(
                effect ->
                    statuses
                        .computeIfAbsent(effect, _ -> new ArrayList<>())
                        .add(
                            "%s%s at %s"
                                .formatted(
                                    report.status().word(),
                                    report.errorCode() == 0
                                        ? ""
                                        : " (error " + report.errorCode() + ")",
                                    turn.at())));
      }
    }
  }

  // ---- what is so now

  private void head() {
    var now = chronicle.now();
    lines.add(
        "conversation %s  %s with %s, %d turns since %s"
            .formatted(
                now.id(),
                now.thread().ours(),
                now.thread().theirs(),
                now.turn(),
                chronicle.begun()));
    now.person().externalId().ifPresent(id -> lines.add("  person " + id));
    chronicle.contact().ifPresent(entry -> lines.add("  " + DossierText.line(entry)));
    chronicle.names().forEach(name -> lines.add("  is written to as " + name));
    chronicle
        .window()
        .ifPresent(
            window ->
                lines.add(
                    "  other messages are held back from %s to %s: %s%s"
                        .formatted(
                            window.from(),
                            window.until(),
                            window.reason(),
                            window.endedReason().map(why -> ", ended: " + why).orElse(""))));
    now.traffic()
        .window()
        .until()
        .ifPresent(until -> lines.add("  WhatsApp takes free text until " + until));
    lines.add(
        "  %s speaks, epoch %d%s"
            .formatted(
                ChronicleWords.word(now.owner()),
                chronicle.epoch(),
                now.execution().map(ChronicleText::standing).orElse("")));
    chronicle.executions().forEach(this::execution);
    if (chronicle.earlier() > 0) {
      lines.add("  %d earlier turns are left out".formatted(chronicle.earlier()));
    }
  }

  private static String standing(Execution execution) {
    return ", %s stands at %s, waiting for %s"
        .formatted(
            execution.flow().name(),
            execution.position().widget(),
            execution.position().awaiting().getClass().getSimpleName());
  }

  private void execution(Chronicle.Executed it) {
    lines.add(
        "  execution %s of %s revision %d, turns %d to %s, %s"
            .formatted(
                it.id(),
                it.flow().name().isEmpty() ? it.flow().sid() : it.flow().name(),
                it.flow().revision(),
                it.firstTurn(),
                it.lastTurn().map(String::valueOf).orElse("now"),
                it.result().map(word -> "ended: " + word).orElse("alive")));
  }

  // ---- turns

  private void turn(Chronicle.Turn turn) {
    lines.add("");
    lines.add(
        "%s  turn %d  %s %s: %s"
            .formatted(
                turn.at(),
                turn.number(),
                turn.source(),
                turn.sourceId(),
                turn.event().map(ChronicleWords::event).orElse("erased")));
    turn.refusal()
        .ifPresent(
            reason -> lines.add("  refused: %s, %s".formatted(reason.word(), reason.sentence())));
    for (int i = 0; i < turn.path().size(); i++) {
      hop(turn.path().get(i));
      reasons.of(turn.number(), i).forEach(why -> lines.add("      " + why));
    }
    turn.effects().forEach(this::effect);
  }

  private void hop(Hop hop) {
    lines.add(
        "  · %s%s %s%s"
            .formatted(
                hop.subflow().isEmpty() ? "" : hop.subflow() + "/",
                hop.widget(),
                hop.event(),
                hop.next().isEmpty() ? ", the end" : " -> " + hop.next()));
  }

  private void effect(Effect effect) {
    List<String> came = new ArrayList<>();
    if (effect instanceof Effect.Outgoing outgoing) {
      List<Fate> fates = chronicle.fates().getOrDefault(outgoing.id(), List.of());
      fates.forEach(fate -> came.add(ChronicleWords.fate(fate)));
      came.addAll(statuses.getOrDefault(outgoing.id(), List.of()));
      if (came.isEmpty()) {
        came.add(
            outgoing instanceof Effect.Send ? "taken back in the same turn" : "no destination");
      }
    }
    if (effect instanceof Effect.ReserveOffer wish) {
      Optional.ofNullable(chronicle.offers().get(wish.id()))
          .ifPresent(offer -> came.add(offer(offer)));
    }
    lines.add(
        "  "
            + ChronicleWords.effect(effect)
            + (came.isEmpty() ? "" : " -> " + String.join("; ", came)));
  }

  private static String offer(Chronicle.Offered it) {
    return "%s since %s%s%s"
        .formatted(
            ChronicleWords.word(it.state()),
            it.changedAt(),
            it.reason().map(why -> ": " + why).orElse(""),
            it.order().map(order -> ", order " + order).orElse(""));
  }

  // ---- what waits

  private void foot() {
    List<String> open = new ArrayList<>();
    chronicle
        .timers()
        .forEach(
            timer ->
                open.add(
                    "timer %s runs out at %s: %s"
                        .formatted(
                            ChronicleWords.name(timer.id()),
                            timer.dueAt(),
                            timer.purpose().toLowerCase(Locale.ROOT).replace('_', ' '))));
    chronicle
        .handoffs()
        .forEach(
            handoff ->
                open.add(
                    "handoff %s is %s since %s%s%s"
                        .formatted(
                            ChronicleWords.name(handoff.id()),
                            handoff.state().toLowerCase(Locale.ROOT),
                            handoff.closedAt().orElse(handoff.openedAt()),
                            handoff.disposition().map(words -> ": " + words).orElse(""),
                            handoff.why().map(why -> ", " + why).orElse(""))));
    chronicle
        .inbox()
        .forEach(
            event ->
                open.add(
                    "event %s %s of %s is %s after %s: %s"
                        .formatted(
                            event.source(),
                            event.sourceId(),
                            event.receivedAt(),
                            event.parked() ? "parked" : "kept in the inbox",
                            ChronicleWords.tries(event.attempts()),
                            event.error())));
    long waiting = count(Fate.Waiting.class);
    long dead = count(Fate.Dead.class);
    if (waiting + dead > 0) {
      open.add("%d wait in the outbox, %d are dead letters".formatted(waiting, dead));
    }
    if (!open.isEmpty()) {
      lines.add("");
      lines.addAll(open);
    }
  }

  private long count(Class<? extends Fate> kind) {
    return chronicle.fates().values().stream()
        .flatMap(List::stream)
        .filter(kind::isInstance)
        .count();
  }
}
