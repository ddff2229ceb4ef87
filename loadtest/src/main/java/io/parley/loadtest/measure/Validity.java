package io.parley.loadtest.measure;

import java.util.List;

/// Whether the figures speak of Parley at all. They do not where the harness was the limit.
///
/// @param doubts why not, each a sentence; none where the run is valid
public record Validity(List<String> doubts) {

  public Validity {
    doubts = List.copyOf(doubts);
  }

  public boolean isValid() {
    return doubts.isEmpty();
  }
}
