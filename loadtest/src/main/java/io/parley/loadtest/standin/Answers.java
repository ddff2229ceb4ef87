package io.parley.loadtest.standin;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/// How many requests got each HTTP status; 0 stands for a connection that was cut. Safe for any
/// thread.
public final class Answers {

  private final Map<Integer, Integer> counts = new ConcurrentHashMap<>();

  public void count(int status) {
    counts.merge(status, 1, Integer::sum);
  }

  public Map<Integer, Integer> counts() {
    return new TreeMap<>(counts);
  }
}
