package io.parley.loadtest.standin;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/// Entries by id, in the order in which they first came, whose growth can be awaited without
/// polling.
///
/// Safe for any thread. A future of [#await] is completed on the thread that made the deciding
/// change.
public final class Ledger<V> {

  private final Map<String, V> entries = new LinkedHashMap<>();
  private final List<Watch<V>> watches = new ArrayList<>();

  /// What [#all] answered last; empty once that has changed.
  private Optional<List<V>> seen = Optional.empty();

  /// Adds an entry or replaces the one of that id.
  public void put(String id, V entry) {
    List<Watch<V>> fulfilled;
    synchronized (this) {
      entries.put(id, entry);
      fulfilled = changed(id, entry);
    }
    fulfilled.forEach(Watch::complete);
  }

  /// Replaces the entry of that id by what `change` makes of it; empty when there is none, or when
  /// the change made nothing new of it.
  public Optional<V> change(String id, UnaryOperator<V> change) {
    V after;
    List<Watch<V>> fulfilled;
    synchronized (this) {
      V before = entries.get(id);
      if (before == null) {
        return Optional.empty();
      }
      after = change.apply(before);
      if (after.equals(before)) {
        return Optional.empty();
      }
      entries.put(id, after);
      fulfilled = changed(id, after);
    }
    fulfilled.forEach(Watch::complete);
    return Optional.of(after);
  }

  public synchronized void remove(String id) {
    entries.remove(id);
    seen = Optional.empty();
    watches.forEach(watch -> watch.matched.remove(id));
  }

  public synchronized Optional<V> find(String id) {
    return Optional.ofNullable(entries.get(id));
  }

  public synchronized int size() {
    return entries.size();
  }

  /// All entries, oldest first. They are copied only where they have changed since the last look.
  public synchronized List<V> all() {
    List<V> all = seen.orElseGet(() -> List.copyOf(entries.values()));
    seen = Optional.of(all);
    return all;
  }

  /// Completes with the matching entries as soon as there are `count` of them, at once when there
  /// already are. Each entry is tested again when it changes, and no longer counts when it stops to
  /// match.
  public Future<List<V>> await(int count, Predicate<? super V> matching) {
    Watch<V> watch = new Watch<>(count, matching, new LinkedHashMap<>(), Promise.promise());
    synchronized (this) {
      entries.forEach(watch::see);
      if (!watch.fulfilled()) {
        watches.add(watch);
        return watch.promise.future();
      }
    }
    watch.complete();
    return watch.promise.future();
  }

  private List<Watch<V>> changed(String id, V entry) {
    seen = Optional.empty();
    List<Watch<V>> fulfilled = new ArrayList<>();
    for (Iterator<Watch<V>> each = watches.iterator(); each.hasNext(); ) {
      Watch<V> watch = each.next();
      watch.see(id, entry);
      if (watch.fulfilled()) {
        each.remove();
        fulfilled.add(watch);
      }
    }
    return fulfilled;
  }

  private record Watch<V>(
      int count, Predicate<? super V> matching, Map<String, V> matched, Promise<List<V>> promise) {

    void see(String id, V entry) {
      if (matching.test(entry)) {
        matched.put(id, entry);
      } else {
        matched.remove(id);
      }
    }

    boolean fulfilled() {
      return matched.size() >= count;
    }

    void complete() {
      promise.complete(List.copyOf(matched.values()));
    }
  }
}
