package io.parley.loadtest.oracle;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What was checked and objected to so far. The first objections of a promise are kept, the others
/// are counted.
final class Docket {

  private final Map<Promise, Count> counts = new EnumMap<>(Promise.class);

  private static final class Count {
    long checked;
    long broken;
    final List<Objection> first = new ArrayList<>();
  }

  Docket() {
    for (Promise promise : Promise.values()) {
      counts.put(promise, new Count());
    }
  }

  private Count of(Promise promise) {
    Count count = counts.get(promise);
    if (count == null) {
      throw new IllegalStateException("every promise has a count");
    }
    return count;
  }

  void checked(Promise promise, long things) {
    of(promise).checked += things;
  }

  void object(Promise promise, String conversation, String what) {
    Count count = of(promise);
    count.broken++;
    if (count.first.size() < Verdict.MAX_OBJECTIONS) {
      count.first.add(new Objection(promise, conversation, what, ""));
    }
  }

  /// The conversations of the objections that are kept.
  Set<String> conversations() {
    Set<String> named = new HashSet<>();
    counts.values().forEach(count -> count.first.forEach(it -> named.add(it.conversation())));
    named.remove("");
    return named;
  }

  /// @param traces by conversation
  Judgement judgement(Map<String, String> traces) {
    List<Verdict> verdicts = new ArrayList<>();
    counts.forEach(
        (promise, count) ->
            verdicts.add(
                new Verdict(
                    promise,
                    Math.max(count.checked, count.broken),
                    count.broken,
                    count.first.stream().map(it -> traced(it, traces)).toList())));
    return new Judgement(verdicts);
  }

  private static Objection traced(Objection it, Map<String, String> traces) {
    return new Objection(
        it.promise(), it.conversation(), it.what(), traces.getOrDefault(it.conversation(), ""));
  }
}
