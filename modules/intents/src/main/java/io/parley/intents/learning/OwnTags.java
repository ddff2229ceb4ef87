package io.parley.intents.learning;

import java.util.Collections;
import java.util.List;

/// Tags that a shop has made for itself.
///
/// @param flows the names of the only flows whose replies may get them; none where all may
public record OwnTags(Taxonomy taxonomy, List<String> flows) {

  public OwnTags {
    flows = List.copyOf(flows);
  }

  public static OwnTags everywhere(Taxonomy taxonomy) {
    return new OwnTags(taxonomy, List.of());
  }

  /// Whether a reply that is for these flows may get them.
  public boolean concern(List<String> names) {
    return flows.isEmpty() || !Collections.disjoint(flows, names);
  }

  /// Whether a reply may get these and others.
  public boolean meet(OwnTags others) {
    return flows.isEmpty() || others.concern(flows);
  }
}
