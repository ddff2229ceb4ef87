package io.parley.engine;

import java.util.List;

/// What came of an event: a turn, or a refusal with its reason.
public sealed interface Step {

  /// The conversation after the event, and what is to be done.
  Conversation next();

  /// What is to be done, in order.
  List<Effect> effects();

  /// The event moved the conversation.
  ///
  /// @param path the transitions taken, in order
  /// @param warnings what Studio's log would show: code and sentence
  record Turn(Conversation next, List<Effect> effects, List<Hop> path, List<Warning> warnings)
      implements Step {
    public Turn {
      effects = List.copyOf(effects);
      path = List.copyOf(path);
      warnings = List.copyOf(warnings);
    }
  }

  /// The event changed nothing, and this is why. It still has its turn in the journal, and may be
  /// reported.
  record Refused(Conversation next, Reason reason, List<Effect> effects) implements Step {
    public Refused {
      effects = List.copyOf(effects);
    }
  }
}
