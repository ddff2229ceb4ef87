package io.parley.workbench.cases;

import io.parley.engine.FlowRef;
import io.parley.engine.FlowShelf;
import io.parley.engine.FlowSid;
import io.parley.engine.flow.Flow;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// A flow and the flows that it may run, each under the sid that it is run by. Every revision of
/// one is the same. Immutable.
///
/// @param root the flow that conversations start
/// @param flows by sid, the root among them
public record FlowSet(FlowRef root, Map<FlowSid, Named> flows) implements FlowShelf {

  /// A flow and the name that it is known by.
  public record Named(String name, Flow flow) {}

  public FlowSet {
    flows = Collections.unmodifiableMap(new LinkedHashMap<>(flows));
  }

  /// A flow that runs no other.
  public static FlowSet of(String name, Flow flow) {
    FlowSid sid = FlowSid.named(name);
    return new FlowSet(new FlowRef(sid, name, 1), Map.of(sid, new Named(name, flow)));
  }

  /// With another flow for the root to run.
  public FlowSet with(FlowSid sid, Named flow) {
    Map<FlowSid, Named> more = new LinkedHashMap<>(flows);
    more.put(sid, flow);
    return new FlowSet(root, more);
  }

  @Override
  public Optional<Flow> flow(FlowRef ref) {
    return Optional.ofNullable(flows.get(ref.sid())).map(Named::flow);
  }

  @Override
  public Optional<FlowRef> find(FlowSid sid, String revision) {
    return Optional.ofNullable(flows.get(sid)).map(it -> new FlowRef(sid, it.name(), 1));
  }

  Flow rootFlow() {
    return flow(root).orElseThrow();
  }
}
