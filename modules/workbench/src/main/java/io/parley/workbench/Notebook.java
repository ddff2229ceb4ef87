package io.parley.workbench;

import java.util.ArrayList;
import java.util.List;

/// Where a check writes down what it finds. Confined to one check.
final class Notebook {

  private final List<Finding> findings = new ArrayList<>();

  void add(Rule rule, String pointer, String sentence) {
    findings.add(new Finding(rule, pointer, sentence));
  }

  boolean has(String pointer) {
    return findings.stream().anyMatch(finding -> finding.pointer().equals(pointer));
  }

  List<Finding> findings() {
    return List.copyOf(findings);
  }
}
