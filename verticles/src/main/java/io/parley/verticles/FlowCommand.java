package io.parley.verticles;

import io.parley.codec.FlowDocument;
import io.parley.engine.flow.Flow;
import io.parley.engine.flow.FlowReading;
import io.parley.workbench.CheckReport;
import io.parley.workbench.CheckedFile;
import io.parley.workbench.Difference;
import io.parley.workbench.FlowCheck;
import io.parley.workbench.FlowDiff;
import io.parley.workbench.FlowDrawing;
import io.parley.workbench.FlowWalk;
import io.parley.workbench.FlowWalk.Plan;
import io.parley.workbench.FlowWalk.Unsupported;
import io.parley.workbench.Severity;
import io.parley.workbench.WalkReport;
import io.parley.workbench.Walked;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `parley flow check|draw|walk|export|diff`: flow files as code. Needs no database and no
/// settings. What is printed is UTF-8 whatever the terminal's locale, as files of it are made.
@Command(
    name = "flow",
    description = "Check, draw, try out, format and compare flow files.",
    mixinStandardHelpOptions = true)
final class FlowCommand {

  /// Something is wrong with what was looked at, as opposed to how it was asked for.
  private static final int FOUND = 1;

  enum CheckFormat {
    text,
    json,
    sarif
  }

  enum DrawFormat {
    mermaid,
    svg
  }

  enum WalkFormat {
    text,
    json
  }

  enum FailOn {
    error,
    warning,
    info
  }

  private final PrintStream out;
  private final PrintStream err;

  FlowCommand() {
    this(System.out, System.err);
  }

  FlowCommand(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  @Command(
      description = "Find what is wrong with flow files, and what will surprise their author.",
      mixinStandardHelpOptions = true)
  int check(
      @Parameters(paramLabel = "FILE", arity = "1..*") List<Path> files,
      @Option(names = "--format", defaultValue = "text", description = "${COMPLETION-CANDIDATES}")
          CheckFormat format,
      @Option(
              names = "--fail-on",
              defaultValue = "error",
              description = "the least finding that ends with status 1: ${COMPLETION-CANDIDATES}")
          FailOn failOn) {
    return withTexts(
        files,
        texts -> {
          List<CheckedFile> checked = new ArrayList<>();
          for (int i = 0; i < texts.size(); i++) {
            checked.add(FlowCheck.check(files.get(i).toString(), texts.get(i)));
          }
          print(
              switch (format) {
                case text -> CheckReport.text(checked);
                case json -> CheckReport.json(checked);
                case sarif -> CheckReport.sarif(checked);
              });
          Severity least =
              switch (failOn) {
                case error -> Severity.ERROR;
                case warning -> Severity.WARNING;
                case info -> Severity.INFO;
              };
          return checked.stream().anyMatch(file -> file.has(least)) ? FOUND : ExitCode.OK;
        });
  }

  @Command(description = "Draw a flow.", mixinStandardHelpOptions = true)
  int draw(
      @Parameters(paramLabel = "FILE") Path file,
      @Option(
              names = "--format",
              defaultValue = "mermaid",
              description = "${COMPLETION-CANDIDATES}")
          DrawFormat format) {
    return withFlows(
        List.of(file),
        flows -> {
          print(
              switch (format) {
                case mermaid -> FlowDrawing.mermaid(flows.getFirst());
                case svg -> FlowDrawing.svg(name(file), flows.getFirst());
              });
          return ExitCode.OK;
        });
  }

  @Command(
      description = "Hold random conversations with flows, and say which exits they took.",
      mixinStandardHelpOptions = true)
  int walk(
      @Parameters(paramLabel = "FILE", arity = "1..*") List<Path> files,
      @Option(
              names = "--runs",
              defaultValue = "1000",
              description = "conversations with each flow (${DEFAULT-VALUE})")
          int runs,
      @Option(
              names = "--seed",
              defaultValue = "1",
              description = "the same seed gives the same conversations (${DEFAULT-VALUE})")
          long seed,
      @Option(
              names = "--pass-unsupported",
              description = "go on behind widgets that Parley does not run, by any of their exits")
          boolean pass,
      @Option(names = "--format", defaultValue = "text", description = "${COMPLETION-CANDIDATES}")
          WalkFormat format) {
    return withFlows(
        files,
        flows -> {
          Plan plan = new Plan(runs, seed, pass ? Unsupported.PASSES : Unsupported.ENDS);
          List<Walked> walks = new ArrayList<>();
          for (int i = 0; i < flows.size(); i++) {
            walks.add(FlowWalk.walk(name(files.get(i)), flows.get(i), plan));
          }
          print(
              switch (format) {
                case text -> WalkReport.text(walks);
                case json -> WalkReport.json(walks);
              });
          return walks.stream().allMatch(it -> it.crashes().isEmpty()) ? ExitCode.OK : FOUND;
        });
  }

  @Command(
      description = {
        "Print a flow file in the one form that diffs well.",
        "An export of before 2020 comes out in today's form."
      },
      mixinStandardHelpOptions = true)
  int export(
      @Parameters(paramLabel = "FILE") Path file,
      @Option(names = "--write", description = "into the file itself") boolean write) {
    return withDocuments(
        List.of(file),
        documents -> {
          String canonical = documents.getFirst().upgraded().canonical();
          if (!write) {
            print(canonical);
            return ExitCode.OK;
          }
          try {
            Files.writeString(file, canonical);
            return ExitCode.OK;
          } catch (IOException e) {
            err.println("cannot write " + file + ": " + e);
            return ExitCode.USAGE;
          }
        });
  }

  @Command(
      description = "Say in words how two flow files differ; status 1 if they do.",
      mixinStandardHelpOptions = true)
  int diff(
      @Parameters(paramLabel = "BEFORE") Path before,
      @Parameters(paramLabel = "AFTER") Path after) {
    return withDocuments(
        List.of(before, after),
        documents -> {
          List<Difference> differences =
              FlowDiff.between(documents.getFirst(), documents.getLast());
          differences.forEach(it -> print(it + "\n"));
          return differences.isEmpty() ? ExitCode.OK : FOUND;
        });
  }

  private void print(String text) {
    out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  private static String name(Path file) {
    return file.getFileName().toString().replaceFirst("\\.json$", "");
  }

  private int withTexts(List<Path> files, Function<List<String>, Integer> use) {
    List<String> texts = new ArrayList<>();
    for (Path file : files) {
      try {
        texts.add(Files.readString(file));
      } catch (IOException e) {
        err.println("cannot read " + file + ": " + e);
        return ExitCode.USAGE;
      }
    }
    return use.apply(texts);
  }

  private int withDocuments(List<Path> files, Function<List<FlowDocument>, Integer> use) {
    return withTexts(
        files,
        texts -> {
          List<FlowDocument> documents = new ArrayList<>();
          for (int i = 0; i < texts.size(); i++) {
            switch (FlowDocument.parse(texts.get(i))) {
              case FlowDocument.Parsing.Parsed(var document) -> documents.add(document);
              case FlowDocument.Parsing.Unreadable(var problem) -> {
                err.println(files.get(i) + " " + problem.message());
                return FOUND;
              }
            }
          }
          return use.apply(documents);
        });
  }

  private int withFlows(List<Path> files, Function<List<Flow>, Integer> use) {
    return withDocuments(
        files,
        documents -> {
          List<Flow> flows = new ArrayList<>();
          for (int i = 0; i < documents.size(); i++) {
            switch (documents.get(i).reading()) {
              case FlowReading.Valid(var flow, var _) -> flows.add(flow);
              case FlowReading.Invalid(var problems) -> {
                String file = files.get(i).toString();
                problems.forEach(
                    it -> err.println(file + ": " + it.propertyPath() + " " + it.message()));
                return FOUND;
              }
            }
          }
          return use.apply(flows);
        });
  }
}
