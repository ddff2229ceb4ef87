package io.parley.engine;

import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// An immutable JSON object as plain Java: [String], [Long], [Double], [Boolean], [List] and [Map]
/// with string keys, in the order given. There is no null: a null entry is left out, a null item
/// becomes `""`. A number that is too large for a double is kept as its text.
public record Values(Map<String, Object> entries) {

  public static final Values EMPTY = new Values(Map.of());

  public Values {
    entries = copy(entries);
  }

  public static Values of(String key, Object value) {
    return new Values(Map.of(key, value));
  }

  /// An object for an entry whose content is worked out when somebody first looks at it.
  public static Object later(Supplier<Values> content) {
    return new Later(content);
  }

  public boolean isEmpty() {
    return entries.isEmpty();
  }

  /// The text at a key; empty when there is none or it is no text.
  public Optional<String> text(String key) {
    return entries.get(key) instanceof String text ? Optional.of(text) : Optional.empty();
  }

  /// Whether the value at a key is true, or the text `true` in any case.
  public boolean flag(String key) {
    Object value = entries.get(key);
    return value instanceof String text
        ? text.equalsIgnoreCase("true")
        : Boolean.TRUE.equals(value);
  }

  /// Whether the value at a key is false, or the text `false` in any case, among spaces or not.
  public boolean denies(String key) {
    return "false".equalsIgnoreCase(String.valueOf(entries.get(key)).strip());
  }

  /// The object at a key; empty when there is none or it is no object.
  @SuppressWarnings("unchecked") // copy() has made every inner map a Map<String, Object>
  public Values object(String key) {
    return entries.get(key) instanceof Map<?, ?> map
        ? new Values((Map<String, Object>) map)
        : EMPTY;
  }

  /// These values with one entry more, or another value for it.
  public Values with(String key, Object value) {
    return new Values(flat().with(key, copyValue(value)));
  }

  public Values with(Values others) {
    return others.isEmpty() ? this : new Values(flat().with(others.flat()));
  }

  /// The same with entries of others where these have none of that key.
  public Values withDefaults(Values others) {
    return new Values(flat().withDefaults(others.flat()));
  }

  private Entries flat() {
    return entries instanceof Entries flat ? flat : ((Later) entries).content();
  }

  @SuppressWarnings("unchecked") // both have string keys
  private static Map<String, Object> copy(Map<?, ?> source) {
    if (source instanceof Entries || source instanceof Later) {
      return (Map<String, Object>) source;
    }
    return source.isEmpty() ? Entries.NONE : Entries.copyOf(source, Values::copyValue);
  }

  private static Object copyValue(Object value) {
    return switch (value) {
      case String text -> text;
      case Boolean flag -> flag;
      case Integer number -> number.longValue();
      case Short number -> number.longValue();
      case Long number -> number;
      case Number number when Double.isFinite(number.doubleValue()) -> number.doubleValue();
      case Number number -> number.toString();
      case Values values -> values.entries;
      case Map<?, ?> map -> copy(map);
      case List<?> list -> copyList(list);
      default ->
          throw new IllegalArgumentException("not a JSON value: " + value.getClass().getName());
    };
  }

  private static List<Object> copyList(List<?> source) {
    List<Object> target = new ArrayList<>(source.size());
    for (Object item : source) {
      target.add(item == null ? "" : copyValue(item));
    }
    return Collections.unmodifiableList(target);
  }

  /// A map whose content is worked out once, when somebody first looks at it. Two threads may both
  /// do so, and come to the same.
  private static final class Later extends AbstractMap<String, Object> {

    private final Supplier<Values> content;
    private volatile Optional<Values> known = Optional.empty();

    Later(Supplier<Values> content) {
      this.content = content;
    }

    Entries content() {
      Optional<Values> seen = known;
      if (seen.isEmpty()) {
        seen = Optional.of(content.get());
        known = seen;
      }
      return seen.get().flat();
    }

    @Override
    @SuppressWarnings("NullAway") // Map.get answers null where there is no entry
    public Object get(Object key) {
      return content().get(key);
    }

    @Override
    public boolean containsKey(Object key) {
      return content().containsKey(key);
    }

    @Override
    public Set<Entry<String, Object>> entrySet() {
      return content().entrySet();
    }

    @Override
    public int size() {
      return content().size();
    }

    @Override
    public String toString() {
      return content().toString();
    }
  }
}
