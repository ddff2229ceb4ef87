package io.parley.engine;

import io.parley.engine.flow.Flow;
import java.util.Optional;

/// The flows that a step may run. Looked at only where a step needs one, so that an opt-out counts
/// even where no flow can be had any more.
public interface FlowShelf {

  /// Nothing to run.
  FlowShelf EMPTY =
      new FlowShelf() {
        @Override
        public Optional<Flow> flow(FlowRef ref) {
          return Optional.empty();
        }

        @Override
        public Optional<FlowRef> find(FlowSid sid, String revision) {
          return Optional.empty();
        }
      };

  Optional<Flow> flow(FlowRef ref);

  /// The revision that a run-subflow widget means; empty where there is no such flow or revision.
  ///
  /// @param revision `LatestPublished`, `LatestRevision`, `LatestDraft` or a number
  Optional<FlowRef> find(FlowSid sid, String revision);
}
