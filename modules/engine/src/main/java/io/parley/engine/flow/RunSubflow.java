package io.parley.engine.flow;

import io.parley.engine.FlowSid;
import java.util.List;

/// `run-subflow`: runs another flow within the same execution, and goes on with what it has set as
/// this widget's outputs. Flows nest deeper than Studio's one level.
///
/// @param flow never a template
/// @param revision `LatestPublished`, `LatestRevision`, `LatestDraft` or a number
public record RunSubflow(
    String name,
    List<Transition> transitions,
    FlowSid flow,
    String revision,
    List<Parameter> parameters)
    implements Widget {

  static final List<Property> PROPERTIES =
      List.of(
          Property.text("flow_sid").required(),
          Property.textOrInteger("flow_revision"),
          Property.entries("parameters"));

  private static final String LATEST = "LatestPublished";

  public RunSubflow {
    transitions = List.copyOf(transitions);
    parameters = List.copyOf(parameters);
  }

  static RunSubflow read(String name, List<Transition> transitions, Place properties) {
    String revision = properties.get("flow_revision").literal().strip();
    return new RunSubflow(
        name,
        transitions,
        new FlowSid(properties.get("flow_sid").text().strip()),
        revision.isEmpty() ? LATEST : revision,
        Parameter.readAll(properties.get("parameters")));
  }

  @Override
  public Reached enter(Scene scene) {
    return new Reached.Calls(flow, revision, Parameter.render(parameters, name, scene));
  }
}
