package io.parley.engine.flow;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a definition says of one property of an object: its name, the JSON that it may hold, and
/// whether it must be there. A null counts as absent. The wording of problems is that of Studio's
/// own validation.
///
/// @param words the only texts that it may hold; empty where any will do
record Property(String name, Shape shape, List<String> words, boolean isRequired) {

  private static final List<Property> ENTRY = List.of(text("key").required(), text("value"));

  /// The JSON that a property may hold.
  enum Shape {
    TEXT("string"),
    /// Studio's schema says string, and files hold integers as often.
    TEXT_OR_INTEGER("string or integer"),
    INTEGER("integer"),
    FLAG("boolean"),
    OBJECT("object"),
    LIST("array"),
    /// A list of objects with `key` and `value`.
    ENTRIES("array");

    private final String word;

    Shape(String word) {
      this.word = word;
    }

    private boolean fits(Object value) {
      return switch (this) {
        case TEXT -> value instanceof String;
        case TEXT_OR_INTEGER -> value instanceof String || isInteger(value);
        case INTEGER -> isInteger(value);
        case FLAG -> value instanceof Boolean;
        case OBJECT -> value instanceof Map<?, ?>;
        case LIST, ENTRIES -> value instanceof List<?>;
      };
    }
  }

  static Property text(String name) {
    return new Property(name, Shape.TEXT, List.of(), false);
  }

  static Property oneOf(String name, String... words) {
    return new Property(name, Shape.TEXT, List.of(words), false);
  }

  static Property textOrInteger(String name) {
    return new Property(name, Shape.TEXT_OR_INTEGER, List.of(), false);
  }

  static Property flag(String name) {
    return new Property(name, Shape.FLAG, List.of(), false);
  }

  static Property object(String name) {
    return new Property(name, Shape.OBJECT, List.of(), false);
  }

  static Property list(String name) {
    return new Property(name, Shape.LIST, List.of(), false);
  }

  static Property entries(String name) {
    return new Property(name, Shape.ENTRIES, List.of(), false);
  }

  Property required() {
    return new Property(name, shape, words, true);
  }

  /// Reports what is wrong with each of an object's properties.
  ///
  /// @return whether the object is one, so that its entries can be looked at
  static boolean checkAll(Place object, List<Property> properties) {
    if (!checkShape(object, Shape.OBJECT)) {
      return false;
    }
    properties.forEach(property -> property.check(object));
    return true;
  }

  /// Reports what is wrong with this property of an object.
  void check(Place object) {
    Place place = object.get(name);
    if (place.isAbsent()) {
      if (isRequired) {
        place.problem(
            object.has(name)
                ? "must not be null: " + shape.word + " expected"
                : "is missing but it is required");
      }
      return;
    }
    if (!checkShape(place, shape)) {
      return;
    }
    if (!words.isEmpty() && !words.contains(place.text())) {
      place.problem("does not have a value in the enumeration " + words);
    }
    if (shape == Shape.ENTRIES) {
      place.items().forEach(entry -> checkAll(entry, ENTRY));
    }
  }

  /// Reports a place that does not hold the JSON that it should.
  static boolean checkShape(Place place, Shape shape) {
    Object value = place.value();
    if (value != null && shape.fits(value)) {
      return true;
    }
    place.problem(type(value) + " found, " + shape.word + " expected");
    return false;
  }

  private static boolean isInteger(Object value) {
    return value instanceof Long || value instanceof Integer;
  }

  private static String type(@Nullable Object value) {
    return switch (value) {
      case null -> "null";
      case String _ -> "string";
      case Boolean _ -> "boolean";
      case Map<?, ?> _ -> "object";
      case List<?> _ -> "array";
      default -> isInteger(value) ? "integer" : "number";
    };
  }
}
