package io.parley.workbench;

import io.parley.codec.CanonicalJson;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// What was found in files, as people, programs and code hosts read it.
public final class CheckReport {

  private CheckReport() {}

  /// A line for each finding, `file:line: severity code: sentence`, its remedy below, and a sum.
  public static String text(List<CheckedFile> files) {
    StringBuilder out = new StringBuilder();
    for (CheckedFile file : files) {
      for (Finding finding : file.findings()) {
        out.append(
            "%s:%d: %s %s: %s\n    %s\n"
                .formatted(
                    file.file(),
                    file.line(finding),
                    finding.severity().word(),
                    finding.code(),
                    finding.sentence(),
                    finding.remedy()));
      }
    }
    return out.append(sum(files)).append('\n').toString();
  }

  /// `2 files: 1 error, 3 warnings, 2 hints`.
  private static String sum(List<CheckedFile> files) {
    Map<Severity, Long> counts =
        files.stream()
            .flatMap(file -> file.findings().stream())
            .collect(Collectors.groupingBy(Finding::severity, Collectors.counting()));
    return "%s: %s, %s, %s"
        .formatted(
            counted(files.size(), "file"),
            counted(counts.getOrDefault(Severity.ERROR, 0L), "error"),
            counted(counts.getOrDefault(Severity.WARNING, 0L), "warning"),
            counted(counts.getOrDefault(Severity.INFO, 0L), "hint"));
  }

  private static String counted(long count, String noun) {
    return count + " " + noun + (count == 1 ? "" : "s");
  }

  /// `[{"file": ..., "findings": [{"code", "severity", "pointer", "line", "sentence",
  /// "remedy"}]}]`.
  public static String json(List<CheckedFile> files) {
    return CanonicalJson.printInOrder(
        files.stream()
            .map(
                file ->
                    object(
                        "file",
                        file.file(),
                        "findings",
                        file.findings().stream()
                            .map(
                                finding ->
                                    object(
                                        "code",
                                        finding.code(),
                                        "severity",
                                        finding.severity().word(),
                                        "pointer",
                                        finding.pointer(),
                                        "line",
                                        file.line(finding),
                                        "sentence",
                                        finding.sentence(),
                                        "remedy",
                                        finding.remedy()))
                            .toList()))
            .toList());
  }

  /// SARIF 2.1.0, with all rules, so that a code host can show what was looked for, too.
  public static String sarif(List<CheckedFile> files) {
    Map<String, Object> driver =
        object(
            "name",
            "parley flow check",
            "rules",
            Arrays.stream(Rule.values()).map(CheckReport::rule).toList());
    List<Map<String, Object>> results =
        files.stream()
            .flatMap(file -> file.findings().stream().map(finding -> result(file, finding)))
            .toList();
    return CanonicalJson.printInOrder(
        object(
            "$schema",
            "https://json.schemastore.org/sarif-2.1.0.json",
            "version",
            "2.1.0",
            "runs",
            List.of(
                object(
                    "tool",
                    object("driver", driver),
                    "columnKind",
                    "utf16CodeUnits",
                    "results",
                    results))));
  }

  private static Map<String, Object> rule(Rule rule) {
    return object(
        "id",
        rule.code(),
        "shortDescription",
        object("text", rule.summary()),
        "help",
        object("text", rule.remedy()),
        "defaultConfiguration",
        object("level", level(rule.severity())));
  }

  private static Map<String, Object> result(CheckedFile file, Finding finding) {
    return object(
        "ruleId",
        finding.code(),
        "level",
        level(finding.severity()),
        "message",
        object("text", finding.sentence() + ". " + finding.remedy()),
        "locations",
        List.of(
            object(
                "physicalLocation",
                object(
                    "artifactLocation",
                    object("uri", uri(file.file())),
                    "region",
                    object("startLine", file.line(finding))),
                "logicalLocations",
                List.of(object("fullyQualifiedName", finding.pointer(), "kind", "property")))));
  }

  /// A path as a relative URI: RFC 3986's unreserved characters and slashes stand for themselves.
  private static String uri(String path) {
    StringBuilder uri = new StringBuilder();
    for (byte unit : path.replace('\\', '/').getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (unit & 0xff);
      boolean plain = c < 0x80 && (Character.isLetterOrDigit(c) || "/-._~".indexOf(c) >= 0);
      uri.append(plain ? String.valueOf(c) : "%%%02X".formatted((int) c));
    }
    return uri.toString();
  }

  private static String level(Severity severity) {
    return switch (severity) {
      case ERROR -> "error";
      case WARNING -> "warning";
      case INFO -> "note";
    };
  }

  /// Keys and values in turn.
  private static Map<String, Object> object(Object... entries) {
    Map<String, Object> object = new LinkedHashMap<>();
    for (int i = 0; i < entries.length; i += 2) {
      object.put((String) entries[i], entries[i + 1]);
    }
    return object;
  }
}
