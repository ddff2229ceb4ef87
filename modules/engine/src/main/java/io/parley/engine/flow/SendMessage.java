package io.parley.engine.flow;

import io.parley.engine.Address;
import io.parley.engine.Awaiting;
import io.parley.engine.Event;
import io.parley.engine.Reason;
import io.parley.engine.Values;
import io.parley.engine.Warning;
import java.util.ArrayList;
import java.util.List;

/// `send-message`: sends, and goes on when Twilio has taken the message (`sent`) or will not
/// (`failed`).
///
/// @param to a template; the contact where it renders to nothing
public record SendMessage(String name, List<Transition> transitions, Message message, String to)
    implements Widget {

  static final List<Property> PROPERTIES = properties();

  public SendMessage {
    transitions = List.copyOf(transitions);
  }

  static SendMessage read(String name, List<Transition> transitions, Place properties) {
    return new SendMessage(
        name, transitions, Message.read(properties), properties.get("to").text());
  }

  private static List<Property> properties() {
    List<Property> properties = new ArrayList<>(Message.PROPERTIES);
    properties.add(Property.text("to"));
    return List.copyOf(properties);
  }

  @Override
  public Reached enter(Scene scene) {
    String rendered = scene.text(to).strip();
    Address asked = rendered.isEmpty() ? scene.theirs() : new Address(rendered);
    Address recipient = scene.hears(asked) ? scene.theirs() : asked;
    return reached(scene, message.sendTo(recipient, scene));
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
    return new Reached.Left("failed", next("failed"), Values.of("outbound", failed.outbound()));
  }

  @Override
  public Reached resume(Scene scene, Awaiting awaiting, Event event) {
    if (!(awaiting instanceof Awaiting.SendAnswer(var send, var recipient))) {
      return new Reached.Unmoved(Reason.UNEXPECTED_EVENT);
    }
    return switch (event) {
      case Event.SendAccepted accepted when accepted.effect().equals(send) -> {
        if (message.help() && recipient.equals(scene.theirs())) {
          scene.bargaining().helped();
        }
        yield new Reached.Left("sent", next("sent"), Values.of("outbound", accepted.outbound()));
      }
      case Event.SendFailed failed when failed.effect().equals(send) ->
          message
              .fallBack(failed, recipient, scene)
              .map(sending -> reached(scene, sending))
              .orElseGet(() -> failed(scene, failed));
      default -> new Reached.Unmoved(Reason.UNEXPECTED_EVENT);
    };
  }
}
