package io.parley.engine;

import io.parley.engine.Effect.Send.Purpose;
import io.parley.engine.SendRules.Manner;
import io.parley.engine.SendRules.Ruling;
import java.util.List;
import java.util.Optional;

/// What a person, or the queue that leads to one, says to the contact: through the same gates as
/// what a flow says. Confined to one step.
final class AgentWords {

  private final TurnBuilder turn;
  private final Moment moment;
  private final Custody custody;

  AgentWords(TurnBuilder turn, Moment moment) {
    this.turn = turn;
    this.moment = moment;
    this.custody = turn.custody();
  }

  Step wrote(Event.AgentWrote wrote) {
    if (!custody.isOpen(wrote.handoff())) {
      return turn.refused(Reason.LATE_ANSWER);
    }
    if (!custody.isHeld()) {
      return turn.refused(Reason.NOT_TAKEN);
    }
    if (custody.owner() == Owner.AGENT && !custody.isHeldBy(wrote.agent())) {
      return turn.refused(Reason.ALREADY_TAKEN);
    }
    Optional<Reason> obstacle =
        say(wrote.content(), Purpose.AGENT, wrote.whenOpen() ? Manner.PATIENT : Manner.PERSONAL);
    if (obstacle.isPresent()) {
      return turn.refused(obstacle.get());
    }
    turn.pause().stopTimer();
    custody.agentWrote();
    return turn.taken();
  }

  Step spoke(Event.QueueSpoke spoke) {
    if (!custody.isOpen(spoke.handoff()) || custody.isHeld()) {
      return turn.refused(Reason.LATE_ANSWER);
    }
    if (custody.handoff().orElseThrow().told().contains(spoke.key())) {
      return turn.refused(Reason.ALREADY_SAID);
    }
    Optional<Reason> obstacle =
        say(new Effect.Content.Text(spoke.text(), List.of()), Purpose.FLOW, Manner.PERSONAL);
    if (obstacle.isPresent()) {
      return turn.refused(obstacle.get());
    }
    custody.queueSpoke(spoke.key());
    return turn.taken();
  }

  /// Says it, or answers why it must not be said, which is reported.
  private Optional<Reason> say(Effect.Content content, Purpose purpose, Manner manner) {
    Optional<Reason> blocked = moment.contact().block().map(Block::reason);
    if (blocked.isPresent()) {
      report(blocked.get());
      return blocked;
    }
    Optional<Event.SendFailed> unearned = turn.bargaining().refusal(content);
    if (unearned.isPresent()) {
      return unearned.map(it -> Reason.ofRefusal(it.refusal()));
    }
    return switch (turn.say(content, purpose, manner)) {
      case Ruling.Leaves(var send, _) -> {
        turn.bargaining().leaving(send.id(), content);
        yield Optional.empty();
      }
      case Ruling.Refused(var failed, _) -> Optional.of(Reason.ofRefusal(failed.refusal()));
    };
  }

  private void report(Reason reason) {
    turn.report(
        Outcomes.MESSAGE_REFUSED,
        Values.of("reason", reason.word())
            .with("error_code", 0)
            .with("message", reason.sentence()));
  }
}
