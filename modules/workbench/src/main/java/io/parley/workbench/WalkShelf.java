package io.parley.workbench;

import io.parley.engine.FlowRef;
import io.parley.engine.FlowShelf;
import io.parley.engine.FlowSid;
import io.parley.engine.Values;
import io.parley.engine.flow.Flow;
import io.parley.engine.flow.Trigger;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The flow that is walked; any other that it runs is empty, and ends at once.
record WalkShelf(FlowRef ref, Flow walked) implements FlowShelf {

  private static final String TRIGGER = "Trigger";
  private static final Flow EMPTY_FLOW =
      new Flow(Values.EMPTY, TRIGGER, Map.of(TRIGGER, new Trigger(TRIGGER, List.of())));

  @Override
  public Optional<Flow> flow(FlowRef wanted) {
    return Optional.of(wanted.equals(ref) ? walked : EMPTY_FLOW);
  }

  @Override
  public Optional<FlowRef> find(FlowSid sid, String revision) {
    return Optional.of(sid.equals(ref.sid()) ? ref : new FlowRef(sid, sid.value(), 1));
  }
}
