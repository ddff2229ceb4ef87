package io.parley.engine.flow;

import io.parley.engine.Values;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A place in a definition: its pointer, what stands there (nothing, in an absent place), and where
/// findings about it go. Readings are lenient: what has the wrong type reads as if it were absent,
/// since [Property#check] has already said so.
public final class Place {

  private final String pointer;
  private final @Nullable Object value;
  private final Findings findings;

  private Place(String pointer, @Nullable Object value, Findings findings) {
    this.pointer = pointer;
    this.value = value;
    this.findings = findings;
  }

  /// The whole of what a file says.
  ///
  /// @param problems what is found wrong with it goes there
  public static Place root(@Nullable Object tree, List<FlowProblem> problems) {
    return root(tree, new Findings(problems, new ArrayList<>()));
  }

  /// The whole definition.
  static Place root(@Nullable Object tree, Findings findings) {
    return new Place("#", tree, findings);
  }

  /// The entry of an object; an absent place where this is none or has no such entry.
  public Place get(String name) {
    Object entry = value instanceof Map<?, ?> map ? map.get(name) : null;
    return new Place(pointer + "/" + name, entry, findings);
  }

  public boolean has(String name) {
    return value instanceof Map<?, ?> map && map.containsKey(name);
  }

  /// The names of an object's entries, in the file's order.
  public List<String> names() {
    return value instanceof Map<?, ?> map
        ? map.keySet().stream().map(String::valueOf).toList()
        : List.of();
  }

  /// Reports what stands here and is no object, and each entry that is none of these.
  ///
  /// @return whether the object is one, so that its entries can be read
  public boolean holdsOnly(String... names) {
    if (isAbsent()) {
      return false;
    }
    if (!isObject()) {
      problem("must be an object with some of: " + String.join(", ", names));
      return false;
    }
    List<String> known = List.of(names);
    for (String name : names()) {
      if (!known.contains(name)) {
        get(name).problem("is not known here; known are: " + String.join(", ", known));
      }
    }
    return true;
  }

  public List<Place> items() {
    List<Place> items = new ArrayList<>();
    if (value instanceof List<?> list) {
      for (Object item : list) {
        items.add(new Place(pointer + "/" + items.size(), item, findings));
      }
    }
    return items;
  }

  /// The first item of a list; an absent place where there is none.
  Place first() {
    List<Place> items = items();
    return items.isEmpty() ? new Place(pointer + "/0", null, findings) : items.getFirst();
  }

  /// The object that stands here, or nothing.
  @SuppressWarnings("unchecked") // keys of JSON objects are texts
  public Values values() {
    return value instanceof Map<?, ?> map ? new Values((Map<String, Object>) map) : Values.EMPTY;
  }

  /// Whether nothing stands here, or null.
  public boolean isAbsent() {
    return value == null;
  }

  public boolean isObject() {
    return value instanceof Map<?, ?>;
  }

  /// The text that stands here, or nothing: `""`.
  public String text() {
    return value instanceof String text ? text : "";
  }

  /// The text or integer that stands here as a text, or nothing: `""`.
  public String literal() {
    return value instanceof Long || value instanceof Integer ? value.toString() : text();
  }

  /// The length of time that stands here, as [Durations] reads it.
  ///
  /// @param usual what holds where nothing stands here, and where what stands is wrong, which
  ///     is said
  /// @param allowed whether a length will do
  /// @param expected what must stand here
  public Duration duration(Duration usual, Predicate<Duration> allowed, String expected) {
    if (isAbsent()) {
      return usual;
    }
    Optional<Duration> told = Durations.parse(literal()).filter(allowed);
    if (told.isEmpty()) {
      problem(expected);
    }
    return told.orElse(usual);
  }

  public boolean isTrue() {
    return Boolean.TRUE.equals(value);
  }

  public @Nullable Object value() {
    return value;
  }

  /// Adds this place's finding, which keeps the flow from running.
  public void problem(String message) {
    findings.problems().add(new FlowProblem(pointer, message));
  }

  /// Adds this place's finding, with which the flow runs all the same.
  void warn(String message) {
    findings.warnings().add(new FlowProblem(pointer, message));
  }

  /// Shows every text at this place and below it, in the file's order.
  void forEachText(BiConsumer<Place, String> reader) {
    switch (value) {
      case String text -> reader.accept(this, text);
      case Map<?, ?> map -> map.keySet().forEach(key -> get((String) key).forEachText(reader));
      case List<?> _ -> items().forEach(item -> item.forEachText(reader));
      case null, default -> {}
    }
  }
}
