package io.parley.engine.flow;

import io.parley.engine.Awaiting;
import io.parley.engine.Effect.ScheduleTimer.Purpose;
import io.parley.engine.EffectId;
import io.parley.engine.Event;
import io.parley.engine.Reason;
import io.parley.engine.Values;
import io.parley.engine.Warning;
import java.time.Duration;
import java.util.List;

/// `send-and-wait-for-reply`: asks, and waits for the answer. The wait begins when Twilio has taken
/// the
/// question, so that a slow queue eats nothing of it; an answer that overtakes Twilio's counts all
/// the same.
///
/// @param timeout how long to wait for the reply
public record SendAndWaitForReply(
    String name, List<Transition> transitions, Message message, Duration timeout)
    implements Widget {

  public SendAndWaitForReply {
    transitions = List.copyOf(transitions);
  }

  @Override
  public Reached enter(Scene scene) {
    EffectId send = message.sendTo(scene.theirs(), scene);
    return new Reached.Holds(new Awaiting.SendAnswer(send), Values.EMPTY);
  }

  @Override
  public Reached resume(Scene scene, Awaiting awaiting, Event event) {
    return switch (awaiting) {
      case Awaiting.Nothing() -> new Reached.Unmoved(Reason.UNEXPECTED_EVENT);
      case Awaiting.SendAnswer(var send) -> whileSending(scene, send, event);
      case Awaiting.Reply(var send, var timer) -> whileWaiting(scene, send, timer, event);
    };
  }

  private Reached whileSending(Scene scene, EffectId send, Event event) {
    return switch (event) {
      case Event.SendAccepted accepted when accepted.effect().equals(send) -> {
        EffectId timer = scene.timer(timeout, Purpose.REPLY_TIMEOUT);
        yield new Reached.Holds(
            new Awaiting.Reply(send, timer), Values.of("outbound", accepted.outbound()));
      }
      case Event.SendFailed failed when failed.effect().equals(send) -> {
        scene.warn(Warning.sendFailed(name, failed));
        yield left("deliveryFailure", Values.of("outbound", failed.outbound()));
      }
      case Event.ReplyReceived reply -> replied(reply);
      default -> new Reached.Unmoved(Reason.UNEXPECTED_EVENT);
    };
  }

  private Reached whileWaiting(Scene scene, EffectId send, EffectId timer, Event event) {
    return switch (event) {
      case Event.ReplyReceived reply -> {
        scene.cancel(timer);
        yield replied(reply);
      }
      case Event.TimerFired(var fired) when fired.equals(timer) -> left("timeout", Values.EMPTY);
      case Event.DeliveryReported report
          when report.status().failed() && report.effect().filter(send::equals).isPresent() -> {
        scene.cancel(timer);
        yield left("deliveryFailure", Values.EMPTY);
      }
      default -> new Reached.Unmoved(Reason.UNEXPECTED_EVENT);
    };
  }

  private Reached replied(Event.ReplyReceived reply) {
    return left("incomingMessage", Values.of("inbound", reply.parameters()));
  }

  private Reached left(String event, Values outputs) {
    return new Reached.Left(event, next(event), outputs);
  }
}
