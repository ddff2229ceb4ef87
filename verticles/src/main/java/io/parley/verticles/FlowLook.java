package io.parley.verticles;

import io.parley.engine.FlowRef;
import io.parley.engine.FlowShelf;
import io.parley.engine.FlowSid;
import io.parley.engine.flow.Flow;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/// One step's look at the flows, which remembers what it lacked. Confined to the step.
final class FlowLook implements FlowShelf {

  private final FlowShelf flows;
  private final Set<FlowRef> missed = new LinkedHashSet<>();

  FlowLook(FlowShelf flows) {
    this.flows = flows;
  }

  /// The revisions that were asked for and were not ready.
  Set<FlowRef> missed() {
    return missed;
  }

  @Override
  public Optional<Flow> flow(FlowRef ref) {
    Optional<Flow> flow = flows.flow(ref);
    if (flow.isEmpty()) {
      missed.add(ref);
    }
    return flow;
  }

  @Override
  public Optional<FlowRef> find(FlowSid sid, String revision) {
    return flows.find(sid, revision);
  }
}
