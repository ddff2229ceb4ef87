package io.parley.workbench;

/// One thing that a check found in a flow file.
///
/// @param pointer where, as Studio writes it: `#/states/3/transitions/1`
/// @param sentence what is so, with the names of this flow
public record Finding(Rule rule, String pointer, String sentence) {

  /// The stable name of what was found: `unwired-timeout`.
  public String code() {
    return rule.code();
  }

  public Severity severity() {
    return rule.severity();
  }

  /// What to do about it.
  public String remedy() {
    return rule.remedy();
  }
}
