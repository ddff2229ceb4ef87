package io.parley.workbench;

import io.parley.engine.FlowRef;
import io.parley.engine.FlowShelf;
import io.parley.engine.FlowSid;
import io.parley.engine.Json;
import io.parley.engine.Values;
import io.parley.engine.flow.Flow;
import io.parley.engine.flow.Parameter;
import io.parley.engine.flow.RunSubflow;
import io.parley.engine.flow.SetVariables;
import io.parley.engine.flow.Transition;
import io.parley.engine.flow.Trigger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The flow that is walked. Any other that it runs asks nothing, sets what the walked flow's
/// conditions ask of it, and ends; now and then it is not to be had. Confined to one walk.
record WalkShelf(FlowRef ref, Flow walked, Vocabulary vocabulary, Dice dice) implements FlowShelf {

  private static final String TRIGGER = "Trigger";
  private static final String SET = "set";

  @Override
  public Optional<Flow> flow(FlowRef wanted) {
    return Optional.of(wanted.equals(ref) ? walked : standIn(wanted.sid()));
  }

  private Flow standIn(FlowSid sid) {
    Map<String, Parameter> outputs = new LinkedHashMap<>();
    walked.widgets().values().stream()
        .filter(it -> it instanceof RunSubflow subflow && subflow.flow().equals(sid))
        .flatMap(it -> outputs(it.name(), vocabulary, dice).stream())
        .forEach(it -> outputs.put(it.key(), it));
    Transition entry = new Transition(Trigger.INCOMING_PARENT, Optional.of(SET), List.of());
    return new Flow(
        Values.EMPTY,
        TRIGGER,
        Map.of(
            TRIGGER,
            new Trigger(TRIGGER, List.of(entry)),
            SET,
            new SetVariables(SET, List.of(), List.copyOf(outputs.values()))));
  }

  /// What a widget that is not run in earnest writes: all that conditions ask of it.
  static List<Parameter> outputs(String widget, Vocabulary vocabulary, Dice dice) {
    return vocabulary.below("widgets." + widget, dice).entries().entrySet().stream()
        .map(it -> new Parameter(it.getKey(), Json.print(it.getValue()), true))
        .toList();
  }

  @Override
  public Optional<FlowRef> find(FlowSid sid, String revision) {
    if (sid.equals(ref.sid())) {
      return Optional.of(ref);
    }
    return dice.percent(8) ? Optional.empty() : Optional.of(new FlowRef(sid, sid.value(), 1));
  }
}
