package io.parley.networks;

import io.parley.edge.OutcomeSink.Verdict;
import java.util.List;

/// What a network's answer means for what a request carried.
interface Meaning {

  /// For each of a request's effects, in its order.
  List<Verdict> verdicts(int count);

  /// Whether halves of the request would show which of its effects is at fault.
  boolean blamesTheWhole(int count);
}
