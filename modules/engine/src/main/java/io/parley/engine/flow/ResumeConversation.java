package io.parley.engine.flow;

import io.parley.engine.Awaiting;
import io.parley.engine.Effect;
import io.parley.engine.Effect.Request.Conversation.Operation;
import io.parley.engine.Event;
import io.parley.engine.Values;
import java.util.List;

/// `resume-conversation`: goes on in a conversation of Twilio Conversations that stands already.
/// `resumed` when it was found; `failed` where there is no such one, it is closed, or the execution
/// is in one already.
///
/// Source: Studio documentation, Resume Conversation. The names of its properties are not shown
/// there; these are those of its sibling and of the resource.
///
/// @param conversation a template: `CH...`
/// @param service a template: `IS...`; empty for the account's default
/// @param closing whether the conversation is closed when the execution ends
public record ResumeConversation(
    String name, List<Transition> transitions, String conversation, String service, boolean closing)
    implements Widget {

  static final List<Property> PROPERTIES =
      List.of(
          Property.text("conversation_sid").required(),
          Property.text("conversation_service_sid"),
          Property.flag("close_conversation_on_execution_end"));

  public ResumeConversation {
    transitions = List.copyOf(transitions);
  }

  static ResumeConversation read(String name, List<Transition> transitions, Place properties) {
    return new ResumeConversation(
        name,
        transitions,
        properties.get("conversation_sid").text(),
        properties.get("conversation_service_sid").text(),
        properties.get("close_conversation_on_execution_end").isTrue());
  }

  @Override
  public Reached enter(Scene scene) {
    return exits()
        .open(
            scene,
            new Effect.Request.Conversation(
                Operation.RESUME,
                Values.of("sid", scene.text(conversation).strip())
                    .with("service", scene.text(service).strip())));
  }

  @Override
  public Reached resume(Scene scene, Awaiting awaiting, Event event) {
    return exits().resume(scene, awaiting, event);
  }

  private Opening exits() {
    return new Opening(this, "resumed", closing);
  }
}
