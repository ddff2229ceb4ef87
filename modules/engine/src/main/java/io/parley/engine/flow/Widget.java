package io.parley.engine.flow;

import io.parley.engine.Awaiting;
import io.parley.engine.Event;
import io.parley.engine.Reason;
import java.util.List;
import java.util.Optional;

/// One state of a flow. A widget does no I/O: it adds effects to the scene, and hears of their
/// answers as events.
public sealed interface Widget
    permits AddTwimlRedirect,
        GateOffer,
        HandOver,
        KnownWidget,
        MakeHttpRequest,
        RandomSplit,
        ResumeConversation,
        RunFunction,
        RunSubflow,
        SendAndWaitForReply,
        SendMessage,
        SendToFlex,
        SetVariables,
        SplitBasedOn,
        StartConversation,
        Trigger,
        Wait,
        WaitForEvent {

  String name();

  List<Transition> transitions();

  /// The execution arrives at the widget.
  Reached enter(Scene scene);

  /// Something happened while the execution stands at the widget.
  default Reached resume(Scene scene, Awaiting awaiting, Event event) {
    return new Reached.Unmoved(Reason.UNEXPECTED_EVENT);
  }

  /// The execution goes on at the widget where it stood, after a person has spoken: what it waits
  /// for is waited for as long as at first.
  default Awaiting renew(Scene scene, Awaiting awaiting) {
    return awaiting;
  }

  /// Where an event leads; empty where it is not wired.
  default Optional<String> next(String event) {
    for (Transition transition : transitions()) {
      if (transition.event().equals(event)) {
        return transition.next();
      }
    }
    return Optional.empty();
  }
}
