package io.parley.engine.flow;

import io.parley.engine.Address;
import io.parley.engine.Awaiting;
import io.parley.engine.Effect;
import io.parley.engine.EffectId;
import io.parley.engine.Event;
import io.parley.engine.Execution;
import io.parley.engine.Json;
import io.parley.engine.Reason;
import io.parley.engine.Values;
import io.parley.engine.Warning;
import java.util.Map;

/// The way from a widget that asks for a conversation into that conversation.
///
/// @param success the exit by which the widget is left when the conversation stands
/// @param closing whether the conversation is closed when the execution ends
record Opening(Widget widget, String success, boolean closing) {

  Reached open(Scene scene, Effect.Request.Conversation request) {
    if (!scene.mayOpenRoom()) {
      return failed(
          scene,
          "a conversation can only be opened by an execution that the REST API triggered, and that"
              + " is in none yet");
    }
    EffectId call = scene.call(request);
    return new Reached.Holds(new Awaiting.CallAnswer(call), Values.EMPTY);
  }

  Reached resume(Scene scene, Awaiting awaiting, Event event) {
    if (!(awaiting instanceof Awaiting.CallAnswer(var call))) {
      return new Reached.Unmoved(Reason.UNEXPECTED_EVENT);
    }
    return switch (event) {
      case Event.CallAnswered answer when answer.call().equals(call) -> answered(scene, answer);
      case Event.CallFailed failure when failure.call().equals(call) ->
          failed(scene, failure.reason() + ": " + failure.message());
      default -> new Reached.Unmoved(Reason.UNEXPECTED_EVENT);
    };
  }

  private Reached answered(Scene scene, Event.CallAnswered answer) {
    Values body = body(answer);
    Address sid = new Address(body.text("sid").filter(it -> !it.isBlank()).orElse("none"));
    if (answer.status() / 100 != 2 || !sid.isConversation()) {
      return failed(scene, "status %d: %s".formatted(answer.status(), told(body)));
    }
    String service = body.text("chat_service_sid").orElse("");
    scene.enterRoom(new Execution.Room(sid, service, closing));
    return new Reached.Left(
        success,
        widget.next(success),
        Values.of("Sid", sid.value())
            .with("ConversationSid", sid.value())
            .with("ChatServiceSid", service)
            .with("State", body.text("state").orElse("")));
  }

  @SuppressWarnings("unchecked") // keys of JSON objects are texts
  private static Values body(Event.CallAnswered answer) {
    return Json.parse(answer.body()).orElse("") instanceof Map<?, ?> map
        ? new Values((Map<String, Object>) map)
        : Values.EMPTY;
  }

  private static String told(Values body) {
    return body.text("message").orElse("the answer names no conversation");
  }

  private Reached failed(Scene scene, String why) {
    scene.warn(
        new Warning(
            Warning.CONVERSATION_FAILED,
            "Failed to create Chat Channel: widget %s: %s".formatted(widget.name(), why)));
    return new Reached.Left("failed", widget.next("failed"), Values.EMPTY);
  }
}
