package io.parley.workbench.cases;

import io.parley.engine.Json;
import io.parley.workbench.cases.Mismatch.Edit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// How what was expected is compared with what came.
final class Matching {

  private Matching() {}

  /// One expected item of a list.
  ///
  /// @param shown for people
  record Item<T>(Written at, String shown, Predicate<T> holds) {}

  /// How an item that came is shown to people, and written into a case file.
  record Wording<T>(Function<T, String> shown, Function<T, Object> written) {}

  /// Item by item, as many as were expected.
  static <T> Optional<Mismatch> each(
      String key, Written at, List<Item<T>> expected, List<T> got, Wording<T> wording) {
    List<String> lines = new ArrayList<>();
    List<Edit> edits = new ArrayList<>();
    List<@Nullable Object> all = new ArrayList<>();
    int line = 0;
    for (int i = 0; i < Math.max(expected.size(), got.size()); i++) {
      boolean both = i < expected.size() && i < got.size();
      if (both && expected.get(i).holds().test(got.get(i))) {
        all.add(expected.get(i).at().value());
        continue;
      }
      if (i < expected.size()) {
        line = line == 0 ? expected.get(i).at().line() : line;
        show(lines, (i + 1) + ". expected: ", expected.get(i).shown());
        show(lines, "   got:      ", both ? wording.shown().apply(got.get(i)) : "nothing");
      } else {
        show(lines, (i + 1) + ". not expected: ", wording.shown().apply(got.get(i)));
      }
      if (i < got.size()) {
        Object written = wording.written().apply(got.get(i));
        all.add(written);
        if (both) {
          edits.add(new Edit(expected.get(i).at(), written));
        }
      }
    }
    if (lines.isEmpty()) {
      return Optional.empty();
    }
    boolean oneByOne = expected.size() == got.size();
    if (!oneByOne) {
      lines.addFirst("expected %d, got %d".formatted(expected.size(), got.size()));
    }
    return Optional.of(
        new Mismatch(
            key,
            line == 0 ? at.line() : line,
            lines,
            oneByOne ? edits : List.of(new Edit(at, all))));
  }

  /// What an item that came would have to be written as to be the one that was expected; empty
  /// where it is another thing.
  interface Likeness<T> {
    Optional<Object> of(Item<T> expected, T got);
  }

  /// All that was expected, in its order, with anything between.
  static <T> Optional<Mismatch> inOrder(
      String key,
      Written at,
      List<Item<T>> expected,
      List<T> got,
      Wording<T> wording,
      Likeness<T> likeness) {
    List<String> lines = new ArrayList<>();
    List<Edit> edits = new ArrayList<>();
    boolean alike = true;
    int from = 0;
    for (Item<T> item : expected) {
      int next = from;
      while (next < got.size() && !item.holds().test(got.get(next))) {
        next++;
      }
      if (next < got.size()) {
        from = next + 1;
        continue;
      }
      show(lines, "missing: ", item.shown());
      int like = from;
      while (like < got.size() && likeness.of(item, got.get(like)).isEmpty()) {
        like++;
      }
      if (like < got.size()) {
        Object written = likeness.of(item, got.get(like)).orElseThrow();
        show(lines, "nearest: ", YamlText.inline(written));
        edits.add(new Edit(item.at(), written));
        from = like + 1;
      } else {
        alike = false;
      }
    }
    if (lines.isEmpty()) {
      return Optional.empty();
    }
    show(
        lines,
        "got:     ",
        got.isEmpty() ? "nothing" : String.join(", ", got.stream().map(wording.shown()).toList()));
    List<Object> all = got.stream().map(wording.written()).toList();
    return Optional.of(
        new Mismatch(key, at.line(), lines, alike ? edits : List.of(new Edit(at, all))));
  }

  /// Each entry that was expected; null is for one that is not there.
  static Optional<Mismatch> entries(String key, Written at, Map<String, Object> got) {
    List<String> lines = new ArrayList<>();
    List<Edit> edits = new ArrayList<>();
    at.entries()
        .forEach(
            (name, written) -> {
              Object value = written.value();
              if (!holds(value, got.get(name))) {
                lines.add(
                    "%s: expected %s, got %s".formatted(name, shown(value), shown(got.get(name))));
                edits.add(new Edit(written, got.get(name)));
              }
            });
    return lines.isEmpty()
        ? Optional.empty()
        : Optional.of(new Mismatch(key, at.line(), lines, edits));
  }

  static Optional<Mismatch> word(String key, Written at, String expected, String got) {
    return expected.equals(got)
        ? Optional.empty()
        : Optional.of(
            new Mismatch(
                key,
                at.line(),
                List.of("expected: " + expected, "got:      " + got),
                List.of(new Edit(at, Written.plain(got)))));
  }

  /// Whether a value is there with all that was expected of it: objects may have more entries.
  static boolean holds(@Nullable Object expected, @Nullable Object got) {
    return switch (expected) {
      case null -> got == null;
      case Map<?, ?> map ->
          got instanceof Map<?, ?> other
              && map.entrySet().stream()
                  .allMatch(it -> holds(it.getValue(), other.get(it.getKey())));
      case List<?> list -> got instanceof List<?> other && allHold(list, other);
      case Number number ->
          got instanceof Number other && number.doubleValue() == other.doubleValue();
      default -> expected.equals(got);
    };
  }

  private static boolean allHold(List<?> expected, List<?> got) {
    boolean all = expected.size() == got.size();
    for (int i = 0; all && i < expected.size(); i++) {
      all = holds(expected.get(i), got.get(i));
    }
    return all;
  }

  private static String shown(@Nullable Object value) {
    return value == null ? "nothing" : Json.print(value);
  }

  /// A text on as many lines as it has.
  private static void show(List<String> lines, String label, String text) {
    String margin = " ".repeat(label.length());
    String[] parts = text.split("\n", -1);
    for (int i = 0; i < parts.length; i++) {
      lines.add((i == 0 ? label : margin) + parts[i]);
    }
  }
}
