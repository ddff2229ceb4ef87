package io.parley.workbench.cases;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One test case: what holds before, what happens in order, and what is expected.
public final class FlowCase {

  /// @param line of the case file
  record Scripted(int line, Deed deed, Optional<Expectation> expectation) {}

  private final String name;
  private final String file;
  private final int line;
  private final Optional<String> flow;
  private final Map<String, String> subflows;
  private final Setting setting;
  private final List<Scripted> steps;
  private final Optional<Expectation> expectation;

  FlowCase(
      String name,
      Written at,
      Optional<String> flow,
      Map<String, String> subflows,
      Setting setting,
      List<Scripted> steps,
      Optional<Expectation> expectation) {
    this.name = name;
    this.file = at.source().file();
    this.line = at.line();
    this.flow = flow;
    this.subflows = Collections.unmodifiableMap(new LinkedHashMap<>(subflows));
    this.setting = setting;
    this.steps = List.copyOf(steps);
    this.expectation = expectation;
  }

  public String name() {
    return name;
  }

  public String file() {
    return file;
  }

  /// The line on which it begins.
  public int line() {
    return line;
  }

  /// The name of the flow that it is of, where it says so.
  public Optional<String> flow() {
    return flow;
  }

  /// The flow files that its flow may run, by sid, as the case names them.
  public Map<String, String> subflows() {
    return subflows;
  }

  Setting setting() {
    return setting;
  }

  List<Scripted> steps() {
    return steps;
  }

  Optional<Expectation> expectation() {
    return expectation;
  }
}
