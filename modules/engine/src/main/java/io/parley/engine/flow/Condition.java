package io.parley.engine.flow;

import io.parley.engine.liquid.Templates;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One condition of a split: `subject type value`, both sides templates.
///
/// @param subject the condition's own argument, which may differ from the widget's input
public record Condition(String friendlyName, ConditionType type, String subject, String value) {

  private static final List<Property> PROPERTIES =
      List.of(
          Property.text("friendly_name").required(),
          Property.list("arguments").required(),
          Property.oneOf("type", ConditionType.words().toArray(String[]::new)).required(),
          Property.text("value").required());

  static List<Condition> readAll(Place place) {
    List<Condition> conditions = new ArrayList<>();
    for (Place item : place.items()) {
      if (Property.checkAll(item, PROPERTIES)) {
        read(item).ifPresent(conditions::add);
      }
    }
    return conditions;
  }

  private static Optional<Condition> read(Place place) {
    checkArguments(place.get("arguments"));
    Optional<ConditionType> type = ConditionType.parse(place.get("type").text());
    String value = place.get("value").text();
    if (type.filter(ConditionType.REGEX::equals).isPresent() && Templates.isPlain(value)) {
      Regex.problem(value.strip()).ifPresent(place.get("value")::problem);
    }
    return type.map(
        known ->
            new Condition(
                place.get("friendly_name").text(),
                known,
                place.get("arguments").first().text(),
                value));
  }

  private static void checkArguments(Place arguments) {
    List<Place> items = arguments.items();
    if (items.isEmpty() && arguments.value() instanceof List<?>) {
      arguments.problem("must have a minimum of 1 items in the array");
    }
    items.forEach(item -> Property.checkShape(item, Property.Shape.TEXT));
    if (items.size() > 1) {
      arguments.warn("has %d items, of which the first is compared".formatted(items.size()));
    }
  }
}
