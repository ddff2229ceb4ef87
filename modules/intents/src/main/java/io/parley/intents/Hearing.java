package io.parley.intents;

import io.parley.engine.Conversation;
import io.parley.engine.Execution;
import io.parley.engine.FlowRef;
import io.parley.engine.FlowShelf;
import io.parley.engine.Moment.ContactFacts;
import io.parley.engine.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a conversation has come to when a reply reaches it: all that the reply is to be understood
/// by.
///
/// @param said the text of our last message in it, empty where there was none
public record Hearing(Conversation conversation, ContactFacts contact, String said) {

  /// @param parameters the webhook's
  /// @param startable the flow that the reply starts where none runs
  /// @param flows must have the flow that runs; where it has not, what it looks for is not known
  public Reply reply(Values parameters, Optional<FlowRef> startable, FlowShelf flows) {
    return new Reply(parameters, contact, new Asked(said, answers(flows)), names(startable));
  }

  private List<String> answers(FlowShelf flows) {
    Optional<Execution> running = conversation.execution();
    return running
        .flatMap(it -> flows.flow(it.flow()))
        .map(it -> LookedFor.at(it, running.orElseThrow().position().widget()))
        .orElse(List.of());
  }

  private List<String> names(Optional<FlowRef> startable) {
    List<FlowRef> refs = new ArrayList<>();
    conversation
        .execution()
        .ifPresentOrElse(
            it -> {
              refs.add(it.flow());
              it.callers().forEach(caller -> refs.add(caller.flow()));
            },
            () -> startable.ifPresent(refs::add));
    return refs.stream().map(FlowRef::name).distinct().toList();
  }
}
