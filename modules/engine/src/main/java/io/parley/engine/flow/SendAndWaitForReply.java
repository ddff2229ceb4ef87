package io.parley.engine.flow;

import io.parley.engine.Address;
import io.parley.engine.Awaiting;
import io.parley.engine.Effect.ScheduleTimer.Purpose;
import io.parley.engine.EffectId;
import io.parley.engine.Event;
import io.parley.engine.Reason;
import io.parley.engine.Values;
import io.parley.engine.Warning;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// `send-and-wait-for-reply`: asks, and waits for the answer. The wait begins when Twilio has taken
/// the question, so that a slow queue eats nothing of it; an answer that overtakes Twilio's counts
/// all the same.
///
/// @param timeout how long to wait for the reply
public record SendAndWaitForReply(
    String name, List<Transition> transitions, Message message, Duration timeout)
    implements Widget {

  static final List<Property> PROPERTIES = properties();

  /// Source: Studio documentation, Send & Wait For Reply.
  private static final Duration DEFAULT_TIMEOUT = Duration.ofHours(1);

  /// Nine digits are more than an execution can live (30 days).
  private static final Pattern SECONDS = Pattern.compile("\\d{1,9}");

  public SendAndWaitForReply {
    transitions = List.copyOf(transitions);
  }

  static SendAndWaitForReply read(String name, List<Transition> transitions, Place properties) {
    return new SendAndWaitForReply(
        name, transitions, Message.read(properties), timeout(properties.get("timeout")));
  }

  private static List<Property> properties() {
    List<Property> properties = new ArrayList<>(Message.PROPERTIES);
    properties.add(Property.textOrInteger("timeout"));
    properties.add(Property.text("save_response_as"));
    return List.copyOf(properties);
  }

  /// Studio's editor takes digits only; whether a file may hold Liquid here is not documented, so
  /// it is refused rather than guessed at.
  private static Duration timeout(Place place) {
    String seconds = place.literal().strip();
    if (seconds.isEmpty()) {
      return DEFAULT_TIMEOUT;
    }
    if (!SECONDS.matcher(seconds).matches()) {
      place.problem(
          "must be a whole number of seconds, such as \"3600\"; it can not be a template");
      return DEFAULT_TIMEOUT;
    }
    return Duration.ofSeconds(Long.parseLong(seconds));
  }

  @Override
  public Reached enter(Scene scene) {
    return reached(scene, message.sendTo(scene.theirs(), scene));
  }

  private Reached reached(Scene scene, Sending sending) {
    return switch (sending) {
      case Sending.Leaves(var send, var recipient) ->
          new Reached.Holds(new Awaiting.SendAnswer(send, recipient), Values.EMPTY);
      case Sending.Refused(var failed) -> failed(scene, failed);
    };
  }

  private Reached failed(Scene scene, Event.SendFailed failed) {
    scene.warn(Warning.sendFailed(name, failed));
    return left("deliveryFailure", Values.of("outbound", failed.outbound()));
  }

  @Override
  public Reached resume(Scene scene, Awaiting awaiting, Event event) {
    return switch (awaiting) {
      case Awaiting.SendAnswer(var send, var recipient) ->
          whileSending(scene, send, recipient, event);
      case Awaiting.Reply(var send, var timer) -> whileWaiting(scene, send, timer, event);
      default -> new Reached.Unmoved(Reason.UNEXPECTED_EVENT);
    };
  }

  private Reached whileSending(Scene scene, EffectId send, Address recipient, Event event) {
    return switch (event) {
      case Event.SendAccepted accepted when accepted.effect().equals(send) -> {
        EffectId timer = scene.timer(timeout, Purpose.REPLY_TIMEOUT);
        if (message.help()) {
          scene.bargaining().helped();
        }
        yield new Reached.Holds(
            new Awaiting.Reply(send, timer), Values.of("outbound", accepted.outbound()));
      }
      case Event.SendFailed failed when failed.effect().equals(send) ->
          message
              .fallBack(failed, recipient, scene)
              .map(sending -> reached(scene, sending))
              .orElseGet(() -> failed(scene, failed));
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
      case Event.TimerFired(var fired) when fired.equals(timer) -> {
        scene.bargaining().silent();
        yield left("timeout", Values.EMPTY);
      }
      case Event.DeliveryReported report
          when report.status().failed() && report.effect().filter(send::equals).isPresent() -> {
        scene.cancel(timer);
        yield message
            .fallBack(report.errorCode(), scene.theirs(), scene)
            .map(sending -> reached(scene, sending))
            .orElseGet(() -> left("deliveryFailure", Values.EMPTY));
      }
      default -> new Reached.Unmoved(Reason.UNEXPECTED_EVENT);
    };
  }

  @Override
  public Awaiting renew(Scene scene, Awaiting awaiting) {
    return awaiting instanceof Awaiting.Reply(var send, _)
        ? new Awaiting.Reply(send, scene.timer(timeout, Purpose.REPLY_TIMEOUT))
        : awaiting;
  }

  private Reached replied(Event.ReplyReceived reply) {
    return left("incomingMessage", Values.of("inbound", reply.readable()));
  }

  private Reached left(String event, Values outputs) {
    return new Reached.Left(event, next(event), outputs);
  }
}
