package io.parley.verticles;

import io.parley.edge.Arrival;
import io.parley.edge.HandoffTarget.Incoming;
import io.parley.engine.After;
import io.parley.engine.Effect;
import io.parley.engine.Event;
import io.parley.engine.Owner;
import io.parley.engine.Values;
import io.parley.store.HandoffTargets;
import io.parley.store.HandoffTargets.Placed;
import io.parley.store.HandoffTargets.State;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.Optional;

/// Brings what targets tell to the conversations that it is about. What is told again has the name
/// that it had, and counts once.
final class TargetEvents {

  private final HandoffTargets store;
  private final Dispatcher dispatcher;
  private final Clock clock;

  TargetEvents(HandoffTargets store, Dispatcher dispatcher, Clock clock) {
    this.store = store;
    this.dispatcher = dispatcher;
    this.clock = clock;
  }

  /// The target has the handoff.
  Future<Decision> placed(Placed row, String reference) {
    return tell(
        row, row.round() + ":placed", new Event.HandoffPlaced(row.id(), row.target(), reference));
  }

  /// The target does not have the handoff any more: it waits here again.
  Future<Decision> returned(Placed row, String why) {
    return tell(
        row, row.round() + ":returned", new Event.HandoffReturned(row.id(), why, holder(row)));
  }

  Future<Decision> failed(Placed row, String why) {
    return tell(row, row.round() + ":failed", new Event.HandoffFailed(row.id(), why));
  }

  /// Brings what a target has told of a handoff. Fails where it could not be stored.
  ///
  /// What it closes or gives back it must still have: from an agent who has taken the conversation
  /// over meanwhile, or who has it after that, it takes nothing.
  Future<Decision> heard(Placed row, Incoming incoming) {
    return settled(row)
        .compose(
            _ ->
                switch (incoming) {
                  case Incoming.Wrote(var id, var agent, var text, var media) ->
                      tell(
                          row,
                          "wrote:" + id,
                          new Event.AgentWrote(
                              row.id(),
                              name(row, agent),
                              row.target() + ":" + id,
                              new Effect.Content.Text(text, media),
                              true));
                  case Incoming.Closed(var id, var agent, var disposition, var outputs) ->
                      tell(
                              row,
                              row.round() + ":closed:" + id,
                              new Event.HandoffClosed(
                                  row.id(),
                                  disposition,
                                  told(outputs, row, agent),
                                  new After.Usual(),
                                  holder(row)))
                          .compose(decision -> store.endedThere(row).map(decision));
                  case Incoming.GaveBack(var id, var why) -> gaveBack(row, id, why);
                });
  }

  /// It goes to the built-in desk before it waits again: what waits for a target is given to it,
  /// and it would have it twice.
  private Future<Decision> gaveBack(Placed row, String id, String why) {
    return (row.handoff().owner() == Owner.AGENT ? Future.succeededFuture() : store.toDesk(row))
        .compose(
            _ ->
                tell(
                    row,
                    row.round() + ":gave_back:" + id,
                    new Event.HandoffReturned(row.id(), row.target() + ": " + why, holder(row))))
        .compose(decision -> store.endedThere(row).map(decision));
  }

  /// How the conversation names the target while it has it; empty where it has no name for it yet.
  /// Where an agent has it, a target without one is somebody else all the same.
  private static Optional<String> holder(Placed row) {
    return row.reference()
        .or(() -> row.handoff().owner() == Owner.AGENT ? Optional.of("") : Optional.empty())
        .map(reference -> row.target() + ":" + reference);
  }

  /// What is heard before the placing was told is heard after it.
  private Future<?> settled(Placed row) {
    return row.state() == State.OPENING && row.reference().isPresent()
        ? placed(row, row.reference().get())
        : Future.succeededFuture();
  }

  /// Who answers, as reports and transcripts name them: `support:Mia`.
  private static String name(Placed row, String agent) {
    return agent.isBlank() ? row.target() : row.target() + ":" + agent;
  }

  private static Values told(Values outputs, Placed row, String agent) {
    return outputs.with("target", row.target()).with("agent", name(row, agent));
  }

  private Future<Decision> tell(Placed row, String name, Event event) {
    Arrival arrival =
        new Arrival(
            Arrival.Source.AGENT,
            row.id() + ":" + row.target() + ":" + name,
            Optional.empty(),
            row.handoff().thread(),
            event,
            clock.instant());
    return dispatcher
        .dispatch(arrival)
        .compose(
            decision ->
                decision instanceof Decision.Unavailable(var why)
                    ? Future.failedFuture("what a target told could not be stored: " + why)
                    : Future.succeededFuture(decision));
  }
}
