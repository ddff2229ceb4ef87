package io.parley.codec;

import io.parley.engine.Json;
import io.parley.engine.flow.Flow;
import io.parley.engine.flow.FlowReading;
import java.util.List;

/// Flow definitions as files: the JSON that Studio's editor shows and its REST API takes, and the
/// console export of before 2020.
public final class FlowFiles {

  private FlowFiles() {}

  /// The flow in a file, of either dialect. A text that is no JSON, says a key twice, is longer
  /// than two million characters or is nested too deep has one problem, at `#`, with its line and
  /// column.
  public static FlowReading read(String json) {
    return switch (FlowDocument.parse(json)) {
      case FlowDocument.Parsing.Parsed(var document) -> document.reading();
      case FlowDocument.Parsing.Unreadable(var problem) ->
          new FlowReading.Invalid(List.of(problem));
    };
  }

  /// The definition as it was read, with what the engine does not use, compact. Entries that were
  /// null are not there.
  public static String write(Flow flow) {
    return Json.print(flow.definition().entries());
  }
}
