package io.parley.bench;

import java.util.LinkedHashMap;
import java.util.Map;

/// All that is measured, by name.
final class Measures {

  private Measures() {}

  /// In the order in which they are measured.
  static Map<String, Measure> all() {
    Map<String, Measure> all = new LinkedHashMap<>();
    all.put("step", new EngineStep());
    all.put("turns", new Turns());
    all.put("open", new OpenModel());
    all.put("http", new Http());
    all.put("next", new NextMessage());
    all.put("heap", new Heap());
    all.put("recovery", new Recovery());
    all.put("many", new Many());
    return all;
  }
}
