package io.parley.verticles;

import io.parley.engine.FlowRef;
import io.parley.engine.FlowShelf;
import io.parley.engine.FlowSid;
import io.parley.engine.flow.Flow;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Every revision of every flow, ready to run. Thread-safe: flows are immutable.
final class FlowLibrary implements FlowShelf {

  private final Map<FlowRef, Flow> flows = new ConcurrentHashMap<>();

  void add(FlowRef ref, Flow flow) {
    flows.put(ref, flow);
  }

  @Override
  public Optional<Flow> flow(FlowRef ref) {
    return Optional.ofNullable(flows.get(ref));
  }

  @Override
  public Optional<FlowRef> find(FlowSid sid, String revision) {
    Optional<FlowRef> latest = latest(sid.value());
    return revision.matches("\\d{1,9}")
        ? latest
            .map(ref -> new FlowRef(sid, ref.name(), Integer.parseInt(revision)))
            .filter(flows::containsKey)
        : latest;
  }

  /// The latest revision of a flow, by its name or its sid.
  Optional<FlowRef> latest(String nameOrSid) {
    return flows.keySet().stream()
        .filter(ref -> ref.name().equals(nameOrSid) || ref.sid().value().equals(nameOrSid))
        .max(Comparator.comparingInt(FlowRef::revision));
  }

  /// The names, in order.
  List<String> names() {
    return flows.keySet().stream().map(FlowRef::name).distinct().sorted().toList();
  }
}
