package io.parley.engine.desk;

import io.parley.engine.Values;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What routing can look at: `reason`, `channel`, `person.language`, `attributes.order.total`.
///
/// @param steps the root, and for those that have entries of their own the way to one
record Attribute(List<String> steps) {

  private static final List<String> WORDS =
      List.of(
          "reason",
          "topic",
          "flow",
          "widget",
          "channel",
          "tag",
          "external_id",
          "language",
          "priority");
  private static final List<String> OBJECTS = List.of("person", "attributes", "data");

  static final String KNOWN =
      String.join(", ", WORDS) + ", person.NAME, attributes.NAME and data.NAME";

  Attribute {
    steps = List.copyOf(steps);
  }

  /// Empty where nothing is called so.
  static Optional<Attribute> parse(String written) {
    List<String> steps = List.of(written.split("\\.", -1));
    boolean known =
        steps.size() == 1 ? WORDS.contains(written) : OBJECTS.contains(steps.getFirst());
    return known && steps.stream().noneMatch(String::isBlank)
        ? Optional.of(new Attribute(steps))
        : Optional.empty();
  }

  /// The values that a condition may hold for: several of `tag`, else one or none.
  List<Object> in(Request request) {
    return switch (steps.getFirst()) {
      case "reason" -> List.of(request.reason());
      case "topic" -> listed(request.topic());
      case "flow" -> listed(Optional.of(request.origin().flow()));
      case "widget" -> listed(Optional.of(request.origin().widget()));
      case "channel" -> List.of(request.origin().channel());
      case "tag" -> List.copyOf(request.tags());
      case "external_id" -> listed(request.person().externalId());
      case "language" -> listed(request.person().attributes().text("language"));
      case "priority" -> List.of((long) request.priority());
      case "person" -> entry(request.person().attributes());
      case "attributes" -> entry(request.attributes());
      default -> entry(request.data());
    };
  }

  private static List<Object> listed(Optional<String> text) {
    return text.filter(it -> !it.isBlank()).<List<Object>>map(List::of).orElse(List.of());
  }

  private List<Object> entry(Values root) {
    Object at = root.entries();
    for (String step : steps.subList(1, steps.size())) {
      at = at instanceof Map<?, ?> map && map.get(step) != null ? map.get(step) : "";
    }
    return "".equals(at) ? List.of() : List.of(at);
  }
}
