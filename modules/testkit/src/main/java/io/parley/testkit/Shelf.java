package io.parley.testkit;

import io.parley.engine.FlowRef;
import io.parley.engine.FlowShelf;
import io.parley.engine.FlowSid;
import io.parley.engine.flow.Flow;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// A few flows at hand. Confined to one thread.
final class Shelf implements FlowShelf {

  private final Map<FlowRef, Flow> flows = new LinkedHashMap<>();

  void put(FlowRef ref, Flow flow) {
    flows.put(ref, flow);
  }

  @Override
  public Optional<Flow> flow(FlowRef ref) {
    return Optional.ofNullable(flows.get(ref));
  }

  /// The flow with this sid that was put last, or the one of this number.
  @Override
  public Optional<FlowRef> find(FlowSid sid, String revision) {
    return flows.keySet().stream()
        .filter(ref -> ref.sid().equals(sid))
        .filter(ref -> !revision.matches("\\d+") || revision.equals(String.valueOf(ref.revision())))
        .reduce((_, last) -> last);
  }
}
