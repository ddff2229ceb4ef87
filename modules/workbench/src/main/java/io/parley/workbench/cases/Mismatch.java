package io.parley.workbench.cases;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// An expectation that was not met.
///
/// @param key of the expectation: `messages`
/// @param line of the case file
/// @param lines what was expected and what came, for people
/// @param edits what would have to stand in the file for it to be met
record Mismatch(String key, int line, List<String> lines, List<Edit> edits) {

  Mismatch {
    lines = List.copyOf(lines);
    edits = List.copyOf(edits);
  }

  /// Another value at a place.
  record Edit(Written at, @Nullable Object value) {}
}
