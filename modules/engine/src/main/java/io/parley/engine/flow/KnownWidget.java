package io.parley.engine.flow;

import io.parley.engine.Result;
import java.util.List;

/// A widget of Studio that is read, checked and kept, but not run: reaching it ends the execution,
/// and says so.
///
/// @param type Studio's type string
public record KnownWidget(String name, String type, List<Transition> transitions)
    implements Widget {

  public KnownWidget {
    transitions = List.copyOf(transitions);
  }

  @Override
  public Reached enter(Scene scene) {
    return new Reached.Ends(
        Result.UNSUPPORTED_WIDGET,
        "widget %s is of type %s, which needs a call: this engine holds conversations by message"
            .formatted(name, type));
  }
}
