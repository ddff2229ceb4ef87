package io.parley.workbench.cases;

import io.parley.codec.CanonicalJson;
import io.parley.engine.Hop;
import io.parley.workbench.Walked.TakenExit;
import io.parley.workbench.cases.CaseResult.Failure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What came of cases, as people, programs and CI servers read it. The same results give the same
/// text.
public final class RunReport {

  private final List<CaseResult> results;
  private final List<String> flows;
  private final Coverage coverage;

  /// @param flows the names of the flows whose coverage is told, in order
  public RunReport(List<CaseResult> results, List<String> flows, Coverage coverage) {
    this.results = List.copyOf(results);
    this.flows = List.copyOf(flows);
    this.coverage = coverage;
  }

  // ---- for people

  /// A line for each case, more for one that failed, and which exits were never taken.
  public String text() {
    StringBuilder out = new StringBuilder();
    for (CaseResult result : results) {
      out.append(result.passed() ? "ok      " : "FAILED  ")
          .append(result.flowCase().name())
          .append(result.passed() ? "" : "  (" + place(result, result.flowCase().line()) + ")")
          .append('\n');
      failureLines(result).forEach(line -> out.append(("  " + line).stripTrailing()).append('\n'));
    }
    long failed = results.stream().filter(result -> !result.passed()).count();
    out.append(
        "%s: %d passed, %d failed\n"
            .formatted(count(results.size(), "case"), results.size() - failed, failed));
    flows.forEach(flow -> out.append(covered(flow)));
    return out.toString();
  }

  private String covered(String flow) {
    List<TakenExit> exits = coverage.exits(flow);
    long taken = exits.stream().filter(exit -> exit.count() > 0).count();
    StringBuilder out =
        new StringBuilder(
            "%s: %d of %s taken (%s)\n"
                .formatted(
                    flow,
                    taken,
                    count(exits.size(), "exit"),
                    percent(exits.isEmpty() ? 100 : 100.0 * taken / exits.size())));
    for (TakenExit exit : exits) {
      if (exit.count() == 0) {
        String next = exit.next().isEmpty() ? "end" : exit.next();
        out.append("  never: %s %s -> %s\n".formatted(exit.widget(), exit.event(), next));
      }
    }
    return out.toString();
  }

  /// Rounded down, so that 100 % is all.
  static String percent(double percent) {
    return (long) percent + " %";
  }

  private static String count(long count, String noun) {
    return count + " " + noun + (count == 1 ? "" : "s");
  }

  private static String place(CaseResult result, int line) {
    return result.flowCase().file() + ":" + line;
  }

  private static List<String> failureLines(CaseResult result) {
    List<String> lines = new ArrayList<>();
    int told = -1;
    for (Failure failure : result.failures()) {
      if (failure.step() != told) {
        lines.add(heading(failure));
        told = failure.step();
      }
      Mismatch mismatch = failure.mismatch();
      lines.add("  " + mismatch.key() + "  (" + place(result, mismatch.line()) + ")");
      mismatch.lines().forEach(line -> lines.add("    " + line));
    }
    if (!result.passed()) {
      lines.add("what happened:");
      for (int i = 0; i < result.acts().size(); i++) {
        Act act = result.acts().get(i);
        lines.add("  " + (i + 1) + ". " + cut(act.deed().title()));
        act.path().forEach(hop -> lines.add("       " + Expectation.hop(hop, 3)));
        act.warnings().forEach(it -> lines.add("       warning " + it.code() + " " + it.message()));
        act.refusal().ifPresent(it -> lines.add("       refused: " + it.sentence()));
      }
      lines.add("  " + result.standing().sentence());
    }
    return lines;
  }

  private static String heading(Failure failure) {
    return failure.step() == 0
        ? "in the whole case"
        : "in step " + failure.step() + ", " + cut(failure.title());
  }

  private static String cut(String text) {
    String line = text.replace('\n', ' ');
    return line.length() <= 80 ? line : line.substring(0, 79) + "…";
  }

  // ---- for programs

  /// A list with an object for each flow: its cases, and its exits as `flow draw --coverage` reads
  /// them.
  public String json() {
    return CanonicalJson.printInOrder(
        flows.stream()
            .map(
                flow -> {
                  List<CaseResult> its =
                      results.stream().filter(result -> result.flow().equals(flow)).toList();
                  Map<String, @Nullable Object> object = new LinkedHashMap<>();
                  object.put("flow", flow);
                  object.put("passed", its.stream().filter(CaseResult::passed).count());
                  object.put("failed", its.stream().filter(it -> !it.passed()).count());
                  object.put("cases", its.stream().map(RunReport::caseObject).toList());
                  object.put("exits", exits(flow));
                  return object;
                })
            .toList());
  }

  /// The exits alone, in the shape in which `flow draw --coverage` reads them.
  public String coverageJson() {
    return CanonicalJson.printInOrder(
        flows.stream()
            .map(
                flow -> {
                  Map<String, Object> object = new LinkedHashMap<>();
                  object.put("flow", flow);
                  object.put("exits", exits(flow));
                  return object;
                })
            .toList());
  }

  private List<Map<String, Object>> exits(String flow) {
    return coverage.exits(flow).stream()
        .map(
            exit -> {
              Map<String, Object> object = new LinkedHashMap<>();
              object.put("widget", exit.widget());
              object.put("event", exit.event());
              object.put("next", exit.next());
              object.put("count", exit.count());
              return object;
            })
        .toList();
  }

  private static Map<String, @Nullable Object> caseObject(CaseResult result) {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    object.put("case", result.flowCase().name());
    object.put("file", result.flowCase().file());
    object.put("line", result.flowCase().line());
    object.put("status", result.passed() ? "passed" : "failed");
    object.put("failures", result.failures().stream().map(RunReport::failureObject).toList());
    object.putAll(heardObject(result.heard()));
    object.putAll(standingObject(result.standing()));
    object.put(
        "steps",
        result.acts().stream()
            .map(
                act -> {
                  Map<String, @Nullable Object> step = new LinkedHashMap<>();
                  step.put("step", act.deed().written());
                  step.put("at", act.at().toString());
                  step.putAll(heardObject(new Heard(result.contact(), List.of(act), act.after())));
                  step.put("tags", act.tags());
                  step.put("refused", act.refusal().map(it -> it.word()).orElse(""));
                  step.putAll(standingObject(act.after()));
                  return step;
                })
            .toList());
    return object;
  }

  private static Map<String, Object> failureObject(Failure failure) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("step", failure.step());
    object.put("key", failure.mismatch().key());
    object.put("line", failure.mismatch().line());
    object.put("lines", failure.mismatch().lines());
    return object;
  }

  private static Map<String, @Nullable Object> heardObject(Heard heard) {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    object.put("path", heard.path().stream().map(RunReport::hopObject).toList());
    object.put("messages", heard.messages().stream().map(RunReport::messageObject).toList());
    object.put("requests", heard.requests().stream().map(Asked::written).toList());
    object.put(
        "warnings",
        heard.warnings().stream()
            .map(
                it -> {
                  Map<String, Object> warning = new LinkedHashMap<>();
                  warning.put("code", it.code());
                  warning.put("message", it.message());
                  return warning;
                })
            .toList());
    object.put(
        "outcomes",
        heard.outcomes().stream()
            .map(
                it -> {
                  Map<String, Object> outcome = new LinkedHashMap<>();
                  outcome.put("name", it.name());
                  outcome.put("properties", it.properties().entries());
                  return outcome;
                })
            .toList());
    return object;
  }

  private static Map<String, @Nullable Object> standingObject(Standing standing) {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    object.put("variables", standing.variables().entries());
    object.put("standing", standing.widget().orElse(""));
    object.put("waiting", standing.waiting());
    object.put("until", standing.until().map(Object::toString).orElse(""));
    object.put("ended", standing.result().orElse(""));
    object.put("blocked", standing.block().map(it -> it.word()).orElse(""));
    return object;
  }

  private static Map<String, Object> hopObject(Hop hop) {
    Map<String, Object> object = new LinkedHashMap<>();
    if (!hop.subflow().isEmpty()) {
      object.put("flow", hop.subflow());
    }
    object.put("widget", hop.widget());
    object.put("event", hop.event());
    object.put("next", hop.next());
    return object;
  }

  private static Map<String, Object> messageObject(Utterance message) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("widget", message.widget());
    object.put("from", message.from());
    object.put("to", message.to());
    if (message.template().isEmpty()) {
      object.put("body", message.body());
    } else {
      object.put("template", message.template());
      object.put("variables", message.variables().entries());
    }
    object.put("media", message.media());
    return object;
  }

  // ---- for CI servers

  /// JUnit's XML: a suite for each flow, no times, since no time passes.
  public String junit() {
    long failed = results.stream().filter(result -> !result.passed()).count();
    StringBuilder out = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    out.append(
        "<testsuites name=\"parley flow run\" tests=\"%d\" failures=\"%d\" errors=\"0\">\n"
            .formatted(results.size(), failed));
    for (String flow : flows) {
      List<CaseResult> its = results.stream().filter(it -> it.flow().equals(flow)).toList();
      out.append(
          "  <testsuite name=\"%s\" tests=\"%d\" failures=\"%d\" errors=\"0\" skipped=\"0\">\n"
              .formatted(
                  xml(flow), its.size(), its.stream().filter(result -> !result.passed()).count()));
      its.forEach(result -> out.append(testcase(result)));
      out.append("  </testsuite>\n");
    }
    return out.append("</testsuites>\n").toString();
  }

  private static String testcase(CaseResult result) {
    String open =
        "    <testcase name=\"%s\" classname=\"%s\" file=\"%s\" line=\"%d\""
            .formatted(
                xml(result.flowCase().name()),
                xml(result.flow()),
                xml(result.flowCase().file()),
                result.flowCase().line());
    if (result.passed()) {
      return open + "/>\n";
    }
    Failure first = result.failures().getFirst();
    return open
        + ">\n      <failure message=\"%s\" type=\"%s\">%s</failure>\n    </testcase>\n"
            .formatted(
                xml(heading(first) + ": " + first.mismatch().key()),
                xml(first.mismatch().key()),
                xml(String.join("\n", failureLines(result))));
  }

  /// What XML 1.0 cannot hold at all becomes a question mark.
  private static String xml(String text) {
    return text.codePoints()
        .mapToObj(
            point ->
                switch (point) {
                  case '<' -> "&lt;";
                  case '>' -> "&gt;";
                  case '&' -> "&amp;";
                  case '"' -> "&quot;";
                  case '\n', '\t' -> Character.toString(point);
                  default -> isXml(point) ? Character.toString(point) : "?";
                })
        .collect(Collectors.joining());
  }

  private static boolean isXml(int point) {
    return (point >= 0x20 && point <= 0xD7FF)
        || (point >= 0xE000 && point <= 0xFFFD)
        || point >= 0x10000;
  }
}
