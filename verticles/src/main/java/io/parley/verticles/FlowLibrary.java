package io.parley.verticles;

import io.parley.engine.FlowRef;
import io.parley.engine.flow.Flow;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Every revision of every flow, ready to run. Thread-safe: flows are immutable.
final class FlowLibrary {

  private final Map<FlowRef, Flow> flows = new ConcurrentHashMap<>();

  void add(FlowRef ref, Flow flow) {
    flows.put(ref, flow);
  }

  /// The flow of a revision; throws where there is none, which is a bug or a lost row.
  Flow get(FlowRef ref) {
    Flow flow = flows.get(ref);
    if (flow == null) {
      throw new IllegalStateException(
          "no flow " + ref.name() + " in revision " + ref.revision() + " is loaded");
    }
    return flow;
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
