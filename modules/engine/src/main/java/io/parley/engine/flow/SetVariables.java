package io.parley.engine.flow;

import io.parley.engine.Json;
import io.parley.engine.Values;
import io.parley.engine.Warning;
import io.parley.engine.liquid.Templates;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `set-variables`: writes `flow.variables.KEY` and `widgets.NAME.KEY`.
public record SetVariables(String name, List<Transition> transitions, List<Variable> variables)
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

  /// @param value a template
  /// @param json whether the rendered text is JSON to be read (`type: json_object`,
  /// `parse_as_json`)
  public record Variable(String key, String value, boolean json) {

    private static Variable read(Place item) {
      boolean json =
          item.get("type").text().equals("json_object") || item.get("parse_as_json").isTrue();
      return new Variable(item.get("key").text(), item.get("value").text(), json);
    }
  }

  static SetVariables read(String name, List<Transition> transitions, Place properties) {
    List<Variable> variables = new ArrayList<>();
    for (Place item : properties.get("variables").items()) {
      if (Property.checkAll(item, VARIABLE)) {
        checkKey(item.get("key"));
        variables.add(Variable.read(item));
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
    for (Variable variable : variables) {
      Object value = value(variable, scene);
      scene.set(variable.key(), value);
      outputs = outputs.with(variable.key(), value);
    }
    return new Reached.Left("next", next("next"), outputs);
  }

  /// A number that is written without quotes stays text: comparisons and filters read it as a
  /// number all the same.
  private Object value(Variable variable, Scene scene) {
    String text = scene.text(variable.value());
    if (!variable.json()) {
      return text;
    }
    Optional<Object> parsed = Json.parse(text);
    if (parsed.isEmpty()) {
      scene.warn(
          new Warning(
              Warning.UNNUMBERED,
              "widget %s: variable %s is no JSON and is kept as text"
                  .formatted(name, variable.key())));
    }
    return parsed.orElse(text);
  }
}
