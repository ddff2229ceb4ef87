package io.parley.engine;

import io.parley.engine.Event.AgentTook;
import io.parley.engine.Event.HandoffClosed;
import io.parley.engine.Event.HandoffFailed;
import io.parley.engine.Event.HandoffPlaced;
import io.parley.engine.Event.HandoffReturned;
import io.parley.engine.flow.Trigger;
import java.util.List;
import java.util.Optional;

/// How a conversation goes from hand to hand, and back to the bot. Confined to one step.
final class Handovers {

  private final TurnBuilder turn;
  private final Moment moment;
  private final Custody custody;
  private final Pause pause;

  Handovers(TurnBuilder turn, Moment moment) {
    this.turn = turn;
    this.moment = moment;
    this.custody = turn.custody();
    this.pause = turn.pause();
  }

  // ---- from hand to hand

  Step took(AgentTook took) {
    if (took.handoff().filter(it -> !custody.isOpen(it)).isPresent()) {
      return turn.refused(Reason.LATE_ANSWER);
    }
    if (custody.isHeldBy(took.agent())) {
      return turn.taken();
    }
    if (custody.isHeld() && !took.over()) {
      return turn.refused(Reason.ALREADY_TAKEN);
    }
    if (!custody.isHandedOver()) {
      open(Values.of("reason", Handoff.TAKEN));
    } else {
      pause.stopTimer();
    }
    custody.taken(took.agent());
    return turn.taken();
  }

  /// Hands over what no widget has: the execution stands still until the end.
  void open(Values request) {
    pause.stopTimer();
    custody.open(request);
  }

  Step returned(HandoffReturned returned) {
    if (!custody.isOpen(returned.handoff()) || !custody.isHeld()) {
      return turn.refused(Reason.LATE_ANSWER);
    }
    if (custody.isLostTo(returned.by())) {
      return turn.refused(Reason.ALREADY_TAKEN);
    }
    custody.returned();
    if (pause.isAwaited()) {
      turn.renew();
    }
    return turn.taken();
  }

  Step placed(HandoffPlaced placed) {
    if (!custody.isOpen(placed.handoff())) {
      return turn.refused(Reason.LATE_ANSWER);
    }
    String holder = placed.target() + ":" + placed.reference();
    if (custody.isHeld()) {
      boolean again = custody.handoff().orElseThrow().holder().equals(Optional.of(holder));
      return again ? turn.taken() : turn.refused(Reason.ALREADY_TAKEN);
    }
    custody.placed(holder);
    return turn.taken();
  }

  // ---- back to the bot

  Step closed(HandoffClosed closed) {
    if (!custody.isOpen(closed.handoff())) {
      return turn.refused(Reason.LATE_ANSWER);
    }
    if (custody.isLostTo(closed.by())) {
      return turn.refused(Reason.ALREADY_TAKEN);
    }
    if (closed.by().isPresent() && !custody.isHeld()) {
      return turn.refused(Reason.NOT_TAKEN);
    }
    After then = settled(closed.then());
    Optional<Reason> obstacle = obstacle(then);
    if (obstacle.isPresent()) {
      return turn.refused(obstacle.get());
    }
    custody.closing(closed, then);
    if (pause.isAwaited() && then instanceof After.GoesOn) {
      return turn.resumeOr(Reason.LATE_ANSWER, closed);
    }
    List<Event> kept = custody.handoff().orElseThrow().kept();
    boolean awaited = pause.isAwaited();
    custody.takeBack(closed.handoff(), "");
    follow(then, closed, awaited, kept);
    return turn.taken();
  }

  private After settled(After told) {
    After usual = pause.isAwaited() ? new After.GoesOn() : new After.Ends();
    return told instanceof After.Usual ? usual : told;
  }

  private Optional<Reason> obstacle(After then) {
    return switch (then) {
      case After.At(var widget) ->
          turn.hasWidget(widget) ? Optional.empty() : Optional.of(Reason.UNKNOWN_WIDGET);
      case After.Begins(var flow, _) ->
          moment
              .contact()
              .block()
              .map(Block::reason)
              .or(() -> turn.knows(flow) ? Optional.empty() : Optional.of(Reason.NO_SUCH_FLOW));
      case After.Usual _, After.GoesOn _, After.Ends _ -> Optional.empty();
    };
  }

  private void follow(After then, HandoffClosed closed, boolean awaited, List<Event> kept) {
    switch (then) {
      case After.GoesOn _, After.Usual _ -> goOn(kept);
      case After.Ends _ -> end(closed, kept);
      case After.At(var widget) -> {
        pause.drop(kept);
        turn.goTo(widget, awaited ? outputs(closed) : Values.EMPTY);
      }
      case After.Begins(var flow, var parameters) -> {
        end(closed, kept);
        begin(flow, parameters);
      }
    }
  }

  static Values outputs(HandoffClosed closed) {
    return closed.outputs().with("disposition", closed.disposition());
  }

  private void goOn(List<Event> kept) {
    if (turn.execution().isEmpty()) {
      pause.drop(kept);
      return;
    }
    List<Event.PurchaseSeen> bought = bought(kept);
    List<Event> others = kept.stream().filter(it -> !(it instanceof Event.PurchaseSeen)).toList();
    if (bought.stream().anyMatch(turn::resumeWaiting)) {
      pause.hear(others);
    } else if (!bought.isEmpty() && turn.isMootByOrder()) {
      pause.drop(kept);
      turn.end(Result.PURCHASED, sentence(bought.getFirst().orderId()));
    } else {
      pause.end(others);
    }
  }

  private void end(HandoffClosed closed, List<Event> kept) {
    pause.drop(kept);
    Optional<String> order =
        bought(kept).stream()
            .map(Event.PurchaseSeen::orderId)
            .findFirst()
            .filter(_ -> turn.isMootByOrder())
            .or(turn::boughtMeanwhile);
    if (order.isPresent()) {
      turn.end(Result.PURCHASED, sentence(order.get()));
    } else {
      turn.end(Result.CLOSED, "the person who spoke ended it: " + closed.disposition());
    }
  }

  private static List<Event.PurchaseSeen> bought(List<Event> kept) {
    return kept.stream()
        .filter(Event.PurchaseSeen.class::isInstance)
        .map(Event.PurchaseSeen.class::cast)
        .toList();
  }

  /// @param orderId of what was bought while a person spoke
  static String sentence(String orderId) {
    return "the contact bought while a person spoke: order " + orderId;
  }

  private void begin(FlowRef flow, Values parameters) {
    Values request =
        Values.of("from", turn.ours().value())
            .with("to", turn.theirs().value())
            .with("parameters", parameters);
    turn.bargaining().begun();
    turn.begin(flow, Values.of("request", request), parameters);
    turn.run(Trigger.INCOMING_REQUEST);
  }

  /// A trigger that may do so takes the conversation from the person.
  void interrupted() {
    Handoff open = custody.handoff().orElseThrow();
    turn.withdrawSends();
    custody.takeBack(open.id(), "a trigger interrupted it");
    pause.drop(open.kept());
    turn.end(Result.STOPPED, "a trigger took the conversation from the person who spoke");
  }

  /// Nobody can take it: the flow speaks again, unless an agent has taken it all the same.
  Step failed(HandoffFailed failed) {
    if (!custody.isOpen(failed.handoff())) {
      return turn.refused(Reason.LATE_ANSWER);
    }
    if (custody.owner() == Owner.AGENT) {
      return turn.refused(Reason.ALREADY_TAKEN);
    }
    if (pause.isAwaited()) {
      return turn.resumeOr(Reason.LATE_ANSWER, failed);
    }
    List<Event> kept = custody.handoff().orElseThrow().kept();
    custody.takeBack(failed.handoff(), failed.reason());
    goOn(kept);
    return turn.taken();
  }
}
