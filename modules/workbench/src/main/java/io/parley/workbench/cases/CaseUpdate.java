package io.parley.workbench.cases;

import io.parley.engine.Json;
import io.parley.workbench.cases.Mismatch.Edit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Rewrites the expectations of a case file to what happened. All that was met, and whatever else
/// stands in the file, comments among it, stays as it is.
public final class CaseUpdate {

  private CaseUpdate() {}

  /// The file's text after it.
  ///
  /// @param text as the cases were read from it
  /// @param results of the file's cases
  public static String update(String text, List<CaseResult> results) {
    List<Edit> edits = new ArrayList<>();
    for (CaseResult result : results) {
      result.failures().forEach(failure -> edits.addAll(failure.mismatch().edits()));
    }
    edits.sort(Comparator.comparingInt((Edit edit) -> edit.at().start()).reversed());
    StringBuilder updated = new StringBuilder(text);
    int untouched = Integer.MAX_VALUE;
    for (Edit edit : edits) {
      int end = edit.at().end();
      if (end <= untouched) {
        updated.replace(edit.at().start(), end, replacement(edit));
        untouched = edit.at().start();
      }
    }
    return updated.toString();
  }

  private static String replacement(Edit edit) {
    Written at = edit.at();
    String space = at.isEntry() ? " " : "";
    if (at.source().json()) {
      return space + Json.print(edit.value());
    }
    if (at.isInFlow()) {
      return space + YamlText.inline(edit.value());
    }
    if (at.isEntry()) {
      return YamlText.after(edit.value(), at.column() + 2);
    }
    String item = YamlText.item(edit.value(), Math.max(0, at.column() - 2));
    return item.startsWith("- ") ? item.substring(2) : item.substring(1).stripLeading();
  }
}
