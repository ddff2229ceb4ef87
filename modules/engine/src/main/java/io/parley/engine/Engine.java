package io.parley.engine;

import io.parley.engine.Event.AgentTook;
import io.parley.engine.Event.AgentWrote;
import io.parley.engine.Event.CallAnswered;
import io.parley.engine.Event.CallFailed;
import io.parley.engine.Event.ConsentRevoked;
import io.parley.engine.Event.DeliveryReported;
import io.parley.engine.Event.EventSeen;
import io.parley.engine.Event.ExecutionStopped;
import io.parley.engine.Event.HandoffClosed;
import io.parley.engine.Event.HandoffFailed;
import io.parley.engine.Event.HandoffPlaced;
import io.parley.engine.Event.HandoffReturned;
import io.parley.engine.Event.LinkClicked;
import io.parley.engine.Event.OfferReserved;
import io.parley.engine.Event.OfferUnavailable;
import io.parley.engine.Event.OptedOutElsewhere;
import io.parley.engine.Event.PurchaseSeen;
import io.parley.engine.Event.QueueSpoke;
import io.parley.engine.Event.RedirectReturned;
import io.parley.engine.Event.ReplyReceived;
import io.parley.engine.Event.SendAccepted;
import io.parley.engine.Event.SendFailed;
import io.parley.engine.Event.SuppressionElapsed;
import io.parley.engine.Event.TimerFired;
import io.parley.engine.Event.Triggered;
import io.parley.engine.flow.Trigger;
import java.util.List;
import java.util.Optional;

/// Turns a conversation and an event into the next conversation and effects. Deterministic: the
/// same arguments give the same step. Thread-safe.
///
/// Opt-out and purchase are handled before any widget sees the event, so that no flow can forget
/// them.
public final class Engine {

  private Engine() {}

  /// One event, one step.
  public static Step step(Conversation current, Event event, FlowShelf flows, Moment moment) {
    return step(new TurnBuilder(current, event, flows, moment), event, moment);
  }

  /// How an execution went through a step that was taken before; the arguments are those of then.
  public static Trace trace(Conversation current, Event event, FlowShelf flows, Moment moment) {
    TurnBuilder turn = new TurnBuilder(current, event, flows, moment);
    step(turn, event, moment);
    return turn.trace();
  }

  private static Step step(TurnBuilder turn, Event event, Moment moment) {
    return switch (event) {
      case Triggered triggered -> triggered(turn, triggered, moment);
      case ReplyReceived reply -> new Replies(turn, moment).heard(reply);
      case SendAccepted accepted -> accepted(turn, accepted);
      case SendFailed failed -> failed(turn, failed, moment);
      case DeliveryReported report -> reported(turn, report, moment);
      case TimerFired fired -> fired(turn, fired);
      case PurchaseSeen purchase -> new Orders(turn).told(purchase);
      case CallAnswered _, CallFailed _ -> resumed(turn, event, Reason.LATE_ANSWER);
      case OfferReserved reserved -> reserved(turn, reserved);
      case OfferUnavailable _ -> resumed(turn, event, Reason.LATE_ANSWER);
      case AgentTook took -> new Handovers(turn, moment).took(took);
      case HandoffReturned returned -> new Handovers(turn, moment).returned(returned);
      case HandoffPlaced placed -> new Handovers(turn, moment).placed(placed);
      case HandoffClosed closed -> new Handovers(turn, moment).closed(closed);
      case HandoffFailed failed -> new Handovers(turn, moment).failed(failed);
      case AgentWrote wrote -> new AgentWords(turn, moment).wrote(wrote);
      case QueueSpoke spoke -> new AgentWords(turn, moment).spoke(spoke);
      case RedirectReturned _, EventSeen _ -> resumed(turn, event, Reason.UNEXPECTED_EVENT);
      case ConsentRevoked revoked -> new Revocations(turn, moment).told(revoked);
      case LinkClicked click -> clicked(turn, click);
      case ExecutionStopped stopped -> stopped(turn, stopped);
      case OptedOutElsewhere told -> new OptOuts(turn, moment).heard(told);
      case SuppressionElapsed _ -> elapsed(turn);
    };
  }

  private static Step triggered(TurnBuilder turn, Triggered triggered, Moment moment) {
    Optional<Reason> obstacle = obstacle(turn, triggered, moment);
    if (obstacle.equals(Optional.of(Reason.HANDED_OFF)) && triggered.patience().isPresent()) {
      turn.add(
          new Effect.KeepTrigger(
              turn.nextId(), triggered.waited(), PersonChecks.handedOver(turn, moment)));
      return turn.refused(Reason.HANDED_OFF);
    }
    if (obstacle.isPresent()) {
      turn.reportRefusal(triggered, obstacle.get());
      return turn.refused(obstacle.get());
    }
    if (turn.isHandedOver()) {
      new Handovers(turn, moment).interrupted();
    }
    turn.know(triggered.person());
    turn.bargaining().begun();
    Values request =
        Values.of("from", turn.ours().value())
            .with("to", turn.theirs().value())
            .with("parameters", triggered.parameters());
    turn.begin(triggered.flow(), Values.of("request", request), triggered.parameters());
    turn.windows().engage(PersonChecks.names(triggered, turn.theirs(), moment));
    TriggerChecks.count(triggered, turn.theirs(), moment).ifPresent(turn::add);
    turn.run(Trigger.INCOMING_REQUEST);
    return turn.taken();
  }

  /// What stands against a trigger for good comes before the handoff, which passes.
  private static Optional<Reason> obstacle(TurnBuilder turn, Triggered triggered, Moment moment) {
    if (moment.contact().block().isPresent()) {
      return moment.contact().block().map(Block::reason);
    }
    boolean toPurchasers = turn.speaksToPurchasers(triggered.flow());
    Optional<Reason> closed =
        PersonChecks.closed(triggered, turn.theirs(), moment)
            .or(() -> PersonChecks.bought(triggered, toPurchasers, moment));
    if (closed.isPresent()) {
      return closed;
    }
    if (triggered.coolsOff(turn.runs(), moment)) {
      return Optional.of(Reason.COOLING_OFF);
    }
    Optional<Reason> moot = TriggerChecks.obstacle(triggered, turn.theirs(), moment);
    if (moot.isPresent()) {
      return moot;
    }
    boolean interrupts = turn.isHandedOver() && PersonChecks.interrupts(triggered);
    if (turn.isHandedOver() && !interrupts) {
      return Optional.of(Reason.HANDED_OFF);
    }
    return turn.execution()
        .filter(_ -> !interrupts)
        .map(_ -> Reason.BUSY)
        .or(() -> PersonChecks.engagedElsewhere(triggered, toPurchasers, moment));
  }

  private static Step accepted(TurnBuilder turn, SendAccepted accepted) {
    if (turn.messages().knows(accepted.sid())) {
      return turn.refused(Reason.LATE_ANSWER);
    }
    turn.sent(accepted);
    return turn.resumeIfConcerned(accepted);
  }

  private static Step failed(TurnBuilder turn, SendFailed failed, Moment moment) {
    if (turn.messages().hasTaken(failed.effect())) {
      return turn.refused(Reason.LATE_ANSWER);
    }
    turn.failed(failed.effect(), failed.code());
    turn.bargaining().lost(failed.effect());
    turn.reportOf(
        failed.effect(),
        Outcomes.MESSAGE_FAILED,
        Values.of("error_code", failed.code())
            .with("reason", failed.refusal())
            .with("class", failed.failureClass().word())
            .with("message", failed.message()));
    if (failed.block().isPresent() && turn.isToContact(failed.effect())) {
      String evidence = failed.refusal() + " (" + failed.code() + ")";
      block(turn, failed, failed.block().get(), evidence, moment);
      return turn.taken();
    }
    return turn.resumeIfConcerned(failed);
  }

  /// The contact turned out to be closed to us: no execution goes on that cannot be heard, unless
  /// it has another way to somebody who takes no messages.
  private static void block(
      TurnBuilder turn, Event event, Block told, String evidence, Moment moment) {
    Optional<Block> known = moment.contact().block();
    // Our own last look tells of a question that is open, or was: it says nothing of the contact
    // that is not on record.
    Block block = told == Block.UNCLEAR ? known.orElse(told) : told;
    boolean news = known.isEmpty() || (block == Block.OPTED_OUT && !known.get().equals(block));
    if (told != Block.UNCLEAR && news) {
      turn.add(new Effect.BlockContact(turn.theirs(), block, evidence, turn.now()));
      if (block == Block.OPTED_OUT) {
        turn.report(Outcomes.OPTED_OUT, Values.of("evidence", evidence));
        new OptOuts(turn, moment).spread(List.of(turn.theirs()), evidence, turn.now());
      }
    }
    if (block == Block.UNCLEAR && turn.isHandedOver()) {
      // What the contact answers is for the person who speaks to hear.
      return;
    }
    turn.withdrawSends();
    if (block == Block.OPTED_OUT) {
      new OptOuts(turn, moment).stop("the contact cannot be written to: " + evidence);
      return;
    }
    if (block == Block.UNREACHABLE && turn.resumeByCall(event)) {
      return;
    }
    turn.end(block.result(), "the contact cannot be written to: " + evidence);
    turn.silence("the contact cannot be written to: " + evidence);
  }

  private static Step reported(TurnBuilder turn, DeliveryReported told, Moment moment) {
    DeliveryReported report = turn.messages().withEffect(told);
    if (report.effect().isEmpty()) {
      return turn.refused(Reason.UNKNOWN_MESSAGE);
    }
    if (!turn.messages().knows(report.sid())) {
      if (turn.messages().hasForgotten(report.effect().get())) {
        return turn.refused(Reason.UNKNOWN_MESSAGE);
      }
      // The report overtook the answer to our request, or the answer was lost: it proves that
      // Twilio has taken the message, so the flow goes on from here.
      SendAccepted implied =
          new SendAccepted(report.effect().get(), report.sid(), outbound(report));
      turn.sent(implied);
      turn.resumeIfConcerned(implied);
    }
    if (!turn.advance(report)) {
      return turn.refusedUnlessChanged(Reason.OUT_OF_ORDER_STATUS);
    }
    if (report.block().isPresent() && isToContact(turn, report)) {
      block(turn, report, report.block().get(), "error " + report.errorCode(), moment);
      return turn.taken();
    }
    return turn.resumeIfConcerned(report);
  }

  private static boolean isToContact(TurnBuilder turn, DeliveryReported report) {
    return report.parameters().text("To").map(turn.theirs().value()::equals).orElse(true);
  }

  private static Values outbound(DeliveryReported report) {
    Values outbound =
        Values.of("Sid", report.sid().value()).with("Status", MessageStatus.ACCEPTED.word());
    for (String name : new String[] {"From", "To", "AccountSid", "MessagingServiceSid"}) {
      Optional<String> value = report.parameters().text(name);
      outbound = value.isPresent() ? outbound.with(name, value.get()) : outbound;
    }
    return outbound;
  }

  private static Step elapsed(TurnBuilder turn) {
    if (!turn.windows().elapsed()) {
      return turn.refused(Reason.NO_SUPPRESSION);
    }
    turn.reportAttributes();
    return turn.taken();
  }

  private static Step fired(TurnBuilder turn, TimerFired fired) {
    if (turn.windows().fired(fired.timer())) {
      turn.reportAttributes();
      return turn.taken();
    }
    if (turn.custody().isHeld() && turn.pause().isAwaited() && !isExpiry(turn, fired)) {
      return turn.refused(Reason.HANDED_OFF);
    }
    if (isExpiry(turn, fired)) {
      turn.withdrawSends();
      turn.end(Result.EXPIRED, "the execution was alive for 30 days");
      return turn.taken();
    }
    return turn.execution().isEmpty()
        ? turn.refused(Reason.LATE_TIMER)
        : turn.resumeOr(Reason.LATE_TIMER, fired);
  }

  private static boolean isExpiry(TurnBuilder turn, TimerFired fired) {
    return turn.execution().filter(it -> it.expiry().equals(fired.timer())).isPresent();
  }

  /// A code that nobody waits for any more goes back.
  private static Step reserved(TurnBuilder turn, OfferReserved reserved) {
    if (turn.isAwaiting(reserved.reservation())) {
      return turn.resume(reserved);
    }
    turn.bargaining().late(reserved);
    return turn.refused(Reason.LATE_ANSWER);
  }

  private static Step resumed(TurnBuilder turn, Event event, Reason otherwise) {
    return turn.execution().isEmpty()
        ? turn.refused(Reason.NO_EXECUTION)
        : turn.resumeOr(otherwise, event);
  }

  private static Step clicked(TurnBuilder turn, LinkClicked click) {
    turn.reportOf(
        click.send(),
        Outcomes.LINK_CLICKED,
        Values.of("url", click.url())
            .with("clicked_at", click.occurredAt().toString())
            .with(click.properties()));
    return turn.resumeIfConcerned(click);
  }

  private static Step stopped(TurnBuilder turn, ExecutionStopped stopped) {
    if (turn.execution().filter(it -> it.id().equals(stopped.execution())).isEmpty()) {
      return turn.refused(Reason.NO_EXECUTION);
    }
    turn.withdrawSends();
    turn.end(Result.STOPPED, "a caller ended the execution");
    return turn.taken();
  }
}
