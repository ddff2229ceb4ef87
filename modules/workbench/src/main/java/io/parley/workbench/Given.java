package io.parley.workbench;

import io.parley.engine.Conversation;
import io.parley.engine.Engine;
import io.parley.engine.Event;
import io.parley.engine.FlowShelf;
import io.parley.engine.Moment;
import io.parley.engine.Step;

/// All that a step depends on.
///
/// @param conversation before the step
public record Given(Conversation conversation, Event event, FlowShelf flows, Moment moment) {

  /// Takes the step; again, where it has been taken before.
  public Step step() {
    return Engine.step(conversation, event, flows, moment);
  }
}
