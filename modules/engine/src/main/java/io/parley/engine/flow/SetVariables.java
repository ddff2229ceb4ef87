package io.parley.engine.flow;

import io.parley.engine.Values;
import java.util.List;

/// `set-variables`: writes `flow.variables.KEY` and `widgets.NAME.KEY`.
public record SetVariables(String name, List<Transition> transitions, List<Variable> variables)
    implements Widget {

  public SetVariables {
    transitions = List.copyOf(transitions);
    variables = List.copyOf(variables);
  }

  /// @param value a template
  /// @param json whether the rendered text is JSON to be read (`type: json_object`,
  /// `parse_as_json`)
  public record Variable(String key, String value, boolean json) {}

  @Override
  public Reached enter(Scene scene) {
    Values outputs = Values.EMPTY;
    for (Variable variable : variables) {
      Object value = scene.text(variable.value());
      scene.set(variable.key(), value);
      outputs = outputs.with(variable.key(), value);
    }
    return new Reached.Left("next", next("next"), outputs);
  }
}
