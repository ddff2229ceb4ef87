package io.parley.edge;

import io.parley.engine.Values;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// Makes the entries of an item fit where the item may not be longer than so much. What is too long
/// is cut, and says so: a text by [Cut#MARK] at its end, a list of entries by the entry
/// `parley_cut`.
///
/// @param maxBytes of the whole item in UTF-8
/// @param maxEntries how many there may be, the one that tells of others included
public record Fitting(int maxBytes, int maxEntries) {

  /// Tells how many entries were left out.
  private static final String LEFT_OUT = "parley_cut";

  /// How long texts may be, from attempt to attempt, until an item fits.
  private static final List<Integer> TEXT_BYTES =
      List.of(Integer.MAX_VALUE, 8_000, 4_000, 2_000, 1_000, 500, 200, 100);

  private static final int SHORTEST_TEXT_BYTES = TEXT_BYTES.getLast();

  /// Of an item with any number of entries.
  public Fitting(int maxBytes) {
    this(maxBytes, Integer.MAX_VALUE);
  }

  /// The item as it fits.
  ///
  /// @param item what the item is with such entries, as it is to leave
  public String fit(Values entries, Function<Map<String, Object>, String> item) {
    for (int textBytes : TEXT_BYTES) {
      String whole = item.apply(bounded(Cut.texts(entries, textBytes)).entries());
      if (Cut.bytes(whole) <= maxBytes) {
        return whole;
      }
    }
    return shortest(entries, item);
  }

  private Values bounded(Values values) {
    return values.entries().size() <= maxEntries ? values : leading(values, maxEntries - 1);
  }

  /// With every value as short as it gets, all of them or as many leading ones as fit.
  private String shortest(Values entries, Function<Map<String, Object>, String> item) {
    Map<String, Object> values = new LinkedHashMap<>();
    entries
        .entries()
        .forEach((name, value) -> values.put(name, Cut.value(value, SHORTEST_TEXT_BYTES)));
    Values shortest = new Values(values);
    String whole = item.apply(bounded(shortest).entries());
    return Cut.bytes(whole) <= maxBytes ? whole : longestPrefix(shortest, item);
  }

  private String longestPrefix(Values shortest, Function<Map<String, Object>, String> item) {
    int fits = 0;
    int tooMany = Math.min(shortest.entries().size(), maxEntries);
    while (tooMany - fits > 1) {
      int middle = (fits + tooMany) >>> 1;
      if (Cut.bytes(item.apply(leading(shortest, middle).entries())) <= maxBytes) {
        fits = middle;
      } else {
        tooMany = middle;
      }
    }
    return item.apply(leading(shortest, fits).entries());
  }

  /// The first entries, and one that says how many were left out.
  private static Values leading(Values entries, int count) {
    int all = entries.entries().size();
    Map<String, Object> kept = new LinkedHashMap<>();
    entries.entries().entrySet().stream()
        .limit(count)
        .forEach(entry -> kept.put(entry.getKey(), entry.getValue()));
    kept.put(LEFT_OUT, "%s %d of %d attributes".formatted(Cut.MARK, all - count, all));
    return new Values(kept);
  }
}
