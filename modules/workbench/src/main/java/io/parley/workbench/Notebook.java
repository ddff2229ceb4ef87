package io.parley.workbench;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Where a check writes down what it finds. Confined to one check.
final class Notebook {

  private final List<Finding> findings = new ArrayList<>();
  private final Set<String> passed = new HashSet<>();

  void add(Rule rule, String pointer, String sentence) {
    findings.add(new Finding(rule, pointer, sentence));
  }

  /// Keeps that all is said of a place, though nothing was found there.
  void pass(String pointer) {
    passed.add(pointer);
  }

  /// Whether all is said of a place.
  boolean has(String pointer) {
    return passed.contains(pointer)
        || findings.stream().anyMatch(finding -> finding.pointer().equals(pointer));
  }

  List<Finding> findings() {
    return List.copyOf(findings);
  }
}
