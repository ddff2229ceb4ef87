package io.parley.verticles;

import io.parley.edge.Arrival;
import io.parley.edge.Arrival.Source;
import io.parley.engine.After;
import io.parley.engine.EffectId;
import io.parley.engine.Event;
import io.parley.engine.ThreadId;
import java.time.Instant;
import java.util.Optional;

/// What people and desks tell of a handoff, on its way to its conversation, under names by which a
/// repeat is known: what is told again under the same name has the same answer.
///
/// | event | name |
/// |---|---|
/// | `AgentTook` | `took:TOKEN` |
/// | `HandoffReturned` | `HANDOFF:returned:TOKEN` |
/// | `HandoffPlaced` | `HANDOFF:placed:TARGET:REFERENCE` |
/// | `AgentWrote` | `HANDOFF:wrote:AGENT:DRAFT`, with `:later` where it may wait |
/// | `QueueSpoke` | `HANDOFF:spoke:KEY` |
/// | `HandoffClosed` | `HANDOFF:closed`, with what follows where that is not the usual |
/// | `HandoffFailed` | `HANDOFF:failed` |
final class HandoffArrivals {

  private HandoffArrivals() {}

  /// @param token tells one taking or returning from another; not asked for otherwise
  static Arrival of(ThreadId thread, Event event, String token, Instant at) {
    return new Arrival(Source.AGENT, name(event, token), Optional.empty(), thread, event, at);
  }

  private static String name(Event event, String token) {
    return switch (event) {
      case Event.AgentTook _ -> "took:" + token;
      case Event.HandoffReturned returned -> name(returned.handoff(), "returned:" + token);
      case Event.HandoffPlaced placed ->
          name(placed.handoff(), "placed:" + placed.target() + ":" + placed.reference());
      case Event.AgentWrote wrote ->
          name(
              wrote.handoff(),
              "wrote:" + wrote.agent() + ":" + wrote.draft() + (wrote.whenOpen() ? ":later" : ""));
      case Event.QueueSpoke spoke -> name(spoke.handoff(), "spoke:" + spoke.key());
      case Event.HandoffClosed closed -> name(closed.handoff(), "closed" + then(closed.then()));
      case Event.HandoffFailed failed -> name(failed.handoff(), "failed");
      default -> throw new IllegalArgumentException("no news of a handoff: " + event);
    };
  }

  private static String name(EffectId handoff, String what) {
    return handoff + ":" + what;
  }

  private static String then(After then) {
    return switch (then) {
      case After.Usual _ -> "";
      case After.GoesOn _, After.Ends _ -> ":" + then.word();
      case After.At(var widget) -> ":at:" + widget;
      case After.Begins(var flow, _) -> ":begins:" + flow.sid() + ":" + flow.revision();
    };
  }
}
