package io.parley.workbench;

import java.util.Locale;

/// How much a finding matters.
public enum Severity {
  /// The flow cannot be run.
  ERROR,
  /// The flow runs, and surely not as meant.
  WARNING,
  /// Something that its author may have meant.
  INFO;

  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
