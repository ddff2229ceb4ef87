package io.parley.engine;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;

/// An immutable map in the order given, of keys and values in turn: `[key, value, key, value]`. A
/// conversation is mostly such maps, small ones, which are read from end to end at every turn, so
/// they are kept without an object for each entry and beside each other.
final class Entries extends AbstractMap<String, Object> {

  /// So many keys are looked through sooner than hashed.
  private static final int FEW = 16;

  private static final int[] NO_PLACES = {};

  static final Entries NONE = new Entries(new Object[0], 0);

  private final Object[] cells;

  /// Where keys are, by their hash: a cell's index and one; 0 for none. Empty where there are few.
  private final int[] places;

  private Entries(Object[] cells, int used) {
    this.cells = cells.length == used ? cells : Arrays.copyOf(cells, used);
    this.places = used > 2 * FEW ? places(this.cells) : NO_PLACES;
  }

  /// The entries of a map, but those without a value. A key that is no text counts by its text.
  ///
  /// @param copied what is kept of a value
  static Entries copyOf(Map<?, ?> source, UnaryOperator<Object> copied) {
    Object[] cells = new Object[2 * source.size()];
    int used = 0;
    for (Map.Entry<?, ?> entry : source.entrySet()) {
      if (!(entry.getKey() instanceof String key)) {
        return copyOf(byText(source), copied);
      }
      if (entry.getValue() != null) {
        cells[used++] = key;
        cells[used++] = copied.apply(entry.getValue());
      }
    }
    return new Entries(cells, used);
  }

  private static Map<String, Object> byText(Map<?, ?> source) {
    Map<String, Object> named = new LinkedHashMap<>();
    source.forEach((key, value) -> named.put(String.valueOf(key), value));
    return named;
  }

  /// These with one more, or another value for its key.
  Entries with(String key, Object value) {
    int at = find(key);
    Object[] next = Arrays.copyOf(cells, at < 0 ? cells.length + 2 : cells.length);
    int place = at < 0 ? cells.length : at;
    next[place] = key;
    next[place + 1] = value;
    return new Entries(next, next.length);
  }

  /// These with others, whose values hold where both have a key.
  Entries with(Entries others) {
    Object[] next = Arrays.copyOf(cells, cells.length + others.cells.length);
    int used = cells.length;
    for (int i = 0; i < others.cells.length; i += 2) {
      int at = find(others.cells[i]);
      int place = at < 0 ? used : at;
      next[place] = others.cells[i];
      next[place + 1] = others.cells[i + 1];
      used = Math.max(used, place + 2);
    }
    return new Entries(next, used);
  }

  /// These, and those of others whose keys are not among them.
  Entries withDefaults(Entries others) {
    Object[] next = Arrays.copyOf(cells, cells.length + others.cells.length);
    int used = cells.length;
    for (int i = 0; i < others.cells.length; i += 2) {
      if (find(others.cells[i]) < 0) {
        next[used++] = others.cells[i];
        next[used++] = others.cells[i + 1];
      }
    }
    return new Entries(next, used);
  }

  private static int[] places(Object[] cells) {
    int[] places = new int[Integer.highestOneBit(cells.length) * 2];
    for (int i = 0; i < cells.length; i += 2) {
      int place = place(cells[i], places);
      while (places[place] != 0) {
        place = place + 1 & places.length - 1;
      }
      places[place] = i + 1;
    }
    return places;
  }

  private static int place(Object key, int[] places) {
    int hash = key.hashCode();
    return (hash ^ hash >>> 16) & places.length - 1;
  }

  /// The index of a key among the cells, or -1.
  private int find(Object key) {
    if (places.length == 0) {
      for (int i = 0; i < cells.length; i += 2) {
        if (cells[i].equals(key)) {
          return i;
        }
      }
      return -1;
    }
    for (int place = place(key, places);
        places[place] != 0;
        place = place + 1 & places.length - 1) {
      int at = places[place] - 1;
      if (cells[at].equals(key)) {
        return at;
      }
    }
    return -1;
  }

  @Override
  @SuppressWarnings("NullAway") // Map.get answers null where there is no entry
  public Object get(Object key) {
    int at = find(key);
    return at < 0 ? null : cells[at + 1];
  }

  @Override
  public boolean containsKey(Object key) {
    return find(key) >= 0;
  }

  @Override
  public int size() {
    return cells.length / 2;
  }

  @Override
  public void forEach(BiConsumer<? super String, ? super Object> action) {
    for (int i = 0; i < cells.length; i += 2) {
      action.accept((String) cells[i], cells[i + 1]);
    }
  }

  @Override
  public Set<Entry<String, Object>> entrySet() {
    return new AbstractSet<>() {
      @Override
      public int size() {
        return Entries.this.size();
      }

      @Override
      public Iterator<Entry<String, Object>> iterator() {
        return new InTurn(cells);
      }
    };
  }

  /// As JSON: what a template shows of an object that it names bare, or sends through a filter.
  @Override
  public String toString() {
    return Json.print(this);
  }

  private static final class InTurn implements Iterator<Map.Entry<String, Object>> {
    private final Object[] cells;
    private int next;

    InTurn(Object[] cells) {
      this.cells = cells;
    }

    @Override
    public boolean hasNext() {
      return next < cells.length;
    }

    @Override
    public Map.Entry<String, Object> next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      next += 2;
      return new SimpleImmutableEntry<>((String) cells[next - 2], cells[next - 1]);
    }
  }
}
