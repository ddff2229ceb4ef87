package io.parley.engine.flow;

import io.parley.engine.Address;
import io.parley.engine.Awaiting;
import io.parley.engine.Effect;
import io.parley.engine.Effect.Request.Conversation.Operation;
import io.parley.engine.Event;
import io.parley.engine.Values;
import java.util.ArrayList;
import java.util.List;

/// `start-conversation`: opens a conversation in Twilio Conversations with the contact, in which
/// all that the flow says from then on is said. `created` when it stands; `failed` where it cannot
/// be opened, or the execution is in one already.
///
/// Source: Studio documentation, Start Conversation: only where a REST call began the execution,
/// and one conversation an execution.
///
/// @param service a template: `IS...`; empty for the account's default
/// @param timersInactive an ISO 8601 duration as a template: `PT10M`
/// @param closing whether the conversation is closed when the execution ends
public record StartConversation(
    String name,
    List<Transition> transitions,
    String service,
    List<Participant> participants,
    String timersInactive,
    String timersClosed,
    boolean closing)
    implements Widget {

  static final List<Property> PROPERTIES =
      List.of(
          Property.text("conversation_service_sid"),
          Property.list("participants"),
          Property.text("timers_inactive"),
          Property.text("timers_closed"),
          Property.flag("close_conversation_on_execution_end"));

  private static final List<Property> PARTICIPANT =
      List.of(
          Property.text("type"),
          Property.text("messaging_binding_address"),
          Property.text("messaging_binding_proxy_address"),
          Property.text("identity"));

  public StartConversation {
    transitions = List.copyOf(transitions);
    participants = List.copyOf(participants);
  }

  /// Who takes part, as templates: by an address and the one of ours that it sees, or by the
  /// identity of a chat user.
  ///
  /// @param address the contact where it renders to nothing
  /// @param proxyAddress our address in this thread where it renders to nothing
  public record Participant(String address, String proxyAddress, String identity) {

    private static Participant read(Place place) {
      return new Participant(
          place.get("messaging_binding_address").text(),
          place.get("messaging_binding_proxy_address").text(),
          place.get("identity").text());
    }

    private Values render(Scene scene) {
      String chatUser = scene.text(identity).strip();
      return chatUser.isEmpty()
          ? Values.of("address", orElse(address, scene.theirs(), scene))
              .with("proxy_address", orElse(proxyAddress, scene.ours(), scene))
          : Values.of("identity", chatUser);
    }

    private static String orElse(String template, Address otherwise, Scene scene) {
      String rendered = scene.text(template).strip();
      return rendered.isEmpty() ? otherwise.value() : rendered;
    }
  }

  static StartConversation read(String name, List<Transition> transitions, Place properties) {
    List<Participant> participants = new ArrayList<>();
    for (Place item : properties.get("participants").items()) {
      if (Property.checkAll(item, PARTICIPANT)) {
        participants.add(Participant.read(item));
      }
    }
    if (participants.isEmpty()) {
      participants.add(new Participant("", "", ""));
    }
    return new StartConversation(
        name,
        transitions,
        properties.get("conversation_service_sid").text(),
        participants,
        properties.get("timers_inactive").text(),
        properties.get("timers_closed").text(),
        properties.get("close_conversation_on_execution_end").isTrue());
  }

  @Override
  public Reached enter(Scene scene) {
    List<Object> who = new ArrayList<>();
    participants.forEach(participant -> who.add(participant.render(scene).entries()));
    return exits()
        .open(
            scene,
            new Effect.Request.Conversation(
                Operation.CREATE,
                Values.of("service", scene.text(service).strip())
                    .with("participants", who)
                    .with("timers_inactive", scene.text(timersInactive).strip())
                    .with("timers_closed", scene.text(timersClosed).strip())));
  }

  @Override
  public Reached resume(Scene scene, Awaiting awaiting, Event event) {
    return exits().resume(scene, awaiting, event);
  }

  private Opening exits() {
    return new Opening(this, "created", closing);
  }
}
