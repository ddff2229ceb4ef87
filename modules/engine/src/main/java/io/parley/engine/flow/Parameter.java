package io.parley.engine.flow;

import io.parley.engine.Json;
import io.parley.engine.Values;
import io.parley.engine.Warning;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A key and a template: what a widget sets, or passes on.
///
/// @param value a template
/// @param json whether the rendered text is JSON to be read (`type: json_object`, `parse_as_json`)
public record Parameter(String key, String value, boolean json) {

  static Parameter read(Place item) {
    boolean json =
        item.get("type").text().equals("json_object") || item.get("parse_as_json").isTrue();
    return new Parameter(item.get("key").text(), item.get("value").text(), json);
  }

  static List<Parameter> readAll(Place list) {
    List<Parameter> parameters = new ArrayList<>();
    list.items().forEach(item -> parameters.add(read(item)));
    return parameters;
  }

  /// All of them, rendered, in order; of two with one key the later holds.
  static Values render(List<Parameter> parameters, String widget, Scene scene) {
    Values rendered = Values.EMPTY;
    for (Parameter parameter : parameters) {
      rendered = rendered.with(parameter.key(), parameter.render(widget, scene));
    }
    return rendered;
  }

  /// A number that is written without quotes stays text: comparisons and filters read it as a
  /// number all the same.
  Object render(String widget, Scene scene) {
    String text = scene.text(value);
    if (!json) {
      return text;
    }
    Optional<Object> parsed = Json.parse(text);
    if (parsed.isEmpty()) {
      scene.warn(
          new Warning(
              Warning.UNNUMBERED,
              "widget %s: variable %s is no JSON and is kept as text".formatted(widget, key)));
    }
    return parsed.orElse(text);
  }
}
