package io.parley.engine.flow;

import java.util.List;

/// `trigger`: where executions begin, by the event that began them.
public record Trigger(String name, List<Transition> transitions) implements Widget {

  public static final String INCOMING_MESSAGE = "incomingMessage";
  public static final String INCOMING_REQUEST = "incomingRequest";
  public static final String INCOMING_CONVERSATION_MESSAGE = "incomingConversationMessage";
  public static final String INCOMING_PARENT = "incomingParent";

  public Trigger {
    transitions = List.copyOf(transitions);
  }

  /// A loop back to the trigger has no event of its own: nothing leads on from it.
  @Override
  public Reached enter(Scene scene) {
    return new Reached.Left("", java.util.Optional.empty(), io.parley.engine.Values.EMPTY);
  }
}
