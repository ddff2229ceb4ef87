package io.parley.engine;

import io.parley.engine.Event.CallAnswered;
import io.parley.engine.Event.CallFailed;
import io.parley.engine.Event.DeliveryReported;
import io.parley.engine.Event.EventSeen;
import io.parley.engine.Event.LinkClicked;
import io.parley.engine.Event.OfferReserved;
import io.parley.engine.Event.OfferUnavailable;
import io.parley.engine.Event.PurchaseSeen;
import io.parley.engine.Event.RedirectReturned;
import io.parley.engine.Event.SendAccepted;
import io.parley.engine.Event.SendFailed;
import java.util.List;
import java.util.Optional;

/// An execution that stands still while a person speaks who was not called by a widget of it. Its
/// timers are off, and what it waited for is kept where it comes meanwhile, so that it is lost to
/// nobody and makes no flow speak. Confined to one step.
final class Pause {

  private final TurnBuilder turn;
  private final Course course;
  private final Custody custody;

  Pause(TurnBuilder turn, Course course, Custody custody) {
    this.turn = turn;
    this.course = course;
    this.custody = custody;
  }

  /// Whether an execution stands still: one that waits for the end of the handoff itself does not.
  boolean holds() {
    return custody.isHandedOver() && course.execution().isPresent() && !isAwaited();
  }

  /// Whether the execution waits for the end of the handoff.
  boolean isAwaited() {
    return awaiting()
        .filter(it -> it instanceof Awaiting.Closing(var id, _) && custody.isOpen(id))
        .isPresent();
  }

  private Optional<Awaiting> awaiting() {
    return course.execution().map(it -> it.position().awaiting());
  }

  /// The timer of what the execution waits for is off: nothing is late while a person speaks.
  void stopTimer() {
    awaiting().flatMap(Awaiting::limit).ifPresent(turn::cancel);
  }

  /// Keeps an event where the execution waits for it; whether it does.
  boolean keep(Event event) {
    boolean concerned = awaiting().filter(it -> concerns(it, event)).isPresent();
    if (concerned) {
      custody.keep(event);
      turn.changed();
    }
    return concerned;
  }

  private static boolean concerns(Awaiting awaiting, Event event) {
    return switch (awaiting) {
      case Awaiting.SendAnswer(var send, _) -> isOf(send, event);
      case Awaiting.Reply(var send, _) -> !(event instanceof SendAccepted) && isOf(send, event);
      case Awaiting.CallAnswer(var call) ->
          (event instanceof CallAnswered answer && answer.call().equals(call))
              || (event instanceof CallFailed failure && failure.call().equals(call));
      case Awaiting.OfferAnswer(var reservation, _) ->
          (event instanceof OfferReserved reserved && reserved.reservation().equals(reservation))
              || (event instanceof OfferUnavailable refused
                  && refused.reservation().equals(reservation));
      case Awaiting.Return _ -> event instanceof RedirectReturned;
      case Awaiting.Happening _ ->
          event instanceof EventSeen
              || event instanceof LinkClicked
              || event instanceof PurchaseSeen;
      case Awaiting.Time _, Awaiting.Closing _, Awaiting.Nothing _ -> false;
    };
  }

  private static boolean isOf(EffectId send, Event event) {
    return switch (event) {
      case SendAccepted accepted -> accepted.effect().equals(send);
      case SendFailed failed -> failed.effect().equals(send);
      case DeliveryReported report ->
          report.status().failed() && report.effect().filter(send::equals).isPresent();
      default -> false;
    };
  }

  /// The execution hears of what has come meanwhile; whether that moves it.
  boolean hear(List<Event> kept) {
    boolean moved = false;
    for (Event event : kept) {
      moved |= course.execution().isPresent() && turn.moves(event);
    }
    return moved;
  }

  /// The execution goes on where it stood: by what has come meanwhile; else what was withdrawn is
  /// begun again, and a wait begins anew.
  ///
  /// @param kept what was kept of the handoff that is over
  void end(List<Event> kept) {
    if (hear(kept) || course.execution().isEmpty()) {
      return;
    }
    switch (course.live().position().awaiting()) {
      case Awaiting.SendAnswer _, Awaiting.CallAnswer _, Awaiting.Time _ -> course.again();
      default -> course.renew();
    }
  }

  /// The execution does not go on: a code that was reserved for it meanwhile goes back.
  void drop(List<Event> kept) {
    for (Event event : kept) {
      if (event instanceof OfferReserved reserved) {
        turn.bargaining().late(reserved);
      }
    }
  }
}
