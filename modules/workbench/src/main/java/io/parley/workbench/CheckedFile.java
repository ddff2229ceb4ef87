package io.parley.workbench;

import java.util.List;
import java.util.Map;

/// A flow file and what was found in it.
///
/// @param file what it is known by in reports
/// @param findings by line
/// @param lines the line of each value by pointer
public record CheckedFile(String file, List<Finding> findings, Map<String, Integer> lines) {

  public CheckedFile {
    findings = List.copyOf(findings);
    lines = Map.copyOf(lines);
  }

  /// The line on which a finding's place begins, or the nearest place around it that is there.
  public int line(Finding finding) {
    return line(finding.pointer());
  }

  /// As [#line(Finding)], for any pointer.
  public int line(String place) {
    String pointer = place;
    while (!lines.containsKey(pointer) && pointer.contains("/")) {
      pointer = pointer.substring(0, pointer.lastIndexOf('/'));
    }
    return lines.getOrDefault(pointer, 1);
  }

  public boolean has(Severity atLeast) {
    return findings.stream().anyMatch(finding -> finding.severity().compareTo(atLeast) <= 0);
  }
}
