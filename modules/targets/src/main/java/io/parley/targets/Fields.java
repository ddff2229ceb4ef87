package io.parley.targets;

import io.parley.engine.Json;
import io.parley.engine.Values;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Reads JSON of others, of which some is missing and some of another type than was said.
final class Fields {

  private Fields() {}

  /// The object that a text stands for; without entries where it is none.
  static Values object(String json) {
    return Json.parse(json).map(Fields::object).orElse(Values.EMPTY);
  }

  /// The objects of a list; of a lone object, itself.
  static List<Values> objects(Object json) {
    if (json instanceof List<?> list) {
      List<Values> objects = new ArrayList<>();
      list.stream().filter(Map.class::isInstance).forEach(item -> objects.add(object(item)));
      return objects;
    }
    return json instanceof Map<?, ?> ? List.of(object(json)) : List.of();
  }

  static List<Values> objects(Values values, String key) {
    return objects(values.entries().getOrDefault(key, List.of()));
  }

  /// A text, or a number as text; empty where there is neither.
  static String literal(Values values, String key) {
    return switch (values.entries().get(key)) {
      case String text -> text;
      case Number number -> Json.number(number);
      case null, default -> "";
    };
  }

  private static Values object(Object json) {
    if (!(json instanceof Map<?, ?> map)) {
      return Values.EMPTY;
    }
    Map<String, Object> entries = new LinkedHashMap<>();
    map.forEach((name, value) -> entries.put(String.valueOf(name), value));
    return new Values(entries);
  }
}
