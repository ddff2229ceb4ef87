package io.parley.verticles;

import io.parley.codec.FlowDocument;
import io.parley.engine.flow.FlowProblem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A flow as a Studio API holds it.
///
/// @param status `draft` or `published`
/// @param definition an empty object where lists leave it out
/// @param problems what the API says is wrong with it
record RemoteFlow(
    String sid,
    String name,
    String status,
    long revision,
    FlowDocument definition,
    List<FlowProblem> problems) {

  RemoteFlow {
    problems = List.copyOf(problems);
  }

  static RemoteFlow of(Map<?, ?> body) {
    return new RemoteFlow(
        text(body.get("sid")),
        text(body.get("friendly_name")),
        text(body.get("status")),
        body.get("revision") instanceof Long revision ? revision : 0,
        definition(body.get("definition")),
        problems(body.get("errors")));
  }

  /// An object, or its text.
  private static FlowDocument definition(@Nullable Object given) {
    if (given instanceof String text
        && FlowDocument.parse(text) instanceof FlowDocument.Parsing.Parsed(var document)) {
      return document;
    }
    return FlowDocument.of(given instanceof Map<?, ?> map ? map : Map.of());
  }

  boolean isPublished() {
    return status.equals("published");
  }

  /// The entries of `errors`: `{"property_path": "#/states/3", "message": ...}`, or with `path`.
  static List<FlowProblem> problems(@Nullable Object errors) {
    List<FlowProblem> problems = new ArrayList<>();
    for (Object item : errors instanceof List<?> list ? list : List.of()) {
      if (item instanceof Map<?, ?> error) {
        Object path =
            error.get("property_path") == null ? error.get("path") : error.get("property_path");
        problems.add(new FlowProblem(path == null ? "#" : text(path), text(error.get("message"))));
      }
    }
    return problems;
  }

  private static String text(@Nullable Object value) {
    return value == null ? "" : String.valueOf(value);
  }
}
