package io.parley.workbench.starters;

import java.util.List;

/// Something to start from.
///
/// @param sentence what it does
/// @param folder where it belongs unless its author says otherwise, as seen from the working folder
/// @param texts its files, the main one first
/// @param changes what to change first, a sentence each
public record Starter(
    String name, String sentence, String folder, List<Text> texts, List<String> changes) {

  /// A file and all that stands in it.
  ///
  /// @param file its name: `cart-recovery.json`
  public record Text(String file, String content) {}

  public Starter {
    texts = List.copyOf(texts);
    changes = List.copyOf(changes);
  }

  /// Whether it is a flow, with cases and a page beside it.
  public boolean isFlow() {
    return texts.getFirst().file().endsWith(".json");
  }
}
