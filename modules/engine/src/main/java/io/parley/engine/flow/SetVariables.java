package io.parley.engine.flow;

import io.parley.engine.Values;
import io.parley.engine.liquid.Templates;
import java.util.ArrayList;
import java.util.List;

/// `set-variables`: writes `flow.variables.KEY` and `widgets.NAME.KEY`.
public record SetVariables(String name, List<Transition> transitions, List<Parameter> variables)
    implements Widget {

  static final List<Property> PROPERTIES = List.of(Property.list("variables").required());

  private static final List<Property> VARIABLE =
      List.of(
          Property.text("key").required(),
          Property.text("value"),
          Property.text("type"),
          Property.flag("parse_as_json"));

  public SetVariables {
    transitions = List.copyOf(transitions);
    variables = List.copyOf(variables);
  }

  static SetVariables read(String name, List<Transition> transitions, Place properties) {
    List<Parameter> variables = new ArrayList<>();
    for (Place item : properties.get("variables").items()) {
      if (Property.checkAll(item, VARIABLE)) {
        checkKey(item.get("key"));
        variables.add(Parameter.read(item));
      }
    }
    return new SetVariables(name, transitions, variables);
  }

  private static void checkKey(Place key) {
    if (!Templates.isPlain(key.text())) {
      key.problem("must not contain Liquid: the name of a variable is a literal");
    }
  }

  @Override
  public Reached enter(Scene scene) {
    Values outputs = Values.EMPTY;
    for (Parameter variable : variables) {
      Object value = variable.render(name, scene);
      scene.set(variable.key(), value);
      outputs = outputs.with(variable.key(), value);
    }
    return new Reached.Left("next", next("next"), outputs);
  }
}
