package io.parley.verticles;

import io.parley.workbench.CheckReport;
import io.parley.workbench.CheckedFile;
import io.parley.workbench.FlowCheck;
import io.parley.workbench.Severity;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/// `parley flow check`.
@Command(
    name = "check",
    description = "Find what is wrong with flow files, and what will surprise their author.",
    mixinStandardHelpOptions = true)
final class FlowCheckCommand implements Callable<Integer> {

  enum Format {
    text,
    json,
    sarif
  }

  enum FailOn {
    error,
    warning,
    info
  }

  @ParentCommand private FlowCommand flow;

  @Parameters(paramLabel = "FILE", arity = "1..*")
  private List<Path> files;

  @Option(names = "--format", defaultValue = "text", description = "${COMPLETION-CANDIDATES}")
  private Format format;

  @Option(
      names = "--fail-on",
      defaultValue = "error",
      description = "the least finding that ends with status 1: ${COMPLETION-CANDIDATES}")
  private FailOn failOn;

  @Option(
      names = "--max-segments",
      paramLabel = "N",
      defaultValue = "" + FlowCheck.MAX_SEGMENTS,
      description = "segments of a message that are not remarked upon (${DEFAULT-VALUE})")
  private int maxSegments;

  @Override
  public Integer call() {
    return flow.terminal().withTexts(files, this::check);
  }

  private int check(List<String> texts) {
    List<CheckedFile> checked = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      checked.add(FlowCheck.check(files.get(i).toString(), texts.get(i), maxSegments));
    }
    flow.terminal()
        .print(
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
    return checked.stream().anyMatch(file -> file.has(least)) ? FlowTerminal.FOUND : ExitCode.OK;
  }
}
